/* ui/term.c and ui/ability.c: terminals that lack colours, glyphs, a locale, or all of it. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "tests/screen/probe.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* ---- kinds of terminals ---------------------------------------------------------------------- */

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
        struct pty *pty = probe_start(&cases[i].options);
        assert_int_equal(sends_color(pty), cases[i].colored);
        assert_true(pty_cell(pty, 1, 10).bold);
        assert_int_equal(pty_cell(pty, 1, 10).reverse, !cases[i].colored);
        probe_quit(pty);
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
        struct pty *pty = probe_start_with(&cases[i].options, cases[i].argument);
        assert_shows(pty, "\nv done    > LATE    Jos");
        assert_shows(pty, "\n INPUT ---");
        assert_shows(pty, cases[i].seven_bits ? "Jos? ? ? " : "José 日本 ");
        assert_int_equal(sends_only_ascii(pty), cases[i].seven_bits);
        probe_quit(pty);
    }
}

/* It draws two cells for some of the glyphs, as terminals of East Asia may. */
static void a_terminal_that_draws_wider_gets_ascii(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.mute = true});

    (void)state;
    assert_shows(pty, "\n✓ done");
    probe_assert(pty, pty_wait_sent(pty, "\033[6n", LIMIT_MS), "it is asked");
    size_t before = pty_sent_length(pty);
    probe_send(pty, "\033[1;21R");
    assert_shows(pty, "\nv done    > LATE    José 日本 ");
    assert_shows(pty, "\n INPUT ---");
    /* What stood behind a wide glyph isn't where it was thought to be. */
    assert_non_null(strstr(pty_sent(pty) + before, "PROBE"));
    probe_quit(pty);
}

static void a_terminal_that_answers_well_keeps_glyphs(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "k");
    assert_shows(pty, "\n k ");
    assert_shows(pty, "\n✓ done");
    probe_quit(pty);
}

#define ANSWER_MS 3000 /* as ui/term.c has it */

/* Somebody pressed shift-F3, which sends the same bytes. */
static void an_answer_that_comes_late_is_none(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.mute = true});

    (void)state;
    probe_assert(pty, pty_wait_sent(pty, "\033[6n", LIMIT_MS), "it is asked");
    pty_pause(pty, ANSWER_MS + 100);
    pty_keys(pty, "\033[1;2Rk");
    assert_shows(pty, "\n k ");
    assert_showing(pty, "\n✓ done");
    probe_quit(pty);
}

/* What the program didn't read is echoed, as what is typed behind it. */
static bool leaves_an_answer(void) {
    struct pty *pty = probe_start(&(struct pty_options){.mute = true});

    pty_keys(pty, "q");
    probe_send(pty, "\033[1;16R");
    probe_end(pty);
    probe_send(pty, "#");
    probe_assert(pty, pty_wait_sent(pty, "#", LIMIT_MS), "the shell's modes echo");
    bool leaves = strstr(pty_sent(pty), "^[[1;16R") != NULL;
    talloc_free(pty);
    return leaves;
}

/* It would be typed into the shell. A terminal may answer when nobody waits any more, and so does
 * this one where we are held up; not each time. */
static void an_answer_is_waited_for_at_the_end(void **state) {
    int tries = 10;

    (void)state;
    while (leaves_an_answer()) {
        assert_int_not_equal(--tries, 0);
    }
}

static void a_hang_up_is_no_answer(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.mute = true});
    int status;

    (void)state;
    pty_hang_up(pty);
    probe_assert(pty, pty_wait_end(pty, &status, ANSWER_MS / 2), "it ends without one");
    assert_int_equal(status, 0);
    talloc_free(pty);
}

/* Its shell goes on below what was shown. */
static void without_another_screen_it_leaves_its_own(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.term = "linux"});

    (void)state;
    pty_keys(pty, "q");
    assert_int_equal(probe_end(pty), 0);
    assert_shows(pty, "\nprobe ended ");
    assert_showing(pty, "corner\nprobe ended ");
    talloc_free(pty);
}

static void where_there_is_no_screen_it_says_so(void **state) {
    static const char *const no_term[] = {"TERM", NULL}, *const empty[] = {"TERM=", NULL};
    static const struct {
        struct pty_options options;
        const char *words;
    } cases[] = {
        {{.cols = 200, .term = "dumb"}, "refused 6: can't show the console: TERM=dumb is unknown"},
        {{.cols = 200, .term = "nonsense"},
         "refused 6: can't show the console: TERM=nonsense is unknown"},
        {{.cols = 200, .environment = no_term},
         "refused 6: can't show the console: TERM is not set"},
        {{.cols = 200, .environment = empty}, "refused 6: can't show the console: TERM is not set"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct pty *pty = probe_start_with(&cases[i].options, NULL);
        struct termios before = pty_first_modes(pty);
        int status = probe_end(pty);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 6);
        assert_shows(pty, cases[i].words);
        assert_shows(pty, "line mode: backout status");
        assert_null(strchr(pty_sent(pty), '\033'));
        assert_true(pty_same_modes(pty_modes(pty), before));
        talloc_free(pty);
    }
}

static void without_a_terminal_it_says_so(void **state) {
    char *command = xtalloc_asprintf(NULL, "exec %s </dev/null", probe_path());
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    struct pty *pty = pty_start(NULL, &(struct pty_options){.cols = 200}, argv);

    (void)state;
    int status = probe_end(pty);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 6);
    assert_shows(pty, "standard input is not a terminal; use line mode: backout status");
    talloc_free(pty);
    talloc_free(command);
}

/* HARDENING.md: "O_NONBLOCK on an inherited descriptor leaks into the user's shell". */
static void the_shells_descriptor_stays_blocking(void **state) {
    char *command = xtalloc_asprintf(
        NULL, "%s; grep ^flags /proc/self/fdinfo/0; echo shell goes on", probe_path());
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    struct pty *pty = pty_start(NULL, &(struct pty_options){0}, argv);

    (void)state;
    assert_shows(pty, "corner");
    pty_keys(pty, "q");
    assert_int_equal(probe_end(pty), 0);
    assert_shows(pty, "shell goes on");
    const char *flags = strstr(pty_text(pty), "flags:");
    assert_non_null(flags);
    assert_int_equal(strtol(flags + strlen("flags:"), NULL, 8) & O_NONBLOCK, 0);
    talloc_free(pty);
    talloc_free(command);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(colors_go_where_they_are_wanted),
        cmocka_unit_test(glyphs_have_twins_where_they_cant_be_drawn),
        cmocka_unit_test(a_terminal_that_draws_wider_gets_ascii),
        cmocka_unit_test(a_terminal_that_answers_well_keeps_glyphs),
        cmocka_unit_test(an_answer_that_comes_late_is_none),
        cmocka_unit_test(an_answer_is_waited_for_at_the_end),
        cmocka_unit_test(a_hang_up_is_no_answer),
        cmocka_unit_test(without_another_screen_it_leaves_its_own),
        cmocka_unit_test(where_there_is_no_screen_it_says_so),
        cmocka_unit_test(without_a_terminal_it_says_so),
        cmocka_unit_test(the_shells_descriptor_stays_blocking),
    };

    return cmocka_run_group_tests_name("term_kinds", tests, probe_find, probe_forget);
}
