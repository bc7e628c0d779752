/* A store with an incident under way, as a console sees it: for tests that let real runners run. */
#ifndef BACKOUT_TESTS_RUN_SERVICE_H
#define BACKOUT_TESTS_RUN_SERVICE_H

#include "tests/run/fixture.h"

#include "run/run.h"

struct service {
    struct bench *bench;
    char *folder; /* of store and plan; steps run there */
    char *store;
    struct hub *hub;
    struct door *door;
};

/* cmocka's setup and teardown: *state is a struct service with incident 1, decided: back. */
int service_setup(void **state);
int service_teardown(void **state);

/* To be called first by main: the runner's side, when this program was started as one; else -1. */
int service_runner(int argc, char **argv);

/* Gives a command with its words (ended by NULL) through the door; returns the answer. */
struct hub_item service_try(struct service *service, const char *const *words);
/* And asserts that it was accepted. */
void service_do(struct service *service, const char *const *words);
#define DO(service, ...)  service_do(service, (const char *const[]){__VA_ARGS__, NULL})
#define TRY(service, ...) service_try(service, (const char *const[]){__VA_ARGS__, NULL})

struct step *service_step(const struct service *service, const char *id);

/* Turns the hub until the step is in that state; fails the test after LIMIT_MS. */
void service_until(struct service *service, const char *id, enum step_state state);
/* Turns the hub until the step is no longer running or verifying. */
void service_until_ended(struct service *service, const char *id);
void service_turn(struct service *service);

/* Another console over the same store, as after the first one died. */
void service_reopen(struct service *service);

/* How many lines the step's own record has: how often it really ran. */
size_t service_ran(const struct service *service, const char *file);

/* "FOLDER/NAME" */
char *service_path(const struct service *service, const char *name);

#endif
