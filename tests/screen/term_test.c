/* ui/term.c and ui/tty.c: frames, sizes, and how the terminal is given back. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "tests/screen/probe.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* A sanitizer would take these signals before anybody else. */
#define OWN_CRASHES "ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0"

/* ---- frames ---------------------------------------------------------------------------------- */

static void a_canvas_is_shown(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

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
    probe_quit(pty);
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

/* The probe counts every write(2) on a terminal in its process. */
static void a_frame_is_one_write(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});
    struct counts first = counts_shown(pty), last;

    (void)state;
    assert_int_equal(first.frames, 0);
    assert_int_equal(first.writes, 1); /* how the screen is entered and asked */
    pty_keys(pty, "jklmn");
    assert_shows(pty, " j k l m n ");
    last = counts_shown(pty);
    assert_in_range(last.frames, 1, 5); /* one for keys that came together */
    assert_int_equal(last.writes - first.writes, last.frames);
    probe_quit(pty);
}

static void only_what_changed_goes_out(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "j");
    assert_shows(pty, " j ");
    size_t before = pty_sent_length(pty);
    pty_keys(pty, "k");
    assert_shows(pty, " j k ");
    assert_in_range(pty_sent_length(pty) - before, 1, 80);
    probe_quit(pty);
}

static void redrawing_sends_all_anew(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    size_t before = pty_sent_length(pty);
    pty_keys(pty, "r");
    assert_shows(pty, " r ");
    assert_non_null(strstr(pty_sent(pty) + before, "LATE"));
    assert_shows(pty, "\n INPUT ───");
    probe_quit(pty);
}

/* More than a kernel keeps of what the terminal doesn't take. */
static void stall_by_redrawing(struct pty *pty) {
    pty_stall(pty, true);
    for (int i = 0; i < 3000; i++) {
        pty_send(pty, "r", 1);
    }
    assert_idle(pty);
}

/* A line that takes nothing stops neither the reading of keys nor, later, the picture. */
static void a_slow_line_blocks_nothing(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.rows = 50, .cols = 120});

    (void)state;
    stall_by_redrawing(pty);
    pty_keys(pty, "\x0c");
    assert_idle(pty);
    size_t before = pty_sent_length(pty);
    pty_stall(pty, false);
    assert_shows(pty, "ctrl-l");
    assert_shows(pty, "\n INPUT ───");
    assert_shows(pty, " corner\n");
    /* 3,000 pictures would be more than a megabyte. */
    assert_in_range(pty_sent_length(pty) - before, 1, 50000);
    probe_quit(pty);
}

/* What was typed before a frame was out was not meant for it. */
static void type_ahead_is_known(void **state) {
    struct pty *pty = probe_start_with(&(struct pty_options){0}, "--early");

    (void)state;
    assert_shows(pty, "corner");
    stall_by_redrawing(pty);
    pty_keys(pty, "x");
    pty_stall(pty, false);
    assert_shows(pty, "early:x");
    assert_idle(pty);
    pty_keys(pty, "u");
    assert_shows(pty, "early:x u ");
    probe_quit(pty);
}

/* It waits in the kernel when the first frame goes out: a program that is stopped reads nothing. */
static void type_ahead_of_the_first_frame_is_known(void **state) {
    const char *words[] = {"/bin/sh", "-c", "kill -STOP $$; exec \"$0\" --early", probe_path(),
                           NULL};
    struct pty *pty = pty_start(NULL, &(struct pty_options){0}, words);

    (void)state;
    probe_assert(pty, pty_wait_stopped(pty, true, LIMIT_MS), "it is stopped");
    probe_send(pty, "x");
    kill(pty_pid(pty), SIGCONT);
    assert_shows(pty, " early:x ");
    probe_quit(pty);
}

/* ---- size ------------------------------------------------------------------------------------ */

static void the_size_is_followed(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.rows = 40, .cols = 120});

    (void)state;
    assert_shows(pty, "PROBE 40x120");
    size_t before = pty_sent_length(pty);
    pty_resize(pty, 30, 100);
    assert_shows(pty, "PROBE 30x100");
    /* Terminals move what they show when they are resized, each in its own way. */
    assert_non_null(strstr(pty_sent(pty) + before, "LATE"));
    assert_shows(pty, "resize");
    assert_shows(pty, " corner\n");
    pty_resize(pty, 10, 40);
    assert_shows(pty, "PROBE 10x40");
    assert_shows(pty, "\n✓ done    ► LATE");
    pty_resize(pty, 60, 200);
    assert_shows(pty, "PROBE 60x200");
    assert_shows(pty, " corner\n");
    probe_quit(pty);
}

static void a_size_that_is_lost_is_kept(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.rows = 30, .cols = 100});

    (void)state;
    pty_resize(pty, 20, 90);
    assert_shows(pty, "PROBE 20x90");
    pty_forget_size(pty);
    pty_keys(pty, "k");
    assert_shows(pty, " k ");
    assert_showing(pty, "PROBE 20x90");
    probe_quit(pty);
}

/* ---- leaving --------------------------------------------------------------------------------- */

static void quitting_gives_the_terminal_back(void **state) {
    struct pty *pty = probe_start_with(&(struct pty_options){0}, NULL);
    struct termios before = pty_first_modes(pty);

    (void)state;
    assert_shows(pty, "PROBE");
    assert_raw(pty, true);
    pty_keys(pty, "q");
    assert_int_equal(probe_end(pty), 0);
    assert_given_back(pty, before);
    assert_shows(pty, "probe ended");
    talloc_free(pty);
}

static void gives_back(void **state) {
    static const char *const environment[] = {OWN_CRASHES, NULL};
    const int *number = *state;
    void (*ours)(int) = signal(*number, SIG_IGN); /* as it is for who runs tests behind a `&` */
    struct pty *pty = probe_start_with(&(struct pty_options){.environment = environment}, NULL);
    struct termios before = pty_first_modes(pty);

    signal(*number, ours);
    assert_shows(pty, "corner");
    assert_raw(pty, true);
    kill(pty_pid(pty), *number);
    int status = probe_end(pty);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), *number);
    assert_given_back(pty, before);
    talloc_free(pty);
}

/* A test of that name. */
#define gives_back_at(signal)                                                                      \
    {                                                                                              \
#signal " gives the terminal back", gives_back, NULL, NULL, &(int) {                       \
            signal                                                                                 \
        }                                                                                          \
    }

static void a_crash_inside_gives_the_terminal_back(void **state) {
    struct pty *pty = probe_start_with(&(struct pty_options){0}, NULL);
    struct termios before = pty_first_modes(pty);

    (void)state;
    assert_shows(pty, "corner");
    pty_keys(pty, "A");
    int status = probe_end(pty);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_given_back(pty, before);
    talloc_free(pty);
}

static void assert_suspends(struct pty *pty, struct termios before) {
    probe_assert(pty, pty_wait_stopped(pty, true, LIMIT_MS), "it is stopped");
    assert_given_back(pty, before);
}

/* The shell may leave other modes than it found. */
static void suspending_gives_the_terminal_back(void **state) {
    struct pty *pty = probe_start_with(&(struct pty_options){0}, NULL);
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
    assert_int_equal(probe_end(pty), 0);
    assert_given_back(pty, after);
    talloc_free(pty);
}

/* SIGSTOP can't be prepared for; at SIGCONT the screen may be anybody's. */
static void being_continued_draws_anew(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});
    struct termios cooked = pty_modes(pty);

    (void)state;
    kill(pty_pid(pty), SIGSTOP);
    probe_assert(pty, pty_wait_stopped(pty, true, LIMIT_MS), "it is stopped");
    cooked.c_lflag |= ICANON | ECHO | ISIG;
    pty_set_modes(pty, &cooked);
    size_t before = pty_sent_length(pty);
    kill(pty_pid(pty), SIGCONT);
    assert_raw(pty, true);
    pty_keys(pty, "k");
    assert_shows(pty, " k ");
    assert_non_null(strstr(pty_sent(pty) + before, "LATE"));
    probe_quit(pty);
}

/* The frame that waits for the line meanwhile is the newest there is. */
static void being_continued_loses_no_frame(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.rows = 50, .cols = 120});

    (void)state;
    stall_by_redrawing(pty);
    pty_keys(pty, "k");
    assert_idle(pty);
    kill(pty_pid(pty), SIGSTOP);
    probe_assert(pty, pty_wait_stopped(pty, true, LIMIT_MS), "it is stopped");
    kill(pty_pid(pty), SIGCONT);
    assert_idle(pty);
    pty_stall(pty, false);
    assert_shows(pty, " k ");
    probe_quit(pty);
}

static void a_hang_up_ends_it(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    pty_hang_up(pty);
    assert_int_equal(probe_end(pty), 0);
    talloc_free(pty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_canvas_is_shown),
        cmocka_unit_test(a_frame_is_one_write),
        cmocka_unit_test(only_what_changed_goes_out),
        cmocka_unit_test(redrawing_sends_all_anew),
        cmocka_unit_test(a_slow_line_blocks_nothing),
        cmocka_unit_test(type_ahead_is_known),
        cmocka_unit_test(type_ahead_of_the_first_frame_is_known),
        cmocka_unit_test(the_size_is_followed),
        cmocka_unit_test(a_size_that_is_lost_is_kept),
        cmocka_unit_test(quitting_gives_the_terminal_back),
        gives_back_at(SIGABRT),
        gives_back_at(SIGALRM),
        gives_back_at(SIGBUS),
        gives_back_at(SIGFPE),
        gives_back_at(SIGHUP),
        gives_back_at(SIGILL),
        gives_back_at(SIGINT),
        gives_back_at(SIGPIPE),
        gives_back_at(SIGPOLL),
        gives_back_at(SIGPROF),
        gives_back_at(SIGPWR),
        gives_back_at(SIGQUIT),
        gives_back_at(SIGSEGV),
        gives_back_at(SIGSTKFLT),
        gives_back_at(SIGSYS),
        gives_back_at(SIGTERM),
        gives_back_at(SIGTRAP),
        gives_back_at(SIGUSR1),
        gives_back_at(SIGUSR2),
        gives_back_at(SIGVTALRM),
        gives_back_at(SIGXCPU),
        gives_back_at(SIGXFSZ),
        cmocka_unit_test(a_crash_inside_gives_the_terminal_back),
        cmocka_unit_test(suspending_gives_the_terminal_back),
        cmocka_unit_test(being_continued_draws_anew),
        cmocka_unit_test(being_continued_loses_no_frame),
        cmocka_unit_test(a_hang_up_ends_it),
    };

    return cmocka_run_group_tests_name("term", tests, probe_find, probe_forget);
}
