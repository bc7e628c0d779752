/* Plans and commands as chance makes them: every one can be declared, few make sense.
 * Owns nothing. The same seed gives the same plan and the same words on every machine. */
#ifndef BACKOUT_TESTS_INCIDENT_GENERATE_H
#define BACKOUT_TESTS_INCIDENT_GENERATE_H

#include "tests/incident/story.h"

/* A plan of 3 to 8 steps of every kind that can be performed, with needs, handlers, locks,
 * conditions and options. */
const char *generate_plan(const void *parent, struct random *random);

/* What somebody might type now, or a runner report; owned by the story. */
struct command *generate_command(struct story *story, struct random *random);

const char *generate_person(struct random *random);

/* Who gives the command: mostly somebody who may, where a roster is in force. */
const char *generate_actor(struct story *story, struct random *random,
                           const struct command *command);

/* One command more, as chance gives it, after so much time as chance gives; `plans` are what
 * somebody may find. True when anything came of it. */
bool generate_next(struct story *story, struct random *random, const char *const *plans,
                   size_t plans_count);

#endif
