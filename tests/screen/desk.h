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
void desk_others(struct desk *desk, const char *words);

/* An incident on a plan of three manual steps, each after the one before, that we command and have
 * decided to take back; then the console. */
void desk_incident(struct desk *desk);
void desk_open(struct desk *desk);
/* The console, where its first frame shows that. */
void desk_open_on(struct desk *desk, const char *shown);
/* The console by other words: "watch 2". */
void desk_open_by(struct desk *desk, const char *words);

/* Types, and waits until that is shown. */
void desk_keys(struct desk *desk, const char *keys, const char *shown);
/* The row that is highlighted over its whole width, owned by the desk; NULL where none is. */
const char *desk_selected(struct desk *desk);
void desk_wait_selected(struct desk *desk, const char *part);
/* It still answers, and nothing is asked. */
void desk_is_calm(struct desk *desk);

#endif
