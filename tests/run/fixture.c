#include "config.h"

#include "tests/run/fixture.h"

#include "base/text.h"
#include "run/environment.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int bench_setup(void **state) {
    struct bench *bench = xtalloc_zero(NULL, struct bench);
    const char *parent = getenv("TMPDIR");
    bench->err = err_new(bench);
    bench->path = xtalloc_asprintf(bench, "%s/backout-run-XXXXXX", parent ? parent : "/tmp");
    assert_true(text_init() && digest_init());
    assert_non_null(mkdtemp(bench->path));
    assert_true(folder_open(bench, bench->path, BENCH_RUN, true, &bench->folder, bench->err));
    bench->loop = loop_new(bench, bench->err);
    assert_non_null(bench->loop);
    bench->redact = redact_new(bench);
    assert_true(exec_adopt(bench->err));
    *state = bench;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

int bench_teardown(void **state) {
    struct bench *bench = *state;
    nftw(bench->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    talloc_free(bench);
    return 0;
}

void wait_until(bool (*is_so)(void *data), void *data) {
    int64_t end_ms = time_boot_ms() + LIMIT_MS;
    while (!is_so(data)) {
        const struct timespec pause = {.tv_nsec = 2000000};
        assert_true(time_boot_ms() < end_ms);
        nanosleep(&pause, NULL);
    }
}

char *file_text(const void *parent, const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    size_t room = 4096, length = 0, got;
    char *text = xtalloc_array(parent, char, room);
    while ((got = fread(text + length, 1, room - 1 - length, file)) > 0) {
        length += got;
        if (room - 1 == length)
            text = xtalloc_realloc(parent, text, char, room *= 2);
    }
    fclose(file);
    text[length] = '\0';
    return text;
}

void file_write(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

char *output_text(const void *parent, const struct bench *bench) {
    struct run_output *output = run_output_open(bench, bench->path, BENCH_RUN);
    run_output_poll(output);
    char *text = xtalloc_strdup(parent, "");
    for (size_t i = 0; i < run_output_count(output); i++) {
        struct run_line line = run_output_line(output, i);
        text =
            xtalloc_check(talloc_asprintf_append_buffer(text, "%c %s\n", line.stream, line.text));
    }
    talloc_free(output);
    return text;
}

struct launch shell_launch(const void *parent, const char *script) {
    static const struct pair *const none[] = {NULL};
    const char **argv = xtalloc_zero_array(parent, const char *, 4);
    argv[0] = "/bin/sh";
    argv[1] = "-c";
    argv[2] = script;
    return (struct launch){.argv = argv, .environment = environment_make(parent, none)};
}

struct exec_end bench_shell(struct bench *bench, const char *script,
                            const struct exec_limits *limits) {
    struct launch launch = shell_launch(bench, script);
    launch.input = bench->input;
    struct capture *capture;
    struct exec *exec;
    assert_true(
        capture_open(bench, bench->folder, CAPTURE_OUTPUT, bench->redact, &capture, bench->err));
    assert_true(
        exec_start(bench, bench->loop, &launch, limits, capture_sink(capture), &exec, bench->err));
    int64_t end_ms = time_boot_ms() + LIMIT_MS;
    while (!exec_over(exec)) {
        assert_true(time_boot_ms() < end_ms);
        loop_turn(bench->loop, SECOND_MS);
    }
    struct exec_end end = exec_end(exec);
    capture_close(capture, time_now_ms());
    talloc_free(exec);
    talloc_free(capture);
    return end;
}
