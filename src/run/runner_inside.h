/* What the files of the runner share: runner.c (its life) and perform.c (its deeds).
 * A struct runner owns all that one run needs; state is asked anew after every turn, for the hub
 * may have made it anew. */
#ifndef BACKOUT_RUN_RUNNER_INSIDE_H
#define BACKOUT_RUN_RUNNER_INSIDE_H

#include "run/claim.h"
#include "run/redact.h"
#include "run/report.h"
#include "run/worker.h"

struct runner {
    struct worker worker;
    const char *run;  /* its id */
    int64_t incident; /* of that id */
    const char *step;
    const char *host, *boot;
    struct folder *folder;
    struct claim *claim;
    struct redact *redact;
};

/* NULL when the state doesn't have it (any more). */
const struct step *runner_step(const struct runner *runner);
const struct run *runner_run(const struct runner *runner);

/* Whether somebody asked for its end: an abort on the log, or a SIGTERM. */
bool runner_must_stop(const struct runner *runner);

/* Says it until the store has it, or refuses for good: then false. */
bool runner_report(struct runner *runner, const struct command *command);

/* perform.c: everything from the claim to the last report. */
void runner_perform(struct runner *runner);

#endif
