/* Hubs over a real store in a folder of its own, spoken to in words.
 * Owns the folder (through the log's fixture) and removes it. */
#ifndef BACKOUT_TESTS_HUB_STORE_H
#define BACKOUT_TESTS_HUB_STORE_H

#include "tests/incident/story.h"
#include "tests/log/fixture.h"

/* For cmocka: *state becomes a struct fixture *, and goes again. */
int store_setup(void **state);
#define store_test(test) cmocka_unit_test_setup_teardown(test, store_setup, fixture_teardown)

/* A hub of that person over the fixture's store, which is made where there is none. */
struct hub *store_open(struct fixture *fixture, const char *who);
struct hub *store_open_read_only(struct fixture *fixture);

/* Submits the words ("start 1 flag": the incident is always named) with a fit runner and that plan
 * text; returns the ticket. */
int64_t store_submit(struct fixture *fixture, struct hub *hub, const char *plan_text,
                     const char *words);

/* Turns the hub until it answers the ticket. The item lives until the hub's next turn. */
struct hub_item store_answer(struct hub *hub, int64_t ticket);

/* Both in one; store_ok fails the test unless it is accepted. */
struct hub_item store_do(struct fixture *fixture, struct hub *hub, const char *words);
struct hub_item store_ok(struct fixture *fixture, struct hub *hub, const char *words);

/* Turns the hub at that time until nothing is left; returns how many events were told. */
size_t store_turn(struct hub *hub, int64_t now_ms);

/* Small plans that can be declared with --accept. */
extern const char store_plan[], store_other_plan[];
/* What `roster apply` finds: ana and bo may command. */
extern const char store_roster[];

/* What a new hub, which reads all from the log, has of an incident, and what this one has. */
void store_check_state(struct fixture *fixture, struct hub *hub);

#endif
