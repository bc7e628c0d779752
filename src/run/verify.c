#include "config.h"

#include "run/verify.h"

#include "base/xtalloc.h"
#include "run/tries.h"

#include <string.h>

struct verify {
    struct loop *loop;
    const struct launch *launch;
    struct verify_limits limits;
    struct capture *capture;
    const struct folder *folder;

    struct loop_timer *deadline; /* no try begins after it */
    struct loop_timer *pace;     /* the next one may begin */
    bool late, due;
    struct exec *exec; /* NULL between tries */
    struct tries tries;
    bool judged;         /* a try could be executed and ended by itself */
    const char *verdict; /* static */
    char *reason;
};

static void say(struct verify *verify, char *reason) {
    talloc_free(verify->reason);
    verify->reason = reason;
}

static void end_try(struct verify *verify) {
    struct exec_end end = exec_end(verify->exec);
    TALLOC_FREE(verify->exec);
    capture_flush(verify->capture, loop_now_ms(verify->loop));
    bool exited = strcmp(end.ended, "exited") == 0;
    const char *last = capture_last(verify->capture);
    say(verify, xtalloc_asprintf(verify, "%s%s %lld%s%s", exited ? "exit status" : end.ended,
                                 exited ? "" : ", status", (long long)end.status,
                                 *last != '\0' ? ": " : "", last));
    if (exited)
        verify->judged = true;
    if (exited && end.status == 0)
        verify->verdict = "passed";
}

static void begin_try(struct verify *verify) {
    struct err *err = err_new(verify);
    verify->due = false;
    loop_timer_set(verify->pace, verify->limits.every_ms);
    verify->tries.count++;
    verify->tries.last_ms = loop_now_ms(verify->loop);
    tries_write(verify->folder, &verify->tries);
    capture_remark(verify->capture, err_fmt(err, "try %lld", (long long)verify->tries.count),
                   verify->tries.last_ms);
    if (!exec_start(verify, verify->loop, verify->launch, &verify->limits.each,
                    capture_sink(verify->capture), &verify->exec, err))
        say(verify, err_sentence(verify, err));
    talloc_free(err);
}

bool verify_turn(struct verify *verify) {
    if (verify->verdict == NULL && verify->exec != NULL && exec_over(verify->exec))
        end_try(verify);
    if (verify->verdict == NULL && verify->exec == NULL) {
        if (verify->late && verify->tries.count > 0)
            verify->verdict = verify->judged ? "not_yet" : "broken";
        else if (verify->due)
            begin_try(verify);
    }
    return verify->verdict == NULL;
}

static void at_deadline(void *data, int64_t now_ms) {
    struct verify *verify = data;
    (void)now_ms;
    verify->late = true;
}

static void at_pace(void *data, int64_t now_ms) {
    struct verify *verify = data;
    (void)now_ms;
    verify->due = true;
}

static int free_timers(struct verify *verify) {
    talloc_free(verify->deadline);
    talloc_free(verify->pace);
    return 0;
}

struct verify *verify_start(const void *parent, struct loop *loop, const struct launch *launch,
                            const struct verify_limits *limits, struct capture *capture,
                            const struct folder *folder) {
    struct verify *verify = xtalloc_zero(parent, struct verify);
    verify->loop = loop;
    verify->launch = launch;
    verify->limits = *limits;
    verify->capture = capture;
    verify->folder = folder;
    verify->reason = xtalloc_strdup(verify, "");
    verify->deadline = loop_timer(loop, at_deadline, verify);
    verify->pace = loop_timer(loop, at_pace, verify);
    talloc_set_destructor(verify, free_timers);
    loop_timer_set(verify->deadline, limits->within_ms);
    verify->due = true;
    return verify;
}

void verify_stop(struct verify *verify, const char *reason) {
    if (verify->verdict != NULL)
        return;
    TALLOC_FREE(verify->exec);
    say(verify, xtalloc_strdup(verify, reason));
    verify->verdict = "broken";
}

const char *verify_verdict(const struct verify *verify) {
    return verify->verdict;
}

const char *verify_reason(const struct verify *verify) {
    return verify->reason;
}
