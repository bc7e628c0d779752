/* A small program on ui/term.h alone, for tests/screen/term_test.c: it shows a canvas of known
 * lines and a log of what it was given. Keys: "r" draws anew, "b" rings, "y" copies, "Y" too much,
 * "z" suspends,
 * "e" shows a field for text, "A" aborts, "q" quits. Others are only shown. */
#include "config.h"

#include "base/err.h"
#include "base/loop.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "ui/field.h"
#include "ui/keys.h"
#include "ui/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOG_BYTES 60

struct probe {
    struct loop *loop;
    struct term *term;
    struct text_field *field; /* while text is typed */
    char *log;                /* the last inputs, in words */
    long long frames;
    bool stale;
    bool tells_early; /* keys typed before the picture was out are noted as such */
};

/* Counts at the door to the kernel: a symbol of the program comes before libc's. */
static long long tty_writes;

ssize_t write(int fd, const void *bytes, size_t length) {
    tty_writes += isatty(fd) ? 1 : 0;
    return syscall(SYS_write, fd, bytes, length);
}

/* What is read from here on is later than the frame, for the clock too. */
static void let_time_pass(const struct probe *probe) {
    int64_t seen_ms = term_seen_ms(probe->term);

    while (seen_ms != INT64_MAX && time_boot_ms() <= seen_ms) {
        /* It is a millisecond at most. */
    }
}

static void draw(void *data) {
    struct probe *probe = data;
    int rows, cols;

    if (!probe->stale) {
        return;
    }
    probe->stale = false;
    term_size(probe->term, &rows, &cols);
    struct canvas *canvas = canvas_new(probe, rows, cols, term_is_ascii(probe->term));
    struct area area = canvas_area(canvas);
    canvas_putf(canvas, area, 0, 0, ROLE_TITLE, "PROBE %dx%d frames %lld writes %lld", rows, cols,
                probe->frames, tty_writes);
    canvas_put(canvas, area, 1, 0, ROLE_OK, "✓ done");
    canvas_put(canvas, area, 1, 10, ROLE_LATE, "► LATE");
    canvas_put(canvas, area, 1, 20, ROLE_TEXT, "José 日本");
    canvas_rule(canvas, area, 2, "INPUT");
    canvas_put(canvas, area, 3, 0, ROLE_TEXT, probe->log);
    if (probe->field != NULL) {
        canvas_put(canvas, area, 4, 0, ROLE_KEY, "text:");
        field_draw(probe->field, canvas, area, 4, 6, 20, ROLE_PROMPT);
    }
    canvas_put_right(canvas, area, rows - 1, -1, ROLE_DIM, "corner");
    probe->frames++;
    term_expect(probe->term);
    term_show(probe->term, canvas);
    let_time_pass(probe);
    talloc_free(canvas);
}

/* The last LOG_BYTES of it stay. */
static void note(struct probe *probe, const char *kind, const char *word) {
    char *log = xtalloc_asprintf(probe, "%s %s%s", probe->log, kind, word);
    size_t length = strlen(log);

    talloc_free(probe->log);
    probe->log = xtalloc_strdup(probe, length > LOG_BYTES ? log + length - LOG_BYTES : log);
    talloc_free(log);
}

/* ---- what the keys do ------------------------------------------------------------------------ */

static void redraw(struct probe *probe) {
    term_redraw(probe->term);
}

static void ring(struct probe *probe) {
    term_bell(probe->term);
}

static void notify(struct probe *probe) {
    term_notify(probe->term, NOTIFY_OFF, "nothing");
    term_notify(probe->term, NOTIFY_OSC9, "INC-1 it\033]0;burns\a");
    char *text = xtalloc_zero_array(probe, char, 2 * TERM_MESSAGE_CELLS + 1);
    memset(text, 'b', 2 * TERM_MESSAGE_CELLS);
    memcpy(text, "a;", 2);
    term_notify(probe->term, NOTIFY_OSC777, text);
    talloc_free(text);
}

static void copy(struct probe *probe) {
    term_copy(probe->term, "copied words");
}

/* 3 bytes more than are taken: base64 turns each 3 into 4. */
static void copy_much(struct probe *probe) {
    char *text = xtalloc_zero_array(probe, char, TERM_COPY_MAX + 4);
    memset(text, 'a', TERM_COPY_MAX + 3);
    term_copy(probe->term, text);
    talloc_free(text);
}

static void suspend(struct probe *probe) {
    term_suspend(probe->term);
}

static void edit(struct probe *probe) {
    probe->field = field_new(probe);
}

static void crash(struct probe *probe) {
    (void)probe;
    abort();
}

static void quit(struct probe *probe) {
    loop_stop(probe->loop);
}

static const struct {
    const char *name;
    void (*act)(struct probe *probe);
} acts[] = {
    {"r", redraw},  {"b", ring}, {"M", notify}, {"y", copy}, {"Y", copy_much},
    {"z", suspend}, {"e", edit}, {"A", crash},  {"q", quit},
};

static void act(struct probe *probe, const char *name) {
    for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
        if (strcmp(acts[i].name, name) == 0) {
            acts[i].act(probe);
        }
    }
}

/* ---- inputs ---------------------------------------------------------------------------------- */

static void take_key(struct probe *probe, const struct input *input) {
    char *name = key_label(probe, input->key);

    if (probe->field != NULL && input->key == KEY_NAME_ENTER) {
        note(probe, "typed:", field_text(probe->field));
        talloc_free(probe->field);
        probe->field = NULL;
    } else if (probe->field == NULL || !field_key(probe->field, input->key)) {
        bool early = probe->tells_early && input->at_ms <= term_seen_ms(probe->term);
        note(probe, early ? "early:" : "", name);
        act(probe, name);
    }
    talloc_free(name);
}

static void take_paste(struct probe *probe, const struct input *input) {
    if (probe->field != NULL) {
        field_paste(probe->field, input->text);
        return;
    }
    note(probe, "paste:", input->text);
}

static void take_resize(struct probe *probe, const struct input *input) {
    (void)input;
    note(probe, "resize", "");
}

static void take_hangup(struct probe *probe, const struct input *input) {
    (void)input;
    loop_stop(probe->loop);
}

static void (*const takers[])(struct probe *probe, const struct input *input) = {
    [INPUT_KEY] = take_key,
    [INPUT_PASTE] = take_paste,
    [INPUT_RESIZE] = take_resize,
    [INPUT_HANGUP] = take_hangup,
};

static void ready(void *data) {
    struct probe *probe = data;
    struct input input;

    while (term_input(probe->term, &input)) {
        takers[input.kind](probe, &input);
        probe->stale = true;
    }
}

static bool is_given(char **argv, const char *option) {
    return argv[1] != NULL && strcmp(argv[1], option) == 0;
}

static int refuse(const struct err *err) {
    char *sentence = err_sentence(NULL, err);

    printf("refused %d: %s\n", (int)err->code, sentence);
    talloc_free(sentence);
    return (int)err->code;
}

static int run(struct probe *probe, const struct term_options *options) {
    struct err *err = err_new(probe);

    probe->loop = loop_new(probe, err);
    if (probe->loop == NULL ||
        !term_open(probe, probe->loop, options, ready, probe, &probe->term, err)) {
        return refuse(err);
    }
    loop_run(probe->loop, draw, probe);
    talloc_free(probe->term);
    printf("probe ended\n");
    return 0;
}

int main(int argc, char **argv) {
    struct probe *probe = xtalloc_zero(NULL, struct probe);
    const struct term_options options = {
        .ascii = is_given(argv, "--ascii"),
        .no_color = getenv("NO_COLOR") != NULL,
    };

    (void)argc;
    probe->log = xtalloc_strdup(probe, "");
    probe->stale = true;
    probe->tells_early = is_given(argv, "--early");
    int status = run(probe, &options);
    talloc_free(probe);
    return status;
}
