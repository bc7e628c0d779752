/* A rollback plan: what a file of format 1 says, as one tree of memory.
 * Owns everything it points to (talloc children of the plan); read-only once loaded.
 * Never touches disk, clock or log: bytes come in, a plan or findings come out. */
#ifndef BACKOUT_PLAN_PLAN_H
#define BACKOUT_PLAN_PLAN_H

#include "base/digest.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/record.h"
#include "yaml/policy.h"

#include <stdint.h>

/* Durations are ms; 0 where the plan says nothing (defaults that the format names are filled in).
 */

enum step_kind {
    STEP_RUN,
    STEP_HTTP,
    STEP_MANUAL,
    STEP_APPROVAL,
    STEP_CHECK,
    STEP_NOTICE,
    STEP_WAIT,
};

enum step_phase {
    PHASE_NONE,
    PHASE_CONTAIN,
    PHASE_CODE,
    PHASE_CONFIG,
    PHASE_DATA,
    PHASE_VERIFY,
    PHASE_TELL
};

enum verify_kind { VERIFY_NONE, VERIFY_RUN, VERIFY_HTTP, VERIFY_EXPR, VERIFY_MATCHES };

enum failure_rule { FAILURE_PAUSE, FAILURE_CONTINUE, FAILURE_RUN };

enum confirm_kind { CONFIRM_NONE, CONFIRM_KEY, CONFIRM_WORD };

/* What is run: a list of words, or one shell string that runs as /bin/sh -eu -c TEXT. Strings hold
 * their ${} unsubstituted. */
struct plan_command {
    const char *const *argv; /* ended by NULL; NULL when there is no command. A shell string is
                                already {"/bin/sh", "-eu", "-c", TEXT, NULL} */
    bool shell;
};

struct plan_verify {
    enum verify_kind kind;
    struct plan_command run;
    const char *expr;
    const char *matches; /* POSIX extended regex over the step's own output */
    int64_t within_ms;
    int64_t every_ms;
};

struct plan_step {
    const char *id;
    const char *label; /* its number and id, "3 undo-code": what people call it */
    const char *title; /* the id where the plan gives none */
    const char *why, *customers, *runbook;
    enum step_phase phase;
    const char *owner; /* a role, or NULL */
    int64_t box_ms, by_ms;

    enum step_kind kind;
    struct plan_command run;
    const char *manual;
    const char *approval; /* STEP_APPROVAL: the gate */
    const char *notice;   /* STEP_NOTICE: its name */
    int64_t wait_ms;

    const size_t *needs; /* indexes into plan.steps; needs_count of them, defaults resolved */
    size_t needs_count;
    const char *when; /* expression, or NULL */

    bool read_only, idempotent, destructive;
    int64_t timeout_ms, grace_ms;
    int64_t retry_limit, retry_delay_ms;
    enum confirm_kind confirm;
    const char *confirm_word; /* with CONFIRM_WORD */
    struct plan_verify verify;
    enum failure_rule on_failure;
    const char *failure_step; /* with FAILURE_RUN: id of the handler */
    bool handler;             /* only: on_failure */
    const char *undo;
    const char *evidence_prompt;
    bool evidence_required;
    const struct pair *outputs; /* name → regex whose first group (else whole match) is the value */
    const struct pair *env;     /* defaults merged in, the step's own win */
    const char *cwd;            /* NULL: the plan's folder */
    const char *lock;
    const char *drill; /* run, render, tabletop, skip */
    const char *needs_approval;

    const struct node *node; /* as written: keys that are kept, and where they stand */
};

struct plan_option {
    const char *id;
    const char *title, *takes, *loses; /* may be NULL */
    const size_t *steps;               /* indexes into plan.steps */
    size_t steps_count;
};

enum input_type {
    INPUT_STRING,
    INPUT_INTEGER,
    INPUT_NUMBER,
    INPUT_BOOLEAN,
    INPUT_CHOICE,
    INPUT_DATETIME
};

struct plan_input {
    const char *name;
    enum input_type type;
    bool required, sensitive;
    const char *fallback; /* the default, or NULL */
    const char *pattern, *help;
    const char *const *choices; /* ended by NULL; may be NULL */
};

/* A secret is named in the plan and read from its place only when used. */
struct plan_secret {
    struct secret_place place; /* first: its section is stored into it */
    const char *name;
};

struct plan {
    char sha256[DIGEST_HEX]; /* of the bytes as read */
    const char *id, *title, *service, *environment;
    int64_t version;
    const char *ticket, *why;
    const char *channel;           /* links.channel */
    int64_t cost_minor_per_minute; /* hundredths of the currency; 0: none given */
    const char *cost_currency;
    int64_t rto_ms, rpo_ms;
    const char *no_return_step, *no_return_note; /* point_of_no_return, or NULL */

    struct targets targets; /* 0 where the plan says nothing */
    struct escalation escalation;
    struct roles roles;
    struct plan_option *options; /* the implied back, forward, hold where the plan has none */
    size_t options_count;
    struct plan_input *inputs;
    size_t inputs_count;
    struct plan_secret *secrets;
    size_t secrets_count;
    const struct pair *site;       /* sites.production, dotted names flat */
    const struct pair *drill_site; /* sites.drill */
    struct plan_step *steps;
    size_t steps_count;

    const struct node *document; /* as written, for keys that are kept */
};

/* Loads a plan that was frozen before, forgiving what it doesn't know (a newer program may have
 * frozen it). False only where no plan can be made of it (ERR_DAMAGED). `sha256` is computed. */
bool plan_load(const void *parent, const char *bytes, size_t length, struct plan **plan,
               struct err *err);

/* The ways of a plan that names none, and of an incident that has no plan; ended by a NULL id. */
extern const struct plan_option plan_implied_options[];

/* NULL where the plan has no such thing; without a plan (NULL) the implied options are found. */
const struct plan_step *plan_step_find(const struct plan *plan, const char *id);
const struct plan_option *plan_option_find(const struct plan *plan, const char *id);
const struct plan_input *plan_input_find(const struct plan *plan, const char *name);

const char *step_kind_name(enum step_kind kind);    /* "run", "manual", … */
const char *step_phase_name(enum step_phase phase); /* "contain", …; "" for PHASE_NONE */

/* Checks the inputs a person gave (`given`, may be NULL) against what the plan asks, fills in
 * defaults, and replaces a sensitive value by "sha256:HEX". The result is owned by `parent`, in the
 * plan's order. False: unknown name (did you mean), missing, wrong type or choice (ERR_USAGE). */
bool plan_inputs_resolve(const void *parent, const struct plan *plan, const struct pair *given,
                         const struct pair **resolved, struct err *err);

#endif
