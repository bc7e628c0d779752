/* Histories told in words, for tests: who typed what, and what a runner reported.
 * A story owns a hub over a log in memory, so every word goes the way of the program: parse,
 * decide, append, fold, what follows by rule. Its clock goes only when it is told to. */
#ifndef BACKOUT_TESTS_INCIDENT_STORY_H
#define BACKOUT_TESTS_INCIDENT_STORY_H

#include "tests/base/unit.h"

#include "hub/local.h"
#include "incident/status.h"

#define STORY_BEGAN_MS INT64_C(1794492482000) /* 2026-11-12T14:08:02Z */

/* A moment at which nobody ever set the clock. */
#define AT(ms) ((struct moment){(ms), (ms)})

struct story {
    struct hub *hub;
    struct err *err; /* of the last refusal */
    int64_t now_ms;
    int64_t ahead_ms;        /* how far the wall clock was set forward since the story began */
    int64_t incident;        /* the one that is meant where none is named: the last declared */
    struct facts facts;      /* what the doors find: a runner, a disk with room, everybody exists */
    const char *plan_text;   /* what is in every plan file */
    const char *roster_text; /* and in every roster file */
    enum hub_verdict verdict;
    struct hub_item item; /* the last answer */
    char *answer;
    char last_id[COMMAND_ID];
    struct command *page; /* that the last courier set out with */
    struct event *events; /* that the last command appended, in order */
    size_t events_count;
};

/* For cmocka: a fresh talloc context as *state, and gone again with all that hangs under it. */
int story_setup(void **state);
int story_teardown(void **state);
#define story_test(test) cmocka_unit_test_setup_teardown(test, story_setup, story_teardown)

/* Nobody has declared anything yet. `plan_text` may be NULL. */
struct story *story_new(const void *parent, const char *plan_text);

/* The same over that log, which it takes. */
struct story *story_over(const void *parent, struct log *log, const char *plan_text);

/* A story with INC-1 declared by ana, on the plan. */
struct story *story_declared(const void *parent, const char *plan_text);

/* One on a plan of these steps (see story_plan), that ana commands and has decided to take back. */
struct story *story_decided(const void *parent, const char *more, const char *steps);

/* A roster in force: ana and bo may command, cy and dot respond, sue only looks; others too. ana
 * and bo are called as commander, cy and dot as dev, kim (who may respond) as comms; `more` (may be
 * "") are other keys of the top level. */
const char *story_roster(const void *parent, const char *more);

/* A plan of these steps (YAML, two spaces before the dash) that can be declared; `more` (may be "")
 * are other keys of the top level. */
const char *story_plan(const void *parent, const char *more, const char *steps);

/* One command in the words of line mode ('quotes' keep words together). True when accepted. */
bool story_do(struct story *story, const char *who, const char *words);
/* The same, and the test fails unless it is accepted. */
void story_ok(struct story *story, const char *who, const char *words);
/* And unless it is refused with that code, in a sentence that has `part` in it. */
void story_refused(struct story *story, const char *who, const char *words, enum err_code code,
                   const char *part);

/* A command that is no words: filled in by the test, submitted as it is. */
struct command *story_command(struct story *story, const char *name, const char *step);
bool story_submit(struct story *story, const char *who, const struct command *command);

/* What the runner of the step's current run reports. */
bool story_ran(struct story *story, const char *step, const char *ended, int64_t status);
bool story_verified(struct story *story, const char *step, const char *verdict);

void story_passes(struct story *story, int64_t ms);
/* Somebody sets the wall clock, forward or back; the hub finds out with the next command. */
void story_sets_clock(struct story *story, int64_t by_ms);

/* What a keeper does now, as `who`: fires every level that is due. How many that were. */
size_t story_keeps(struct story *story, const char *who);

/* What a courier of that name says: that it sets out with the next page that is due, and how that
 * went (`why` NULL: it was sent). False: there is none, or it was refused. */
bool story_pages(struct story *story, const char *courier);
bool story_paged(struct story *story, const char *why);

/* What is true now. */
const struct incident *story_incident(const struct story *story);
const struct step *story_step(const struct story *story, const char *id);
const char *story_state(const struct story *story, const char *id); /* "ready" */
char *story_dump(const struct story *story);
/* The kinds of the events the last command appended: "step.failed incident.paused". */
const char *story_kinds(const struct story *story);

/* The same state made anew from what the log holds. */
struct state *story_refold(const struct story *story);

#endif
