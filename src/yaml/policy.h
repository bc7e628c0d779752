/* What plans and rosters say in the same form: who has a role, by when things are to happen, who is
 * called when they don't, and where secrets are. policy_keys.h says how they write it.
 * Records that own nothing by themselves. Never decides whose word counts for an incident. */
#ifndef BACKOUT_YAML_POLICY_H
#define BACKOUT_YAML_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- roles ----------------------------------------------------------------------------------- */

struct role_people {
    const char *name;
    const char *const *people; /* in the order in which they are called; ended by NULL */
};

struct roles {
    struct role_people *list;
    size_t count;
};

/* NULL where there is no such role. */
const struct role_people *role_find(const struct roles *roles, const char *name);
/* Whether the person stands in its list; false for NULL. */
bool role_has(const struct role_people *role, const char *person);

/* Everybody has these, whatever any file says. Ended by NULL. */
extern const char *const standing_roles[];
bool role_is_standing(const char *role);

/* ---- targets --------------------------------------------------------------------------------- */

/* Durations in ms; 0 where nothing is said. */
struct targets {
    int64_t detect_ms, acknowledge_ms, decide_ms, contain_ms, first_notice_ms, update_every_ms,
        executive_every_ms, call_out_ms;
};

/* What holds where no file says anything. */
extern const struct targets default_targets;
/* What `first` says, and `second` where it says nothing. */
struct targets targets_merge(const struct targets *first, const struct targets *second);

/* ---- escalation ------------------------------------------------------------------------------ */

enum lateness {
    LATE_UNACKNOWLEDGED,
    LATE_UNDECIDED,
    LATE_STEP,
    LATE_APPROVAL,
    LATE_NOTICE,
    LATE_RECOVERY,
};
const char *lateness_name(enum lateness lateness); /* "unacknowledged" */

struct escalation_level {
    enum lateness event;
    int64_t after_ms;
    const char *const *to; /* roles, people, channels; ended by NULL */
    int64_t repeat;
};

struct escalation {
    struct escalation_level *levels; /* in order */
    size_t count;
};

/* ---- secrets --------------------------------------------------------------------------------- */

/* A file never holds a secret, only where it is read from when it is used: one of the two. */
struct secret_place {
    const char *env;  /* an environment variable */
    const char *file; /* a path */
};

#endif
