/* What follows from state without being recorded: a step's computed state, what it waits for, the
 * incident's phase, its path.
 * Pure; owns nothing. Never compares with now (clocks.h does). */
#ifndef BACKOUT_INCIDENT_STATUS_H
#define BACKOUT_INCIDENT_STATUS_H

#include "incident/state.h"

/* Recorded where something happened, else computed: not chosen, waiting, ready. */
enum step_state step_state(const struct incident *incident, const struct step *step);
const char *step_state_name(enum step_state state); /* "waiting", … */
bool step_state_is_over(enum step_state state);     /* done, skipped, not chosen */
bool step_state_is_open(enum step_state state);     /* running, verifying, unknown */

/* Whether a pause keeps it from being started. One that a failure caused doesn't stop what is done
 * about failures: trying such a step again, or its handler. */
bool step_is_paused(const struct incident *incident, const struct step *step);

/* Why a waiting step waits, as a phrase: "waits for 3 4", "no decision yet"; "" when it doesn't. */
char *step_waits_for(const void *parent, const struct incident *incident, const struct step *step);

/* The first containment step that is not over: what keeps it from being contained. NULL when
 * nothing does. */
const struct step *incident_containment(const struct incident *incident);

/* `says 14:10 "adding two nodes"`, in brief only when; "" where nobody said. Owned by `parent`. */
char *step_says(const void *parent, const struct step *step, bool brief);

enum phase {
    PHASE_DECLARED,
    PHASE_ACKNOWLEDGED,
    PHASE_DECIDED, /* held: a decision without steps */
    PHASE_ROLLING_BACK,
    PHASE_ROLLING_FORWARD,
    PHASE_WELL,
    PHASE_TOLD,
    PHASE_CLOSED,
    PHASE_ABANDONED,
    PHASE_COUNT,
};
enum phase incident_phase(const struct incident *incident);
const char *phase_name(enum phase phase);  /* "rolling_back": for machines, --until and the index */
const char *phase_words(enum phase phase); /* "ROLLING BACK": for line 1 */
bool phase_parse(const char *name, enum phase *phase);
/* What customers are told: investigating, identified, monitoring, resolved. */
const char *phase_customer_word(enum phase phase);

struct step_counts {
    size_t chosen, over, running, unknown, failed, ready;
};
struct step_counts incident_counts(const struct incident *incident);

/* "yes", "yes, until 6", "NO since 14:02": can the rollback itself still be taken back. "" where
 * the plan names no point of no return. */
char *incident_go_back(const void *parent, const struct incident *incident);

#endif
