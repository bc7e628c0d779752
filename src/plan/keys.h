/* The sections of format 1 that are too long to stand in one file, and the shapes they share.
 * Owns const tables. Never included outside the key tables and the schema. */
#ifndef BACKOUT_PLAN_KEYS_H
#define BACKOUT_PLAN_KEYS_H

#include "yaml/scalar.h"

/* What a text can be the name of, as bits: some keys name a step or an option. */
enum plan_name {
    NAME_STEP = 1 << 0,
    NAME_LAUNCH_STEP = 1 << 1, /* before_launch */
    NAME_RETURN_STEP = 1 << 2, /* reinstate.steps */
    NAME_OPTION = 1 << 3,
    NAME_ROLE = 1 << 4,
    NAME_GATE = 1 << 5,
    NAME_CRITERION = 1 << 6,
    NAME_SOURCE = 1 << 7,
    NAME_NOTICE = 1 << 8,
    NAME_CHANGE = 1 << 9,
};

/* Which ${names} are replaced in a text, as bits. In a text without any, "${" is a mistake. */
enum plan_scope {
    SCOPE_STEP = 1 << 0,    /* inputs, site, outputs of earlier steps, incident.number|service */
    SCOPE_SECRETS = 1 << 1, /* secrets */
    SCOPE_NOTICE = 1 << 2,  /* incident.started_at|recovered_at, notice.next_update */
    SCOPE_RAW = 1 << 3,     /* not looked at: a regex, a query, an expression */
};

extern const struct shape raw_shape;
extern const struct shape money_shape;
extern const struct shape regex_shape;
extern const struct shape expr_shape;
extern const struct shape command_shape;    /* argv, or a shell string */
extern const struct shape secret_map_shape; /* env, headers */

/* Names of things that stand elsewhere in the plan. */
extern const struct scalar step_name, any_step_name, role_name, gate_name, criterion_name;
extern const struct shape step_name_shape, step_names_shape;
extern const struct shape any_step_name_shape, any_step_names_shape;
extern const struct shape role_name_shape, role_names_shape;
extern const struct shape gate_name_shape;
extern const struct shape notice_name_shape;
extern const struct shape criterion_names_shape;
extern const struct shape signal_uses_shape; /* trigger, guard, exit: one or a list */

/* keys_step.c: where step definitions stand. */
extern const struct shape steps_shape;
extern const struct shape reinstate_steps_shape; /* ids of steps, or steps of its own */

/* keys_plan.c: sections of the lists that load_lists.c fills. */
extern const struct section option_section, input_section;

/* keys_signal.c */
extern const struct shape sources_shape, criteria_shape;

/* keys_people.c */
extern const struct shape approvals_shape, notices_shape, goodwill_shape;

/* keys_change.c: what is in production, and what it rests on. */
extern const struct shape changes_shape, risks_shape, containment_shape, reinstate_shape,
    drill_shape, close_shape;

#endif
