#include "config.h"

#include "ui/listen.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "ui/decode.h"

#define READ_BYTES 4096
#define READ_TURN  65536 /* bytes taken in one turn of the loop */

struct listener {
    struct tty *tty;
    struct typing *typing;
    struct decoder *decoder;
    struct loop_timer *expiry; /* of a sequence begun */
    struct loop_timer *wake;
    term_ready_fn *ready;
    void *data;
    bool gone;
};

/* An input is stamped when it is read, which may be several times in one turn of the loop. */
int64_t listener_now_ms(void) {
    return time_boot_ms();
}

static void on_wake(void *data, int64_t now_ms) {
    struct listener *listener = data;

    (void)now_ms;
    listener->ready(listener->data);
}

static void on_expiry(void *data, int64_t now_ms) {
    struct listener *listener = data;

    decoder_expire(listener->decoder, listener_now_ms());
    on_wake(listener, now_ms);
}

static int close_listener(struct listener *listener) {
    talloc_free(listener->expiry);
    talloc_free(listener->wake);
    return 0;
}

struct listener *listener_new(const void *parent, struct loop *loop, struct tty *tty,
                              term_ready_fn *ready, void *data) {
    struct listener *listener = xtalloc_zero(parent, struct listener);

    listener->tty = tty;
    listener->ready = ready;
    listener->data = data;
    listener->typing = typing_new(listener);
    listener->decoder = decoder_new(listener, listener->typing);
    listener->expiry = loop_timer(loop, on_expiry, listener);
    listener->wake = loop_timer(loop, on_wake, listener);
    talloc_set_destructor(listener, close_listener);
    return listener;
}

static void arm_expiry(struct listener *listener) {
    int64_t wait_ms = decoder_wait_ms(listener->decoder);

    if (wait_ms < 0) {
        loop_timer_stop(listener->expiry);
    } else {
        loop_timer_set(listener->expiry, wait_ms);
    }
}

bool listener_read(struct listener *listener) {
    char bytes[READ_BYTES];
    ptrdiff_t got = 0;
    size_t total = 0;

    while (total < READ_TURN && (got = tty_read(listener->tty, bytes, sizeof(bytes))) > 0) {
        decoder_feed(listener->decoder, bytes, (size_t)got, listener_now_ms());
        total += (size_t)got;
    }
    if (total > 0) {
        arm_expiry(listener);
    }
    if (got < 0 && !listener->gone) {
        listener->gone = true;
        typing_add(listener->typing, INPUT_HANGUP);
    }
    return !listener->gone;
}

void listener_add(struct listener *listener, enum input_kind kind) {
    typing_add(listener->typing, kind);
    listener_wake(listener);
}

bool listener_next(struct listener *listener, struct input *input) {
    return typing_next(listener->typing, input);
}

void listener_wake(struct listener *listener) {
    if (!typing_is_empty(listener->typing)) {
        loop_timer_set(listener->wake, 0);
    }
}

bool listener_report(struct listener *listener, int *row, int *col) {
    return decoder_report(listener->decoder, row, col);
}
