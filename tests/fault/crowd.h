/* Many processes at one store, any of which may die by kill -9 at any moment: writers that keep
 * count of what was acknowledged to them, consoles on ptys, starters of steps, the runners that
 * those leave behind, and keepers who call somebody every second. Owns every process that it
 * begins. Never judges what they leave: that is the test's. */
#ifndef BACKOUT_TESTS_FAULT_CROWD_H
#define BACKOUT_TESTS_FAULT_CROWD_H

#include "tests/base/unit.h"
#include "tests/log/fixture.h"

#define CROWD_WRITERS  8
#define CROWD_COMMANDS 500 /* of each writer, one after the other */
#define CROWD_STEPS    40  /* of the plan, all of them ready at once */

struct crowd;

/* A store with one incident, INC-1, decided on; nobody is there yet. `seed` is what the moments of
 * the accidents are made of. */
struct crowd *crowd_new(struct fixture *fixture, uint64_t seed);

/* Begins whoever isn't there: again where somebody was killed, until all writers are done. */
void crowd_gather(struct crowd *crowd);

/* After a random moment, kills one of a random kind. */
void crowd_accident(struct crowd *crowd);

/* How many commands of all writers were acknowledged; they are done at WRITERS × COMMANDS. */
size_t crowd_acknowledged(const struct crowd *crowd, size_t writer);
bool crowd_is_done(const struct crowd *crowd);

/* Sends everybody home and waits, without a kill, for what still runs. */
void crowd_leave(struct crowd *crowd);

/* The id of a writer's nth command: asked again after a kill, it is the same. Owned by `parent`. */
char *crowd_command(const void *parent, size_t writer, size_t number);

/* How many were killed, kind by kind, for a line of the test's log. Owned by the crowd. */
const char *crowd_losses(struct crowd *crowd);
size_t crowd_killed(const struct crowd *crowd);

#endif
