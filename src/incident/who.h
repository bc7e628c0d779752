/* Who may do what: judged by the roster in force and by the roles of the incident, the plan's
 * before the roster's, as they are at the moment of the question. Pure. decide() asks for every
 * command; keys, help and the YOU line ask beforehand. Where no roster is in force everybody may do
 * everything. */
#ifndef BACKOUT_INCIDENT_WHO_H
#define BACKOUT_INCIDENT_WHO_H

#include "incident/state.h"

/* Whom a command is for; a column of its table. */
enum who {
    WHO_NOBODY,    /* a row that forgot to say */
    WHO_RUNNER,    /* runners report what happened, which nobody can undo */
    WHO_VIEWER,    /* everybody who may write */
    WHO_RESPONDER, /* who may respond; in an incident also whom its plan's roles name */
    WHO_STEP,      /* who answers for the step, holds or stands in the list of its owner role; and
                      who commands */
    WHO_COMMANDER, /* commander or deputy of the incident */
    WHO_PLANNER,   /* the same, and any responder while nobody commands and no plan is adopted */
    WHO_ROSTER,    /* whom the roster lets command */
    WHO_COUNT,
};
const char *who_name(enum who who);  /* "step", for machines */
const char *who_words(enum who who); /* "the step's people" */

/* People say IC, the record says commander: from a word to the role, and for people who read. */
const char *role_of_word(const char *word);
const char *role_words(const char *role);

/* Somebody who wants to do something. */
struct act {
    const struct state *state;
    const struct incident *incident; /* NULL where it is about none */
    const struct step *step;         /* likewise */
    const char *person;
    const char *as; /* the only one of their roles that shall count; NULL: any */
};

/* In which role the person may do it: the role's name; "" where they need none; NULL when they may
 * not. */
const char *act_role(const struct act *act, enum who who);

/* What the person may do in this incident: the roster's word, and `respond` for whom the plan's
 * roles name. `incident` may be NULL. */
enum authority person_authority(const struct state *state, const struct incident *incident,
                                const char *person);

/* Whether the person can have the role without being handed it: named for it by the plan, else by
 * the roster; or whom the roster lets command; or who commands, for any other role; or any
 * responder for a role that nobody is named for, but commander and deputy. */
bool act_may_take(const struct act *act, const char *role);

/* Who could take command, in the order of the call; ended by NULL, owned by `parent`. */
const char *const *people_for_command(const void *parent, const struct state *state,
                                      const struct incident *incident);

#endif
