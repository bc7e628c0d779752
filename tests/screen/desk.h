/* The real program on a terminal, over a store of its own, and others who write to that store.
 * A desk owns its folder, which is its home too, and the program; both are gone with it. */
#ifndef BACKOUT_TESTS_SCREEN_DESK_H
#define BACKOUT_TESTS_SCREEN_DESK_H

#include "tests/base/unit.h"

#include "tests/screen/probe.h"

struct desk {
    char *folder, *store;
    struct pty *pty; /* NULL until desk_open */
};

/* For cmocka: a desk as *state. */
int desk_setup(void **state);
int desk_teardown(void **state);
#define desk_test(test) cmocka_unit_test_setup_teardown(test, desk_setup, desk_teardown)

/* A file of the folder. */
char *desk_write(struct desk *desk, const char *name, const char *text);

/* Somebody else's line mode, to its end, in words parted by spaces ('quotes' keep words together);
 * the test fails unless it succeeds. */
void desk_others_at(struct place at, struct desk *desk, const char *words);
#define desk_others(desk, words) desk_others_at(HERE, desk, words)

/* An incident on a plan of three manual steps, each after the one before, that we command and have
 * decided to take back; then the console. */
void desk_incident_at(struct place at, struct desk *desk);
#define desk_incident(desk) desk_incident_at(HERE, desk)
/* By these words ("watch 2"; "" for a console that may write); its first frame shows that. */
void desk_open_at(struct place at, struct desk *desk, const char *words, const char *shown);
#define desk_open(desk)           desk_open_at(HERE, desk, "", "LIVE")
#define desk_open_on(desk, shown) desk_open_at(HERE, desk, "", shown)
#define desk_open_by(desk, words) desk_open_at(HERE, desk, words, "LIVE")

/* Types, and waits until that is shown. */
void desk_keys_at(struct place at, struct desk *desk, const char *keys, const char *shown);
#define desk_keys(desk, keys, shown) desk_keys_at(HERE, desk, keys, shown)
/* The line takes nothing more, and is full: of an incident's board in many sizes. */
void desk_stall_at(struct place at, struct desk *desk);
#define desk_stall(desk) desk_stall_at(HERE, desk)
/* The row that is highlighted over its whole width, owned by the desk; NULL where none is. */
const char *desk_selected(struct desk *desk);
void desk_wait_selected_at(struct place at, struct desk *desk, const char *part);
#define desk_wait_selected(desk, part) desk_wait_selected_at(HERE, desk, part)
/* It still answers, and nothing is asked. */
void desk_is_calm_at(struct place at, struct desk *desk);
#define desk_is_calm(desk) desk_is_calm_at(HERE, desk)

#endif
