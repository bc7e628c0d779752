/* What a runner has to say, said through its hub until the store has it.
 * A report is safe to repeat: its id follows from the run and from what it says. */
#ifndef BACKOUT_RUN_REPORT_H
#define BACKOUT_RUN_REPORT_H

#include "hub/hub.h"
#include "run/claim.h"

/* The command that reports an ending: "ran" for the end of the work, "verified" for a verdict of
 * its own. Owned by `parent`. */
struct command *report_of_work(const void *parent, int64_t incident, const char *step,
                               const struct ending *ending, int64_t now_ms);
struct command *report_of_verify(const void *parent, int64_t incident, const char *step,
                                 const struct ending *ending, int64_t now_ms);

#endif
