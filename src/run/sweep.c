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

/* ---- who lives ------------------------------------------------------------------------------- */

/* The machine was started anew since. Where its boot id can't be read, nobody says so. */
static bool is_of_another_boot(const struct run *run, const char *boot) {
    return *boot && (run->boot == NULL || strcmp(run->boot, boot) != 0);
}

static bool may_live(const struct run *run, const char *boot, int64_t now_ms) {
    if (is_of_another_boot(run, boot))
        return false;
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

/* ---- what the folder says -------------------------------------------------------------------- */

/* "lost contact 10:42:07, host ops2, pid 4122" and what may still be going on. */
static char *words_of_loss(const struct judgement *judgement) {
    void *scratch = judgement->sweep->scratch;
    const struct run *run = judgement->run;
    int64_t wrote_ms = folder_written_ms(judgement->folder, CAPTURE_OUTPUT);
    pid_t group = claim_group(judgement->folder);
    bool same_boot = !is_of_another_boot(run, judgement->sweep->boot);
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
    err_clear(judgement->err);
    return ending_write(judgement->folder, name, ending, judgement->err) ? ending : NULL;
}

/* The ending that the folder holds; one that can't be read now may be read later, and no other is
 * concluded in its place. */
static bool is_told(struct judgement *judgement, const char *name, struct ending **ending) {
    struct err *err = judgement->err;
    *ending = ending_read(judgement->sweep->scratch, judgement->folder, name, err);
    return *ending != NULL || (err->code != ERR_NONE && err->code != ERR_DAMAGED);
}

/* That ending, else the one that must be concluded. NULL with `err`: not to be had now. */
static struct ending *end_of_work(struct judgement *judgement) {
    struct ending *ending;
    if (is_told(judgement, ENDING_OF_WORK, &ending))
        return ending;
    /* Of another host nothing need have come along, a mark neither. */
    bool began = claim_has_exec(judgement->folder) || !is_here(judgement->sweep, judgement->run);
    return judge(judgement, ENDING_OF_WORK, &(struct ending){.ended = began ? "lost" : "absent"});
}

static struct ending *end_of_verify(struct judgement *judgement) {
    struct ending *ending;
    if (is_told(judgement, ENDING_OF_VERIFY, &ending))
        return ending;
    return judge(judgement, ENDING_OF_VERIFY, &(struct ending){.verdict = "lost"});
}

/* ---- the report ------------------------------------------------------------------------------ */

static bool is_verifying(const struct step *step) {
    return step_run(step)->purpose == RUN_CHECK || step->record == STEP_VERIFYING;
}

static void report(struct judgement *judgement) {
    struct sweep *sweep = judgement->sweep;
    bool verifying = is_verifying(judgement->step);
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
 * the judgement in the folder afterwards. False: it is held, so somebody is at it. */
static bool judge_unclaimed(struct judgement *judgement) {
    struct claim *claim;
    if (!claim_take(judgement->sweep->scratch, judgement->folder, &claim, judgement->err))
        return judgement->err->code != ERR_CONFLICT;
    report(judgement);
    talloc_free(claim);
    return true;
}

/* Whether nobody is at that run any more; `err` is set where it can't be found how it ended. */
static bool is_over(struct sweep *sweep, const struct incident *incident, const struct step *step,
                    struct err *err) {
    struct judgement judgement = {
        .sweep = sweep, .incident = incident, .step = step, .run = step_run(step), .err = err};
    const struct run *run = judgement.run;
    if (is_here(sweep, run) && may_live(run, sweep->boot, sweep->now_ms))
        return false;
    return !folder_open(sweep->scratch, hub_run_folder(sweep->hub), run->id, true,
                        &judgement.folder, err) ||
           judge_unclaimed(&judgement);
}

/* ---- whose runs are looked at ---------------------------------------------------------------- */

/* What runs elsewhere is another host's to judge, unless the store says that that one is dead. */
static bool is_ours(const struct sweep *sweep, const struct run *run) {
    bool inherited = run->seq <= hub_state(sweep->hub)->inherited;
    return run->host != NULL && (inherited || is_here(sweep, run));
}

static bool look_at(struct sweep *sweep, const struct incident *incident, const struct step *step,
                    struct err *err) {
    const struct run *run = step_run(step);
    return run != NULL && is_ours(sweep, run) && is_over(sweep, incident, step, err);
}

static void look_at_steps(struct sweep *sweep, const struct incident *incident) {
    struct err *ignored = err_new(sweep->scratch);
    for (size_t i = 0; i < incident->steps_count; i++, err_clear(ignored))
        look_at(sweep, incident, &incident->steps[i], ignored);
}

static struct sweep begin(struct hub *hub, int64_t now_ms) {
    struct sweep sweep = {.hub = hub, .now_ms = now_ms, .scratch = talloc_new(NULL)};
    sweep.host = host_name(sweep.scratch);
    sweep.boot = host_boot(sweep.scratch);
    return sweep;
}

size_t run_sweep(struct hub *hub, int64_t now_ms) {
    const struct state *state = hub_state(hub);
    if (hub_read_only(hub) != NULL)
        return 0;
    struct sweep sweep = begin(hub, now_ms);
    for (size_t i = 0; i < state->incidents_count; i++)
        look_at_steps(&sweep, state->incidents[i]);
    talloc_free(sweep.scratch);
    return sweep.reported;
}

/* What a runner writes down before it reports. */
static bool has_ended(const struct sweep *sweep, const struct step *step, struct err *err) {
    struct folder *folder;
    const char *name = is_verifying(step) ? ENDING_OF_VERIFY : ENDING_OF_WORK;
    return folder_open(sweep->scratch, hub_run_folder(sweep->hub), step_run(step)->id, false,
                       &folder, err) &&
           folder_has(folder, name);
}

bool run_sweep_step(struct hub *hub, const struct incident *incident, const struct step *step,
                    int64_t now_ms, struct err *err) {
    struct sweep sweep = begin(hub, now_ms);
    bool over = look_at(&sweep, incident, step, err) ||
                (step_run(step) != NULL && has_ended(&sweep, step, err));
    talloc_free(sweep.scratch);
    return over;
}
