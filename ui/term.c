#include "config.h"

#include "ui/term.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/ability.h"
#include "ui/listen.h"
#include "ui/paint.h"
#include "ui/terminfo.h"
#include "ui/tty.h"

#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* How long an answer may take, and how long is waited for it when the terminal is given back. Later
 * ones are keys: shift-F3 looks the same. */
#define ANSWER_MS      3000
#define ANSWER_WAIT_MS 150

/* Where neither the line nor terminfo knows. */
#define USUAL_ROWS 24
#define USUAL_COLS 80

struct term {
    struct loop *loop;
    struct tty *tty;
    struct listener *listener;
    struct loop_watch *watch;

    struct looks *looks;
    struct pen *pen;
    int rows, cols;
    struct canvas *shown; /* what the terminal shows */
    struct canvas *next;  /* what it is to show, once the line takes it */
    bool waits;           /* there is a next one */
    bool anew;            /* trust nothing that is on the screen */
    bool unseen;          /* a frame is on its way */
    enum { EXPECTED_NOTHING, EXPECTED_NEXT, EXPECTED_ON_THE_LINE } expected;
    int64_t seen_ms; /* the line had taken what was expected last */

    char *enter, *leave;
    bool ansi; /* speaks ECMA-48, so that it understands or passes over what terminfo lacks */
    bool ascii;
    bool seven_bits; /* bytes over 127 could mean anything there */
    bool clipboard;
    bool asked; /* the answer is still to come */
    int64_t asked_ms;
    bool gone;
};

static const char what_failed[] = "can't show the console";
static const char line_mode[] = "use line mode: backout status";
static const char bracketed_paste_on[] = "\033[?2004h";
static const char bracketed_paste_off[] = "\033[?2004l";

/* ---- what terminal it is --------------------------------------------------------------------- */

/* Without an alternate screen the shell goes on below what is there. */
static char *bytes_to_leave(struct term *term) {
    char *alternate = terminfo_bytes(term, "rmcup");
    const char *below = *alternate == '\0' && term->ansi ? "\033[999B\r\n" : "";
    char *leave = xtalloc_asprintf(term, "%s%s%s%s%s", term->ansi ? bracketed_paste_off : "",
                                   terminfo_bytes(alternate, "sgr0"), below, alternate,
                                   terminfo_bytes(alternate, "cnorm"));

    talloc_free(alternate);
    return leave;
}

static char *bytes_to_enter(struct term *term) {
    char *alternate = terminfo_bytes(term, "smcup");
    char *enter = xtalloc_asprintf(term, "%s%s", alternate, term->ansi ? bracketed_paste_on : "");

    talloc_free(alternate);
    return enter;
}

static void find_abilities(struct term *term, const struct term_options *options) {
    char *clear = terminfo_bytes(term, "clear");
    const char *name = getenv("TERM");

    term->ansi = strncmp(clear, "\033[", 2) == 0;
    term->seven_bits = !ability_is_utf8();
    term->ascii = options->ascii || term->seven_bits || ability_is_console(name);
    term->clipboard = term->ansi && !ability_is_console(name);
    term->asked = !term->ascii && term->ansi;
    term->enter = bytes_to_enter(term);
    term->leave = bytes_to_leave(term);
    talloc_free(clear);
}

static enum theme_depth find_depth(bool colors_wanted) {
    char *color = terminfo_color(NULL, 1);
    bool has = *color != '\0';
    int colors = has && colors_wanted ? terminfo_number("colors") : 0;

    talloc_free(color);
    return theme_depth_of(colors, terminfo_flag("RGB") || terminfo_number("RGB") > 0);
}

static bool read_terminfo(struct err *err) {
    const char *name = getenv("TERM");

    if (name == NULL || *name == '\0') {
        return err_set(err, ERR_UNAVAILABLE, what_failed, "TERM is not set", line_mode);
    }
    return terminfo_read(name) ||
           err_set(err, ERR_UNAVAILABLE, what_failed,
                   err_fmt(err, "TERM=%s is unknown here, or can't place its cursor", name),
                   line_mode);
}

/* ---- input ----------------------------------------------------------------------------------- */

static void lose(struct term *term) {
    term->gone = true;
    talloc_free(term->watch);
    term->watch = NULL;
    listener_wake(term->listener);
}

static bool awaits_answer(const struct term *term) {
    return term->asked && listener_now_ms() - term->asked_ms < ANSWER_MS;
}

static void take_answer(struct term *term) {
    int row, col;

    if (listener_report(term->listener, &row, &col) && awaits_answer(term)) {
        term->asked = false;
        if (!ability_is_one_cell_each(col)) {
            term->ascii = true;
            term->anew = true;
            listener_add(term->listener, INPUT_RESIZE);
        }
    }
}

static void hear(struct term *term) {
    bool there = listener_read(term->listener);

    take_answer(term);
    if (!there) {
        lose(term);
    }
}

bool term_input(struct term *term, struct input *input) {
    return listener_next(term->listener, input);
}

/* ---- output ---------------------------------------------------------------------------------- */

/* Keys that waited in the kernel until the frame was out were meant for the one before. */
static void note_shown(struct term *term) {
    hear(term);
    if (term->expected == EXPECTED_ON_THE_LINE) {
        term->expected = EXPECTED_NOTHING;
        term->seen_ms = listener_now_ms();
    }
    listener_wake(term->listener);
}

/* What is there is wiped, so the next frame differs from nothing. */
static void forget_screen(struct term *term) {
    if (!term->waits) {
        canvas_swap(term->next, term->shown);
        term->waits = true;
    }
    talloc_free(term->shown);
    term->shown = canvas_new(term, term->rows, term->cols, term->ascii);
    pen_clear(term->pen);
    term->anew = false;
}

/* One that was drawn for another size is dropped: the INPUT_RESIZE that asks for the right one is
 * on its way. */
static bool fits(const struct term *term, const struct canvas *canvas) {
    struct area area = canvas_area(canvas);

    return area.rows == term->rows && area.cols == term->cols;
}

/* False while the line takes no new frame, or there is none. */
static bool make_frame(struct term *term) {
    size_t length;

    if ((!term->waits && !term->anew) || tty_is_busy(term->tty)) {
        return false;
    }
    if (!fits(term, term->waits ? term->next : term->shown)) {
        term->waits = false;
        return false;
    }
    if (term->anew) {
        forget_screen(term);
    }
    paint(term->pen, term->looks, term->next, term->shown);
    const char *bytes = pen_take(term->pen, &length);
    tty_send(term->tty, bytes, length);
    canvas_swap(term->shown, term->next);
    term->waits = false;
    term->unseen = true;
    if (term->expected == EXPECTED_NEXT) {
        term->expected = EXPECTED_ON_THE_LINE;
    }
    return true;
}

static void flush(struct term *term) {
    if (term->gone) {
        return;
    }
    do {
        if (!tty_drain(term->tty)) {
            return; /* the next read finds that it is gone */
        }
    } while (make_frame(term));
    bool busy = tty_is_busy(term->tty);
    loop_watch_events(term->watch, busy ? POLLIN | POLLOUT : POLLIN);
    if (term->unseen && !busy) {
        term->unseen = false;
        note_shown(term);
    }
}

static void on_tty(void *data, int fd, short revents) {
    struct term *term = data;

    (void)fd;
    if (revents & ~POLLOUT) {
        hear(term);
    }
    if (revents & POLLOUT) {
        flush(term);
    }
    listener_wake(term->listener);
}

void term_show(struct term *term, struct canvas *canvas) {
    canvas_swap(term->next, canvas);
    term->waits = true;
    flush(term);
    if (!term->waits) {
        canvas_swap(term->next, canvas);
    }
}

void term_expect(struct term *term) {
    term->expected = EXPECTED_NEXT;
    term->seen_ms = INT64_MAX;
}

int64_t term_seen_ms(const struct term *term) {
    return term->seen_ms;
}

void term_redraw(struct term *term) {
    term->anew = true;
    flush(term);
}

/* Behind what is still on its way: a slow line is no reason to be silent. */
void term_bell(struct term *term) {
    tty_send(term->tty, "\a", 1);
    flush(term);
}

/* A ';' parts the fields of such a sequence. */
static char *message_text(const void *parent, const char *text) {
    char *clean = text_clean(parent, text, strlen(text));
    clean[text_fit(clean, TERM_MESSAGE_CELLS, NULL)] = '\0';
    for (char *at = clean; (at = strchr(at, ';')) != NULL;) {
        *at = ',';
    }
    return clean;
}

void term_notify(struct term *term, enum notify how, const char *text) {
    static const char *const starts[] = {
        [NOTIFY_OSC9] = "\033]9;", [NOTIFY_OSC777] = "\033]777;notify;backout;"};

    if (how == NOTIFY_OFF) {
        return;
    }
    char *message = message_text(term, text);
    char *bytes = xtalloc_asprintf(message, "%s%s\a", starts[how], message);
    tty_send(term->tty, bytes, strlen(bytes));
    talloc_free(message);
    flush(term);
}

void term_copy(struct term *term, const char *text) {
    size_t length = strnlen(text, TERM_COPY_MAX);
    size_t size = sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_ORIGINAL);

    if (!term->clipboard) {
        return;
    }
    char *base64 = xtalloc_array(term, char, size);
    sodium_bin2base64(base64, size, (const unsigned char *)text, length,
                      sodium_base64_VARIANT_ORIGINAL);
    char *bytes = xtalloc_asprintf(base64, "\033]52;c;%s\a", base64);
    tty_send(term->tty, bytes, strlen(bytes));
    talloc_free(base64);
    flush(term);
}

/* ---- size, stop and go ----------------------------------------------------------------------- */

static int size_or(int said, int usual) {
    return said > 0 ? said : usual;
}

/* False when it is the size it was. */
static bool take_size(struct term *term) {
    int rows = term->rows, cols = term->cols;

    if (!tty_size(term->tty, &term->rows, &term->cols) && rows == 0) {
        /* A serial line knows no size. */
        term->rows = size_or(terminfo_number("lines"), USUAL_ROWS);
        term->cols = size_or(terminfo_number("cols"), USUAL_COLS);
    }
    if (rows == term->rows && cols == term->cols) {
        return false;
    }
    pen_resize(term->pen, term->rows, term->cols);
    return true;
}

void term_size(const struct term *term, int *rows, int *cols) {
    *rows = term->rows;
    *cols = term->cols;
}

bool term_is_ascii(const struct term *term) {
    return term->ascii;
}

static void on_resize(void *data, int signal_number) {
    struct term *term = data;

    (void)signal_number;
    if (take_size(term)) {
        term->anew = true;
        listener_add(term->listener, INPUT_RESIZE);
    }
}

static void enter(struct term *term) {
    tty_enter(term->tty, term->enter, term->leave);
}

/* Somebody else had the terminal meanwhile. */
static void on_continue(void *data, int signal_number) {
    struct term *term = data;

    enter(term);
    on_resize(term, signal_number);
    term_redraw(term);
}

void term_suspend(struct term *term) {
    tty_leave(term->tty);
    tty_stop(term->tty);
    on_continue(term, SIGCONT);
}

static void on_stop(void *data, int signal_number) {
    (void)signal_number;
    term_suspend(data);
}

static void on_nothing(void *data, int signal_number) {
    (void)data;
    (void)signal_number;
}

/* ---- open and close -------------------------------------------------------------------------- */

static const struct {
    int number;
    loop_signal_fn *fn;
} signals[] = {
    {SIGWINCH, on_resize},
    {SIGCONT, on_continue},
    {SIGTSTP, on_stop},
};

static bool watch_signals(struct term *term, struct err *err) {
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        if (!loop_signal(term->loop, signals[i].number, signals[i].fn, term, err)) {
            return false;
        }
    }
    return true;
}

static void forget_signals(struct term *term) {
    struct err *err = err_new(term);

    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        loop_signal(term->loop, signals[i].number, on_nothing, NULL, err);
    }
}

/* An answer that came when the shell reads again would be typed into it. */
static void await_answer(struct term *term) {
    struct pollfd line = {.fd = tty_fd(term->tty), .events = POLLIN};

    while (awaits_answer(term) && !term->gone && poll(&line, 1, ANSWER_WAIT_MS) > 0) {
        hear(term);
    }
}

static int close_term(struct term *term) {
    if (term->listener != NULL) {
        await_answer(term);
        talloc_free(term->watch);
        forget_signals(term);
    }
    tty_leave(term->tty);
    terminfo_forget();
    return 0;
}

static void ask_widths(struct term *term) {
    if (term->asked) {
        tty_send(term->tty, ability_question, strlen(ability_question));
        term->asked_ms = listener_now_ms();
    }
}

static bool take_over(struct term *term, const struct term_options *options, term_ready_fn *ready,
                      void *data, struct err *err) {
    if (!tty_open(term, &term->tty, err)) {
        return false;
    }
    talloc_set_destructor(term, close_term);
    if (!read_terminfo(err) || !watch_signals(term, err)) {
        return false;
    }
    find_abilities(term, options);
    term->looks = looks_new(term, find_depth(!options->no_color));
    term->pen = pen_new(term, term->looks, term->seven_bits);
    take_size(term);
    term->shown = canvas_new(term, 1, 1, term->ascii);
    term->next = canvas_new(term, 1, 1, term->ascii);
    term->anew = true;
    term->listener = listener_new(term, term->loop, term->tty, ready, data);
    term->watch = loop_watch(term->loop, tty_fd(term->tty), POLLIN, on_tty, term);
    enter(term);
    ask_widths(term);
    flush(term);
    return true;
}

bool term_open(const void *parent, struct loop *loop, const struct term_options *options,
               term_ready_fn *ready, void *data, struct term **term, struct err *err) {
    *term = xtalloc_zero(parent, struct term);
    (*term)->loop = loop;
    text_init();
    if (!take_over(*term, options, ready, data, err)) {
        talloc_free(*term);
        *term = NULL;
        return false;
    }
    return true;
}

void term_restore_raw(void) {
    tty_restore_raw();
}

const char *term_library(void) {
    return terminfo_library();
}
