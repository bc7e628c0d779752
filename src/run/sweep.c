#include "config.h"

#include "run/sweep.h"

#include "base/host.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "run/capture.h"
#include "run/claim.h"
#include "run/processes.h"
#include "run/report.h"

#include <string.h>

/* A process that may not be looked at could be a runner that was held and not yet let go; this long
 * after its start it has taken its claim, or never will. */
#define UNSURE_MS MINUTE_MS

struct sweep {
    struct hub *hub;
    int64_t now_ms;
    char *host, *boot;
    size_t reported;
    void *scratch;
};

/* One run under judgement, its claim ours. */
struct judgement {
    struct sweep *sweep;
    const struct incident *incident;
    const struct step *step;
    const struct run *run;
    struct folder *folder;
    struct err *err;
};

/* ---- who lives
 * --------------------------------------------------------------------------------------- */

static bool may_live(const struct run *run, const char *boot, int64_t now_ms) {
    if (run->boot == NULL || strcmp(run->boot, boot) != 0)
        return false; /* the machine was started anew since */
    enum life life = processes_runner((pid_t)run->pid);
    bool young = now_ms - run->started_ms < UNSURE_MS;
    return life == LIFE_THERE || (life == LIFE_UNSURE && young);
}

bool run_is_lost(const struct run *run, int64_t now_ms) {
    void *scratch = talloc_new(NULL);
    bool lost = run != NULL && run->host != NULL && strcmp(run->host, host_name(scratch)) == 0 &&
                !may_live(run, host_boot(scratch), now_ms);
    talloc_free(scratch);
    return lost;
}

static bool is_here(const struct sweep *sweep, const struct run *run) {
    return strcmp(run->host, sweep->host) == 0;
}

/* ---- what the folder says
 * ---------------------------------------------------------------------------- */

/* "lost contact 10:42:07, host ops2, pid 4122" and what may still be going on. */
static char *words_of_loss(const struct judgement *judgement) {
    void *scratch = judgement->sweep->scratch;
    const struct run *run = judgement->run;
    int64_t wrote_ms = folder_written_ms(judgement->folder, CAPTURE_OUTPUT);
    pid_t group = claim_group(judgement->folder);
    bool same_boot = strcmp(run->boot, judgement->sweep->boot) == 0;
    char *words = xtalloc_asprintf(scratch, "lost contact %s, host %s, pid %lld",
                                   time_clock(scratch, judgement->sweep->now_ms), run->host,
                                   (long long)run->pid);
    if (!same_boot)
        words = xtalloc_asprintf(scratch, "%s; the host was restarted", words);
    if (wrote_ms > 0)
        words =
            xtalloc_asprintf(scratch, "%s; last output %s", words, time_clock(scratch, wrote_ms));
    if (same_boot && processes_group_lives(group))
        words = xtalloc_asprintf(scratch, "%s; processes of group %lld still run", words,
                                 (long long)group);
    return words;
}

/* Written down before it is said: from then on no late runner can think otherwise. */
static struct ending *judge(struct judgement *judgement, const char *name,
                            const struct ending *found) {
    struct ending *ending = xtalloc_memdup(judgement->sweep->scratch, found, sizeof(*found));
    ending->run = judgement->run->id;
    ending->reason = words_of_loss(judgement);
    ending->at = judgement->sweep->now_ms;
    return ending_write(judgement->folder, name, ending, judgement->err) ? ending : NULL;
}

/* The ending that the folder holds, else the one that must be concluded. NULL: not to be had now.
 */
static struct ending *end_of_work(struct judgement *judgement) {
    struct ending *ending =
        ending_read(judgement->sweep->scratch, judgement->folder, ENDING_OF_WORK, judgement->err);
    if (ending != NULL)
        return ending;
    /* Of another host nothing need have come along, a mark neither. */
    bool began = claim_has_exec(judgement->folder) || !is_here(judgement->sweep, judgement->run);
    return judge(judgement, ENDING_OF_WORK, &(struct ending){.ended = began ? "lost" : "absent"});
}

static struct ending *end_of_verify(struct judgement *judgement) {
    struct ending *ending =
        ending_read(judgement->sweep->scratch, judgement->folder, ENDING_OF_VERIFY, judgement->err);
    if (ending != NULL)
        return ending;
    return judge(judgement, ENDING_OF_VERIFY, &(struct ending){.verdict = "lost"});
}

/* ---- the report
 * -------------------------------------------------------------------------------------- */

static void report(struct judgement *judgement) {
    struct sweep *sweep = judgement->sweep;
    bool verifying =
        judgement->run->purpose == RUN_CHECK || judgement->step->record == STEP_VERIFYING;
    struct ending *ending = verifying ? end_of_verify(judgement) : end_of_work(judgement);
    if (ending == NULL)
        return;
    ending->run = judgement->run->id;
    struct command *command = (verifying ? report_of_verify : report_of_work)(
        sweep->scratch, judgement->incident->number, judgement->step->spec->id, ending,
        sweep->now_ms);
    hub_submit(sweep->hub, command, NULL);
    sweep->reported++;
}

/* The claim is the fence. A runner that is only late can't get past it while it is ours, and finds
 * the judgement in the folder afterwards. */
static void look_at(struct sweep *sweep, const struct incident *incident, const struct step *step,
                    const struct run *run) {
    struct err *err = err_new(sweep->scratch);
    struct judgement judgement = {
        .sweep = sweep, .incident = incident, .step = step, .run = run, .err = err};
    struct claim *claim;
    if ((!is_here(sweep, run) || !may_live(run, sweep->boot, sweep->now_ms)) &&
        folder_open(err, hub_run_folder(sweep->hub), run->id, true, &judgement.folder, err) &&
        claim_take(err, judgement.folder, &claim, err)) {
        report(&judgement);
        talloc_free(claim);
    }
    talloc_free(err);
}

/* What runs elsewhere is another host's to judge, unless the store says that that one is dead. */
static bool is_ours(const struct sweep *sweep, const struct run *run) {
    bool inherited = run->seq <= hub_state(sweep->hub)->inherited;
    return run->host != NULL && (inherited || is_here(sweep, run));
}

static void look_at_steps(struct sweep *sweep, const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct run *run = step_run(&incident->steps[i]);
        if (run != NULL && is_ours(sweep, run))
            look_at(sweep, incident, &incident->steps[i], run);
    }
}

size_t run_sweep(struct hub *hub, int64_t now_ms) {
    const struct state *state = hub_state(hub);
    struct sweep sweep = {.hub = hub, .now_ms = now_ms, .scratch = talloc_new(NULL)};
    if (hub_read_only(hub) == NULL) {
        sweep.host = host_name(sweep.scratch);
        sweep.boot = host_boot(sweep.scratch);
        for (size_t i = 0; i < state->incidents_count; i++)
            look_at_steps(&sweep, state->incidents[i]);
    }
    talloc_free(sweep.scratch);
    return sweep.reported;
}
