/* Exactly what a step runs: words, folder and environment with every ${} replaced, and the digest
 * that ties what was started to what is executed.
 * Pure. Secrets stay names here; the runner reads them when it uses them. */
#ifndef BACKOUT_INCIDENT_INVOCATION_H
#define BACKOUT_INCIDENT_INVOCATION_H

#include "incident/state.h"

struct invocation {
    const char *const *argv;       /* ended by NULL; NULL for a step that only waits */
    const char *cwd;               /* absolute */
    const struct pair *env;        /* plain values */
    const struct pair *secret_env; /* variable → name of the plan's secret */
    char digest[DIGEST_HEX];       /* BLAKE2b over all of the above, framed */
};

/* The work of the step, or (RUN_CHECK) its verify command. ERR_REFUSED names a ${} without value.
 */
bool invocation_make(const void *parent, const struct incident *incident, const struct step *step,
                     enum run_purpose purpose, struct invocation **invocation, struct err *err);

/* The value of inputs.*, site.*, steps.*, incident.* (name_lookup_fn; data: struct names). */
struct names {
    const void *parent; /* where computed values are allocated */
    const struct incident *incident;
};
const char *names_lookup(void *data, const char *name);

/* A text of the plan for people: with every ${} replaced, or as written while one has no value yet.
 */
char *plan_words(const void *parent, const struct incident *incident, const char *text);

/* What the step will run (RUN_CHECK: its verify), quoted: as it will run, or as written while a ${}
 * has no value yet. */
char *step_command_words(const void *parent, const struct incident *incident,
                         const struct step *step, enum run_purpose purpose);

/* argv as a quoted list, for people: ["kubectl", "-n", "checkout"]. Owned by `parent`. */
char *argv_quoted(const void *parent, const char *const *argv);

#endif
