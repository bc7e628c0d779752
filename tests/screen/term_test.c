/* ui/term.c and ui/tty.c from end to end: tests/screen/term_probe.c on a pty, seen through
 * libvterm. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "tests/screen/pty.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_MS       5000
#define AFTER_BURST_MS 200 /* when a key is a key again */

/* A sanitizer would take these signals before anybody else. */
#define OWN_CRASHES "ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0"

static char *probe_path;

/* Built beside this program. */
static int find_probe(void **state) {
    char *path = xtalloc_zero_array(NULL, char, 4096);

    (void)state;
    if (readlink("/proc/self/exe", path, 4000) <= 0) {
        return -1;
    }
    *strrchr(path, '/') = '\0';
    probe_path = xtalloc_asprintf(NULL, "%s/term_probe", path);
    talloc_free(path);
    return access(probe_path, X_OK);
}

static int forget_probe(void **state) {
    (void)state;
    talloc_free(probe_path);
    return 0;
}

static struct pty *start_with(const struct pty_options *options, const char *argument) {
    const char *argv[] = {probe_path, argument, NULL};

    return pty_start(NULL, options, argv);
}

static void assert_holds(struct pty *pty, bool holds, const char *what) {
    if (!holds) {
        print_error("# not so: %s\n%s", what, pty_text(pty));
        fail();
    }
}

#define assert_shows(pty, text)     assert_holds(pty, pty_wait_text(pty, text, LIMIT_MS), text)
#define assert_shows_not(pty, text) assert_holds(pty, pty_wait_no_text(pty, text, LIMIT_MS), text)
#define assert_raw(pty, raw)        assert_holds(pty, pty_wait_raw(pty, raw, LIMIT_MS), #raw)

static struct pty *start_probe(const struct pty_options *options) {
    struct pty *pty = start_with(options, NULL);

    assert_shows(pty, "PROBE");
    assert_shows(pty, "corner");
    return pty;
}

static int wait_end(struct pty *pty) {
    int status = -1;

    assert_holds(pty, pty_wait_end(pty, &status, LIMIT_MS), "it ends");
    return status;
}

static void quit(struct pty *pty) {
    pty_keys(pty, "q");
    assert_int_equal(wait_end(pty), 0);
    talloc_free(pty);
}

static bool same_modes(struct termios a, struct termios b) {
    return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag &&
           a.c_lflag == b.c_lflag && memcmp(a.c_cc, b.c_cc, sizeof(a.c_cc)) == 0;
}

/* The last time that brackets were set they were taken away. */
static bool brackets_are_off(struct pty *pty) {
    const char *on = "\033[?2004h", *off = "\033[?2004l";
    const char *at = pty_sent(pty);

    for (const char *next; (next = strstr(at, on)) != NULL;) {
        at = next + strlen(on);
    }
    return strstr(at, off) != NULL;
}

static void assert_given_back(struct pty *pty, struct termios before) {
    assert_raw(pty, false);
    assert_holds(pty, pty_wait_alternate(pty, false, LIMIT_MS), "the shell's screen");
    assert_true(same_modes(pty_modes(pty), before));
    assert_true(pty_is_cursor_shown(pty));
    assert_true(brackets_are_off(pty));
}

/* ---- frames ------------------------------------------------------------------------------------
 */

static void a_canvas_is_shown(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    assert_shows(pty, "PROBE 24x80");
    assert_shows(pty, "\n✓ done    ► LATE    José 日本 ");
    assert_shows(pty, "\n INPUT ───");
    assert_shows(pty, " corner\n");
    assert_true(pty_is_alternate(pty));
    assert_false(pty_is_cursor_shown(pty));
    assert_true(pty_cell(pty, 0, 0).bold);
    assert_true(pty_cell(pty, 1, 0).colored);
    assert_true(pty_cell(pty, 1, 10).bold && pty_cell(pty, 1, 10).colored);
    assert_false(pty_cell(pty, 1, 20).bold || pty_cell(pty, 1, 20).colored);
    quit(pty);
}

struct counts {
    long long frames, writes;
};

static struct counts counts_shown(struct pty *pty) {
    struct counts counts = {-1, -1};
    const char *at = strstr(pty_text(pty), "frames");

    assert_non_null(at);
    assert_int_equal(sscanf(at, "frames %lld writes %lld", &counts.frames, &counts.writes), 2);
    return counts;
}

/* The probe counts every write(2) on a terminal in its process; curses' own would be many a frame.
 */
static void a_frame_is_one_write(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});
    struct counts first = counts_shown(pty), last;

    (void)state;
    assert_int_equal(first.frames, 0);
    assert_int_equal(first.writes, 1); /* how the screen is entered and asked */
    pty_keys(pty, "jklmn");
    assert_shows(pty, " j k l m n ");
    last = counts_shown(pty);
    assert_in_range(last.frames, 1, 5); /* one for keys that came together */
    assert_int_equal(last.writes - first.writes, last.frames);
    quit(pty);
}

static void only_what_changed_goes_out(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "j");
    assert_shows(pty, " j ");
    size_t before = pty_sent_length(pty);
    pty_keys(pty, "k");
    assert_shows(pty, " j k ");
    assert_in_range(pty_sent_length(pty) - before, 1, 80);
    quit(pty);
}

static void redrawing_sends_all_anew(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    size_t before = pty_sent_length(pty);
    pty_keys(pty, "r");
    assert_shows(pty, " r ");
    assert_non_null(strstr(pty_sent(pty) + before, "LATE"));
    assert_shows(pty, "\n INPUT ───");
    quit(pty);
}

/* More than a kernel keeps of what the terminal doesn't take. */
static void stall_by_redrawing(struct pty *pty) {
    pty_stall(pty, true);
    for (int i = 0; i < 3000; i++) {
        pty_send(pty, "r", 1);
    }
    assert_holds(pty, pty_wait_idle(pty, LIMIT_MS), "keys are read");
}

/* A line that takes nothing stops neither the reading of keys nor, later, the picture. */
static void a_slow_line_blocks_nothing(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){.rows = 50, .cols = 120});

    (void)state;
    stall_by_redrawing(pty);
    pty_keys(pty, "\x0c");
    assert_holds(pty, pty_wait_idle(pty, LIMIT_MS), "keys are still read");
    size_t before = pty_sent_length(pty);
    pty_stall(pty, false);
    assert_shows(pty, "ctrl-l");
    assert_shows(pty, "\n INPUT ───");
    assert_shows(pty, " corner\n");
    /* 3,000 pictures would be more than a megabyte. */
    assert_in_range(pty_sent_length(pty) - before, 1, 50000);
    quit(pty);
}

/* What was typed before a frame was out was not meant for it. */
static void type_ahead_is_known(void **state) {
    struct pty *pty = start_with(&(struct pty_options){0}, "--early");

    (void)state;
    assert_shows(pty, "corner");
    stall_by_redrawing(pty);
    pty_keys(pty, "x");
    pty_stall(pty, false);
    assert_shows(pty, "early:x");
    assert_holds(pty, pty_wait_idle(pty, LIMIT_MS), "all is out");
    pty_keys(pty, "u");
    assert_shows(pty, "early:x u ");
    quit(pty);
}

/* ---- size --------------------------------------------------------------------------------------
 */

static void the_size_is_followed(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){.rows = 40, .cols = 120});

    (void)state;
    assert_shows(pty, "PROBE 40x120");
    pty_resize(pty, 30, 100);
    assert_shows(pty, "PROBE 30x100");
    assert_shows(pty, "resize");
    assert_shows(pty, " corner\n");
    pty_resize(pty, 10, 40);
    assert_shows(pty, "PROBE 10x40");
    assert_shows(pty, "\n✓ done    ► LATE");
    pty_resize(pty, 60, 200);
    assert_shows(pty, "PROBE 60x200");
    assert_shows(pty, " corner\n");
    quit(pty);
}

/* ---- leaving -----------------------------------------------------------------------------------
 */

static void quitting_gives_the_terminal_back(void **state) {
    struct pty *pty = start_with(&(struct pty_options){0}, NULL);
    struct termios before = pty_first_modes(pty);

    (void)state;
    assert_shows(pty, "PROBE");
    assert_raw(pty, true);
    pty_keys(pty, "q");
    assert_int_equal(wait_end(pty), 0);
    assert_given_back(pty, before);
    assert_shows(pty, "probe ended");
    talloc_free(pty);
}

static void deadly_signals_give_the_terminal_back(void **state) {
    static const int numbers[] = {SIGABRT, SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                                  SIGTERM, SIGHUP,  SIGQUIT, SIGINT};
    static const char *const environment[] = {OWN_CRASHES, NULL};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        struct pty *pty = start_with(&(struct pty_options){.environment = environment}, NULL);
        struct termios before = pty_first_modes(pty);
        assert_shows(pty, "corner");
        assert_raw(pty, true);
        kill(pty_pid(pty), numbers[i]);
        int status = wait_end(pty);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), numbers[i]);
        assert_given_back(pty, before);
        talloc_free(pty);
    }
}

static void a_crash_inside_gives_the_terminal_back(void **state) {
    struct pty *pty = start_with(&(struct pty_options){0}, NULL);
    struct termios before = pty_first_modes(pty);

    (void)state;
    assert_shows(pty, "corner");
    pty_keys(pty, "A");
    int status = wait_end(pty);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_given_back(pty, before);
    talloc_free(pty);
}

static void assert_suspends(struct pty *pty, struct termios before) {
    assert_holds(pty, pty_wait_stopped(pty, true, LIMIT_MS), "it is stopped");
    assert_given_back(pty, before);
}

/* The shell may leave other modes than it found. */
static void suspending_gives_the_terminal_back(void **state) {
    struct pty *pty = start_with(&(struct pty_options){0}, NULL);
    struct termios before = pty_first_modes(pty);

    (void)state;
    assert_shows(pty, "corner");
    pty_keys(pty, "z");
    assert_suspends(pty, before);
    struct termios after = before;
    after.c_lflag &= ~(tcflag_t)ECHOE;
    pty_set_modes(pty, &after);
    kill(pty_pid(pty), SIGCONT);
    assert_raw(pty, true);
    assert_shows(pty, " z ");
    assert_shows(pty, "\n INPUT ───");
    assert_true(pty_is_alternate(pty));
    kill(pty_pid(pty), SIGTSTP);
    assert_suspends(pty, after);
    kill(pty_pid(pty), SIGCONT);
    assert_raw(pty, true);
    assert_shows(pty, "\n INPUT ───");
    pty_keys(pty, "q");
    assert_int_equal(wait_end(pty), 0);
    assert_given_back(pty, after);
    talloc_free(pty);
}

/* SIGSTOP can't be prepared for; at SIGCONT the screen may be anybody's. */
static void being_continued_draws_anew(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});
    struct termios cooked = pty_modes(pty);

    (void)state;
    kill(pty_pid(pty), SIGSTOP);
    assert_holds(pty, pty_wait_stopped(pty, true, LIMIT_MS), "it is stopped");
    cooked.c_lflag |= ICANON | ECHO | ISIG;
    pty_set_modes(pty, &cooked);
    size_t before = pty_sent_length(pty);
    kill(pty_pid(pty), SIGCONT);
    assert_raw(pty, true);
    pty_keys(pty, "k");
    assert_shows(pty, " k ");
    assert_non_null(strstr(pty_sent(pty) + before, "LATE"));
    quit(pty);
}

static void a_hang_up_ends_it(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    pty_hang_up(pty);
    assert_int_equal(wait_end(pty), 0);
    talloc_free(pty);
}

/* ---- input -------------------------------------------------------------------------------------
 */

static void send(struct pty *pty, const char *bytes) {
    pty_send(pty, bytes, strlen(bytes));
}

static void a_paste_presses_nothing(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    send(pty, "\033[200~qqAz\033[31m\033[201~");
    assert_shows(pty, "paste:qqAz ");
    send(pty, "\033[200~");
    send(pty, "q");
    send(pty, "\033[201~");
    assert_shows(pty, "paste:qqAz paste:q ");
    quit(pty);
}

static void a_burst_presses_nothing(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    send(pty, "quit bzrAq");
    assert_shows(pty, "paste:quit bzrAq ");
    pty_pause(pty, AFTER_BURST_MS);
    quit(pty);
}

static void unknown_sequences_press_nothing(void **state) {
    static const char *const unknown[] = {"\033[24~",       "\033[1;5q", "\033q",
                                          "\033]11;q\a",    "\033Oq",    "\033[<0;1;1M",
                                          "\033Pqqq\033\\", "\033[M qq", "\033[?1;2q"};
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
        send(pty, unknown[i]);
    }
    assert_holds(pty, pty_wait_taken(pty, LIMIT_MS), "all is read");
    pty_keys(pty, "k");
    assert_shows(pty, "\n k  ");
    quit(pty);
}

static void keys_have_their_names(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "\033[A\033OB\033[6~\t\r\x7f\x03\x0c\033");
    assert_shows(pty, " ↑ ↓ PgDn Tab Enter Backspace ctrl-c ctrl-l Esc ");
    quit(pty);
}

static void text_is_typed_in_a_field(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});
    int row, col;

    (void)state;
    pty_keys(pty, "e");
    assert_shows(pty, "text:");
    pty_keys(pty, "José q");
    assert_shows(pty, "text: José q ");
    assert_true(pty_is_cursor_shown(pty));
    pty_cursor(pty, &row, &col);
    assert_int_equal(row, 4);
    assert_int_equal(col, 12);
    send(pty, "\033[200~ two\rlines\033[201~");
    assert_shows(pty, "text: José q two lines");
    pty_keys(pty, "\r");
    assert_shows(pty, "typed:José q two lines");
    assert_shows_not(pty, "text:");
    assert_false(pty_is_cursor_shown(pty));
    quit(pty);
}

static void bell_and_clipboard_are_sent(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "by");
    assert_holds(pty, pty_wait_sent(pty, "\a", LIMIT_MS), "the bell");
    assert_holds(pty, pty_wait_sent(pty, "\033]52;c;Y29waWVkIHdvcmRz\a", LIMIT_MS), "OSC 52");
    quit(pty);
}

/* ---- kinds of terminals ------------------------------------------------------------------------
 */

/* An SGR parameter (ECMA-48 8.3.117) that sets a colour. */
static bool is_color(long parameter) {
    return (parameter >= 30 && parameter <= 49) || (parameter >= 90 && parameter <= 107);
}

static bool sends_color(struct pty *pty) {
    const char *at = pty_sent(pty);

    while ((at = strstr(at, "\033[")) != NULL) {
        at += 2;
        size_t length = strspn(at, "0123456789;");
        for (const char *next = at; at[length] == 'm' && next < at + length;) {
            char *end;
            if (is_color(strtol(next, &end, 10))) {
                return true;
            }
            next = end + 1;
        }
    }
    return false;
}

static bool sends_only_ascii(struct pty *pty) {
    for (const char *at = pty_sent(pty); *at != '\0'; at++) {
        if ((unsigned char)*at > 0x7e) {
            return false;
        }
    }
    return true;
}

static void colors_go_where_they_are_wanted(void **state) {
    static const char *const no_color[] = {"NO_COLOR=1", NULL};
    static const struct {
        struct pty_options options;
        bool colored;
    } cases[] = {
        {{.term = "xterm-256color"}, true},
        {{.term = "xterm"}, true},
        {{.term = "linux"}, true},
        {{.term = "screen"}, true},
        {{.term = "tmux-256color"}, true},
        {{.term = "xterm-256color", .environment = no_color}, false},
        {{.term = "xterm-mono"}, false},
        {{.term = "vt100"}, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct pty *pty = start_probe(&cases[i].options);
        assert_int_equal(sends_color(pty), cases[i].colored);
        assert_true(pty_cell(pty, 1, 10).bold);
        assert_int_equal(pty_cell(pty, 1, 10).reverse, !cases[i].colored);
        quit(pty);
    }
}

static void glyphs_have_twins_where_they_cant_be_drawn(void **state) {
    static const char *const c_locale[] = {"LANG=C", NULL};
    static const char *const no_locale[] = {"LANG", NULL};
    static const char *const latin[] = {"LANG=C.UTF-8", "LC_ALL=de_DE.ISO-8859-1", NULL};
    static const struct {
        struct pty_options options;
        const char *argument;
        bool seven_bits;
    } cases[] = {
        {{0}, "--ascii", false},
        {{.term = "linux"}, NULL, false},
        {{.term = "vt100"}, NULL, false},
        {{.environment = c_locale}, NULL, true},
        {{.environment = no_locale}, NULL, true},
        {{.environment = latin}, NULL, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct pty *pty = start_with(&cases[i].options, cases[i].argument);
        assert_shows(pty, "\nv done    > LATE    Jos");
        assert_shows(pty, "\n INPUT ---");
        assert_shows(pty, cases[i].seven_bits ? "Jos? ? ? " : "José 日本 ");
        assert_int_equal(sends_only_ascii(pty), cases[i].seven_bits);
        quit(pty);
    }
}

/* It draws two cells for some of the glyphs, as terminals of East Asia may. */
static void a_terminal_that_draws_wider_gets_ascii(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){.mute = true});

    (void)state;
    assert_shows(pty, "\n✓ done");
    assert_holds(pty, pty_wait_sent(pty, "\033[6n", LIMIT_MS), "it is asked");
    send(pty, "\033[1;21R");
    assert_shows(pty, "\nv done    > LATE    José 日本 ");
    assert_shows(pty, "\n INPUT ---");
    quit(pty);
}

static void a_terminal_that_answers_well_keeps_glyphs(void **state) {
    struct pty *pty = start_probe(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "k");
    assert_shows(pty, "\n k ");
    assert_shows(pty, "\n✓ done");
    quit(pty);
}

static void where_there_is_no_screen_it_says_so(void **state) {
    /* newterm(3) keeps a little memory of a terminal that it refuses. */
    static const char *const leaky[] = {"ASAN_OPTIONS=detect_leaks=0", NULL};
    static const char *const no_term[] = {"TERM", NULL};
    static const struct {
        struct pty_options options;
        const char *words;
    } cases[] = {
        {{.cols = 200, .term = "dumb", .environment = leaky},
         "refused 6: can't show the console: TERM=dumb is unknown"},
        {{.cols = 200, .term = "nonsense", .environment = leaky},
         "refused 6: can't show the console: TERM=nonsense is unknown"},
        {{.cols = 200, .environment = no_term},
         "refused 6: can't show the console: TERM is not set"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct pty *pty = start_with(&cases[i].options, NULL);
        struct termios before = pty_first_modes(pty);
        int status = wait_end(pty);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 6);
        assert_shows(pty, cases[i].words);
        assert_shows(pty, "line mode: backout status");
        assert_null(strchr(pty_sent(pty), '\033'));
        assert_true(same_modes(pty_modes(pty), before));
        talloc_free(pty);
    }
}

static void without_a_terminal_it_says_so(void **state) {
    char *command = xtalloc_asprintf(NULL, "exec %s </dev/null", probe_path);
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    struct pty *pty = pty_start(NULL, &(struct pty_options){.cols = 200}, argv);

    (void)state;
    int status = wait_end(pty);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 6);
    assert_shows(pty, "standard input is not a terminal; use line mode: backout status");
    talloc_free(pty);
    talloc_free(command);
}

/* HARDENING.md: "O_NONBLOCK on an inherited descriptor leaks into the user's shell". */
static void the_shells_descriptor_stays_blocking(void **state) {
    char *command = xtalloc_asprintf(
        NULL, "%s; grep ^flags /proc/self/fdinfo/0; echo shell goes on", probe_path);
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    struct pty *pty = pty_start(NULL, &(struct pty_options){0}, argv);

    (void)state;
    assert_shows(pty, "corner");
    pty_keys(pty, "q");
    assert_int_equal(wait_end(pty), 0);
    assert_shows(pty, "shell goes on");
    const char *flags = strstr(pty_text(pty), "flags:");
    assert_non_null(flags);
    assert_int_equal(strtol(flags + strlen("flags:"), NULL, 8) & O_NONBLOCK, 0);
    talloc_free(pty);
    talloc_free(command);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_canvas_is_shown),
        cmocka_unit_test(a_frame_is_one_write),
        cmocka_unit_test(only_what_changed_goes_out),
        cmocka_unit_test(redrawing_sends_all_anew),
        cmocka_unit_test(a_slow_line_blocks_nothing),
        cmocka_unit_test(type_ahead_is_known),
        cmocka_unit_test(the_size_is_followed),
        cmocka_unit_test(quitting_gives_the_terminal_back),
        cmocka_unit_test(deadly_signals_give_the_terminal_back),
        cmocka_unit_test(a_crash_inside_gives_the_terminal_back),
        cmocka_unit_test(suspending_gives_the_terminal_back),
        cmocka_unit_test(being_continued_draws_anew),
        cmocka_unit_test(a_hang_up_ends_it),
        cmocka_unit_test(a_paste_presses_nothing),
        cmocka_unit_test(a_burst_presses_nothing),
        cmocka_unit_test(unknown_sequences_press_nothing),
        cmocka_unit_test(keys_have_their_names),
        cmocka_unit_test(text_is_typed_in_a_field),
        cmocka_unit_test(bell_and_clipboard_are_sent),
        cmocka_unit_test(colors_go_where_they_are_wanted),
        cmocka_unit_test(glyphs_have_twins_where_they_cant_be_drawn),
        cmocka_unit_test(a_terminal_that_draws_wider_gets_ascii),
        cmocka_unit_test(a_terminal_that_answers_well_keeps_glyphs),
        cmocka_unit_test(where_there_is_no_screen_it_says_so),
        cmocka_unit_test(without_a_terminal_it_says_so),
        cmocka_unit_test(the_shells_descriptor_stays_blocking),
    };

    return cmocka_run_group_tests_name("term", tests, find_probe, forget_probe);
}
