#include "config.h"

#include "ui/term.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/ability.h"
#include "ui/listen.h"
#include "ui/theme.h"
#include "ui/tty.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

/* How long an answer may take, and how long is waited for it when the terminal is given back. Later
 * ones are keys: shift-F3 looks the same. */
#define ANSWER_MS      3000
#define ANSWER_WAIT_MS 150

struct term {
    struct loop *loop;
    struct tty *tty;
    struct listener *listener;
    struct loop_watch *watch;

    SCREEN *screen;
    FILE *curses_file; /* what curses writes to: the tty, or the frame while one is made */
    int frame_fd;
    enum theme_depth depth;
    attr_t attributes[2][ROLE_COUNT]; /* of the theme, the highlighted ones second */
    int rows, cols;
    struct canvas *shown; /* what curses was told last */
    cchar_t *line;        /* one row in curses' form */
    bool stale;           /* curses was told more than it said */
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

static char *capability(const void *parent, const char *name) {
    return ability_bytes(parent, tigetstr(name));
}

/* Without an alternate screen the shell goes on below what is there. */
static char *bytes_to_leave(struct term *term) {
    char *alternate = capability(term, "rmcup");
    const char *below = *alternate == '\0' && term->ansi ? "\033[999B\r\n" : "";
    char *leave = xtalloc_asprintf(term, "%s%s%s%s%s", term->ansi ? bracketed_paste_off : "",
                                   capability(alternate, "sgr0"), below, alternate,
                                   capability(alternate, "cnorm"));

    talloc_free(alternate);
    return leave;
}

static char *bytes_to_enter(struct term *term) {
    char *alternate = capability(term, "smcup");
    char *enter = xtalloc_asprintf(term, "%s%s%s", alternate, capability(alternate, "civis"),
                                   term->ansi ? bracketed_paste_on : "");

    talloc_free(alternate);
    return enter;
}

static void find_abilities(struct term *term, const struct term_options *options) {
    char *clear = capability(term, "clear");
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

/* ---- curses, which writes into a file of ours ------------------------------------------------ */

/* What curses says in `speak` is gathered in memory and sent by us in one piece, or dropped: it
 * writes at every cursor move, and would wait for a slow line. Its descriptor is the tty at all
 * other times, since size and modes come from there. */
static void speak_aside(struct term *term, void (*speak)(struct term *), bool send) {
    int curses_fd = fileno(term->curses_file);

    dup3(term->frame_fd, curses_fd, O_CLOEXEC);
    speak(term);
    dup3(tty_fd(term->tty), curses_fd, O_CLOEXEC);
    off_t length = lseek(term->frame_fd, 0, SEEK_CUR);
    lseek(term->frame_fd, 0, SEEK_SET);
    if (length > 0 && send) {
        char *bytes = xtalloc_array(term, char, (size_t)length);
        ssize_t got = pread(term->frame_fd, bytes, (size_t)length, 0);
        tty_send(term->tty, bytes, got > 0 ? (size_t)got : 0);
        talloc_free(bytes);
    }
}

/* What curses holds back since its start is dropped, for the screen is entered by our bytes. Only
 * the bell makes it speak on every terminal; nobody hears it. */
static void speak_start(struct term *term) {
    (void)term;
    curs_set(0);
    beep();
}

static void speak_frame(struct term *term) {
    int row, col;
    bool shown = canvas_cursor_at(term->shown, &row, &col);

    leaveok(stdscr, !shown);
    if (shown) {
        wmove(stdscr, row, col);
    }
    if (term->anew) {
        clearok(curscr, TRUE);
        term->anew = false;
    }
    wnoutrefresh(stdscr);
    doupdate();
    curs_set(shown ? 1 : 0);
}

static void speak_end(struct term *term) {
    delscreen(term->screen);
}

static void start_colors(struct term *term, bool wanted) {
    if (!wanted || !has_colors() || start_color() != OK || use_default_colors() != OK) {
        return;
    }
    term->depth = theme_depth_of(COLORS, tigetflag("RGB") > 0 || tigetnum("RGB") > 0);
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct look look = theme_look((enum role)role, term->depth, false);
        init_extended_pair(role + 1, look.color, LOOK_DEFAULT_COLOR);
    }
}

static attr_t curses_attributes(unsigned look) {
    static const struct {
        unsigned look;
        attr_t curses;
    } attributes[] = {
        {LOOK_BOLD, A_BOLD},
        {LOOK_DIM, A_DIM},
        {LOOK_UNDERLINE, A_UNDERLINE},
        {LOOK_REVERSE, A_REVERSE},
    };
    attr_t result = A_NORMAL;

    for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
        result |= look & attributes[i].look ? attributes[i].curses : A_NORMAL;
    }
    return result;
}

/* Once, and not for each cell: there are thousands in a frame. */
static void know_looks(struct term *term) {
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int highlight = 0; highlight < 2; highlight++) {
            struct look look = theme_look((enum role)role, term->depth, highlight != 0);
            term->attributes[highlight][role] = curses_attributes(look.attributes);
        }
    }
}

/* newterm takes these signals where nobody has; here they belong to the loop. */
static const int curses_signals[] = {SIGTSTP, SIGWINCH};

static void open_screen(struct term *term) {
    struct sigaction before[ARRAY_SIZE(curses_signals)];

    for (size_t i = 0; i < ARRAY_SIZE(curses_signals); i++) {
        sigaction(curses_signals[i], NULL, &before[i]);
    }
    term->screen = newterm(NULL, term->curses_file, term->curses_file);
    tty_reset(term->tty);
    for (size_t i = 0; i < ARRAY_SIZE(curses_signals); i++) {
        sigaction(curses_signals[i], &before[i], NULL);
    }
}

static bool start_curses(struct term *term, struct err *err) {
    const char *name = getenv("TERM");

    if (name == NULL || *name == '\0') {
        return err_set(err, ERR_UNAVAILABLE, what_failed, "TERM is not set", line_mode);
    }
    term->frame_fd = memfd_create("frame", MFD_CLOEXEC);
    int curses_fd = fcntl(tty_fd(term->tty), F_DUPFD_CLOEXEC, 0);
    term->curses_file = curses_fd < 0 ? NULL : fdopen(curses_fd, "r+");
    if (term->frame_fd < 0 || term->curses_file == NULL) {
        return err_errno(err, errno, what_failed, "a descriptor", line_mode);
    }
    open_screen(term);
    char *cursor_address = term->screen == NULL ? NULL : capability(term, "cup");
    bool can_place = cursor_address != NULL && *cursor_address != '\0';
    talloc_free(cursor_address);
    return can_place ||
           err_set(err, ERR_UNAVAILABLE, what_failed,
                   err_fmt(err, "TERM=%s is unknown here, or can't place its cursor", name),
                   line_mode);
}

/* ---- painting -------------------------------------------------------------------------------- */

/* The clean text of one cell as curses takes it: a base and its marks. */
static void widen(const struct term *term, const char *text, wchar_t wide[CCHARW_MAX + 1]) {
    if (text[0] > 0 && text[1] == '\0') {
        wide[0] = (wchar_t)*text;
        wide[1] = L'\0';
        return;
    }

    size_t length = strlen(text);
    size_t count = 0;
    if (term->seven_bits && (length != 1 || *text < 0)) {
        text = length == 0 ? " " : "?";
        length = 1;
    }
    mbstate_t state = {0};
    while (length > 0 && count < CCHARW_MAX) {
        size_t size = mbrtowc(&wide[count], text, length, &state);
        if (size > length) {
            break;
        }
        text += size;
        length -= size;
        count++;
    }
    wide[count] = L'\0';
}

static cchar_t curses_cell(const struct term *term, struct cell cell) {
    wchar_t wide[CCHARW_MAX + 1];
    cchar_t result;
    int pair = term->depth == THEME_MONO ? 0 : (int)cell.role + 1;

    widen(term, cell.text, wide);
    setcchar(&result, wide, term->attributes[cell.highlight][cell.role], 0, &pair);
    return result;
}

static void paint_cells(struct term *term, const struct canvas *canvas, int row, int col, int end) {
    int count = 0, first = col;

    for (; col < end; col++) {
        struct cell cell = canvas_cell(canvas, row, col);
        if (*cell.text != '\0' || term->seven_bits) {
            term->line[count++] = curses_cell(term, cell);
        }
    }
    mvwadd_wchnstr(stdscr, row, first, term->line, count);
}

static void paint(struct term *term, const struct canvas *canvas) {
    struct area new = canvas_area(canvas), old = canvas_area(term->shown);
    bool all = term->anew || new.rows != old.rows || new.cols != old.cols;
    int rows = new.rows < term->rows ? new.rows : term->rows;
    int cols = new.cols < term->cols ? new.cols : term->cols;

    if (all) {
        werase(stdscr);
    }
    for (int row = 0; row < rows; row++) {
        int col = 0, end = cols;
        if (all || canvas_row_changes(canvas, term->shown, row, &col, &end)) {
            paint_cells(term, canvas, row, col, end < cols ? end : cols);
        }
    }
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

/* False while the line takes no new frame. */
static bool make_frame(struct term *term) {
    if (!term->stale || tty_is_busy(term->tty)) {
        return false;
    }
    speak_aside(term, speak_frame, true);
    term->stale = false;
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
    paint(term, canvas);
    canvas_swap(term->shown, canvas);
    term->stale = true;
    flush(term);
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
    paint(term, term->shown);
    term->stale = true;
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

/* False when it is the size it was. */
static bool take_size(struct term *term) {
    int rows = term->rows, cols = term->cols;

    if (!tty_size(term->tty, &term->rows, &term->cols) && rows == 0) {
        term->rows = LINES; /* from terminfo: a serial line knows no size */
        term->cols = COLS;
    }
    if (rows == term->rows && cols == term->cols) {
        return false;
    }
    resize_term(term->rows, term->cols);
    term->line = xtalloc_realloc(term, term->line, cchar_t, (size_t)term->cols);
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
    if (term->screen != NULL) {
        speak_aside(term, speak_end, false);
    }
    if (term->curses_file != NULL) {
        fclose(term->curses_file);
    }
    if (term->frame_fd >= 0) {
        close(term->frame_fd);
    }
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
    if (!start_curses(term, err) || !watch_signals(term, err)) {
        return false;
    }
    typeahead(-1);
    start_colors(term, !options->no_color);
    know_looks(term);
    speak_aside(term, speak_start, false);
    find_abilities(term, options);
    take_size(term);
    term->shown = canvas_new(term, 1, 1, term->ascii);
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
    **term = (struct term){.loop = loop, .frame_fd = -1};
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
    return curses_version();
}
