#include "config.h"

#include "run/report.h"

#include "base/xtalloc.h"

#include <string.h>

/* "ran/41.undo-code.1"; where the run's id is too long for that, its digest stands for it. */
static void derive_id(struct command *command, const char *family, const char *run) {
    char hex[DIGEST_HEX];
    struct digest digest = digest_sha256(run, strlen(run));
    digest_hex(&digest, hex);
    char *id = xtalloc_asprintf(command, "%s/%s", family, run);
    if (strlen(id) >= sizeof(command->id))
        id = xtalloc_asprintf(command, "%s/%.40s", family, hex);
    memcpy(command->id, id, strlen(id) + 1);
}

static struct command *report(const void *parent, const char *name, int64_t incident,
                              const char *step, const struct ending *ending, int64_t now_ms) {
    struct command *command = command_new(parent, name, now_ms);
    derive_id(command, name, ending->run);
    command->incident = incident;
    command->step = step;
    command->run = ending->run;
    command->verdict = ending->verdict;
    command->reason = ending->reason;
    return command;
}

struct command *report_of_work(const void *parent, int64_t incident, const char *step,
                               const struct ending *ending, int64_t now_ms) {
    struct command *command = report(parent, "ran", incident, step, ending, now_ms);
    command->ended = ending->ended;
    command->status = ending->status;
    command->output_sha256 = ending->output_sha256;
    command->output_bytes = ending->output_bytes;
    command->dropped_bytes = ending->dropped_bytes;
    command->outputs = ending->outputs;
    return command;
}

struct command *report_of_verify(const void *parent, int64_t incident, const char *step,
                                 const struct ending *ending, int64_t now_ms) {
    return report(parent, "verified", incident, step, ending, now_ms);
}
