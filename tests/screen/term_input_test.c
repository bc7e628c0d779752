/* ui/term.c and ui/listen.c: what comes of what is typed, pasted and sent at a terminal. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/limits.h"
#include "base/xtalloc.h"
#include "tests/screen/probe.h"

#include <string.h>

#define AFTER_BURST_MS 200 /* when a key is a key again */

/* ---- input ----------------------------------------------------------------------------------- */

static void a_paste_presses_nothing(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    probe_send(pty, "\033[200~qqAz\033[31m\033[201~");
    assert_shows(pty, "paste:qqAz ");
    probe_send(pty, "\033[200~");
    probe_send(pty, "q");
    probe_send(pty, "\033[201~");
    assert_shows(pty, "paste:qqAz paste:q ");
    probe_quit(pty);
}

static void a_burst_presses_nothing(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    probe_send(pty, "quit bzrAq");
    assert_shows(pty, "paste:quit bzrAq ");
    pty_pause(pty, AFTER_BURST_MS);
    probe_quit(pty);
}

static void unknown_sequences_press_nothing(void **state) {
    static const char *const unknown[] = {"\033[24~",       "\033[1;5q", "\033q",
                                          "\033]11;q\a",    "\033Oq",    "\033[<0;1;1M",
                                          "\033Pqqq\033\\", "\033[M qq", "\033[?1;2q"};
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
        probe_send(pty, unknown[i]);
    }
    /* What waits in the kernel can't be counted: a paste behind them shows that they are read, and
     * parts them from the key, which would belong to a burst of theirs. */
    probe_send(pty, "\033[200~p\033[201~");
    assert_shows(pty, "\n paste:p  ");
    pty_keys(pty, "k");
    assert_shows(pty, "\n paste:p k  ");
    probe_quit(pty);
}

static void keys_have_their_names(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "\033[A\033OB\033[6~\t\r\x7f\x03\x0c\033");
    assert_shows(pty, " ↑ ↓ PgDn Tab Enter Backspace ctrl-c ctrl-l Esc ");
    probe_quit(pty);
}

static void text_is_typed_in_a_field(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "e");
    assert_shows(pty, "text:");
    pty_keys(pty, "José q");
    assert_shows(pty, "text: José q ");
    assert_true(pty_is_cursor_shown(pty));
    probe_assert(pty, pty_wait_cursor(pty, 4, 12, LIMIT_MS), "the cursor is behind it");
    pty_keys(pty, "\033[H");
    probe_assert(pty, pty_wait_cursor(pty, 4, 6, LIMIT_MS), "the cursor is at its start");
    pty_keys(pty, "\033[F");
    probe_assert(pty, pty_wait_cursor(pty, 4, 12, LIMIT_MS), "the cursor is behind it again");
    probe_send(pty, "\033[200~ two\rlines\033[201~");
    assert_shows(pty, "text: José q two lines");
    pty_keys(pty, "\r");
    assert_shows(pty, "typed:José q two lines");
    assert_shows_not(pty, "text:");
    assert_false(pty_is_cursor_shown(pty));
    probe_quit(pty);
}

static void bell_and_clipboard_are_sent(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});

    (void)state;
    pty_keys(pty, "by");
    probe_assert(pty, pty_wait_sent(pty, "\a", LIMIT_MS), "the bell");
    probe_assert(pty, pty_wait_sent(pty, "\033]52;c;Y29waWVkIHdvcmRz\a", LIMIT_MS), "OSC 52");
    probe_quit(pty);
}

/* What the Linux console doesn't know it shows. */
static void a_console_is_sent_no_clipboard(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){.term = "linux"});

    (void)state;
    pty_keys(pty, "yb");
    probe_assert(pty, pty_wait_sent(pty, "\a", LIMIT_MS), "the bell");
    assert_null(strstr(pty_sent(pty), "\033]52"));
    probe_quit(pty);
}

/* Of a text that would end the sequence, or begin another, nothing gets out as what it is. */
static void a_message_is_cleaned_and_cut(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});
    static const char start[] = "\033]777;notify;backout;a,";

    (void)state;
    pty_keys(pty, "M");
    probe_assert(pty, pty_wait_sent(pty, "\033]9;INC-1 it^[]0,burns^G\a", LIMIT_MS), "OSC 9");
    probe_assert(pty, pty_wait_sent(pty, start, LIMIT_MS), "OSC 777");
    probe_assert(pty, pty_wait_sent(pty, "b\a", LIMIT_MS), "cut");
    const char *message = strstr(pty_sent(pty), start) + strlen(start) - strlen("a,");
    assert_int_equal(strcspn(message, "\a"), TERM_MESSAGE_CELLS);
    assert_null(strstr(pty_sent(pty), "nothing"));
    probe_quit(pty);
}

static void a_long_copy_is_cut(void **state) {
    struct pty *pty = probe_start(&(struct pty_options){0});
    static const char start[] = "\033]52;c;";

    (void)state;
    pty_keys(pty, "Y");
    probe_assert(pty, pty_wait_sent(pty, start, LIMIT_MS), "OSC 52");
    probe_assert(pty, pty_wait_sent(pty, "YQ==\a", LIMIT_MS), "cut");
    const char *copied = strstr(pty_sent(pty), start);
    assert_int_equal(strcspn(copied + 1, "\a") + 1 - strlen(start), (TERM_COPY_MAX + 2) / 3 * 4);
    probe_quit(pty);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paste_presses_nothing),
        cmocka_unit_test(a_burst_presses_nothing),
        cmocka_unit_test(unknown_sequences_press_nothing),
        cmocka_unit_test(keys_have_their_names),
        cmocka_unit_test(text_is_typed_in_a_field),
        cmocka_unit_test(bell_and_clipboard_are_sent),
        cmocka_unit_test(a_console_is_sent_no_clipboard),
        cmocka_unit_test(a_message_is_cleaned_and_cut),
        cmocka_unit_test(a_long_copy_is_cut),
    };

    return cmocka_run_group_tests_name("term_input", tests, probe_find, probe_forget);
}
