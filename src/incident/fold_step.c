#include "config.h"

#include "base/array.h"
#include "incident/fold_kinds.h"

#include <string.h>

static void set_record(const struct folding *folding, enum step_state record, const char *reason) {
    struct step *step = folding->step;
    step->record = record;
    step->reason = keep_text(folding->incident, reason);
    step->ended_by = keep_text(folding->incident, folding->event->actor);
    step->by_rule = false;
    step->changed_ms = folding->event->at_ms;
    if (record != STEP_RUNNING && record != STEP_VERIFYING)
        end_reports(step);
}

/* Ends the open attempt, if there is one, with that outcome. */
static void end_attempt(const struct folding *folding, enum step_state outcome,
                        const char *evidence, const char *reason) {
    struct attempt *attempt = step_attempt(folding->step);
    if (!attempt)
        return;
    if (!attempt->ended_ms || attempt->outcome == STEP_UNKNOWN) {
        attempt->ended_ms = folding->event->at_ms;
        attempt->outcome = outcome;
    }
    if (evidence)
        attempt->evidence = keep_text(folding->incident, evidence);
    if (reason)
        attempt->reason = keep_text(folding->incident, reason);
}

static void end_run(const struct folding *folding) {
    struct run *run = step_run(folding->step);
    if (run)
        run->over = true;
}

static void add_run(const struct folding *folding, struct run run) {
    struct incident *incident = folding->incident;
    struct step *step = folding->step;
    run.id = keep_text(incident, run.id);
    run.host = keep_text(incident, run.host);
    run.boot = keep_text(incident, run.boot);
    run.digest = keep_text(incident, run.digest);
    run.by = keep_text(incident, folding->event->actor);
    run.started_ms = folding->event->at_ms;
    run.seq = folding->event->seq;
    *ARRAY_GROW(incident, step->runs, step->runs_count) = run;
}

bool fold_step_judged(const struct folding *folding) {
    const struct body_step_judged *body = folding->body;
    folding->step->when_judged = true;
    folding->step->when_why = keep_text(folding->incident, body->why);
    return true;
}

bool fold_step_started(const struct folding *folding) {
    const struct body_step_started *body = folding->body;
    struct step *step = folding->step;
    if (step_run(step) || body->attempt != (int64_t)step->attempts_count + 1)
        return false;
    struct attempt *attempt = ARRAY_GROW(folding->incident, step->attempts, step->attempts_count);
    *attempt = (struct attempt){.number = body->attempt,
                                .by = keep_text(folding->incident, folding->event->actor),
                                .started_ms = folding->event->at_ms,
                                .outcome = STEP_RUNNING,
                                .reason = keep_text(folding->incident, body->reason),
                                .work_run = keep_text(folding->incident, body->run)};
    if (body->run)
        add_run(folding, (struct run){.id = body->run,
                                      .purpose = RUN_WORK,
                                      .host = body->host,
                                      .boot = body->boot,
                                      .pid = body->pid,
                                      .digest = body->digest});
    set_record(folding, STEP_RUNNING, NULL);
    return true;
}

bool fold_check_started(const struct folding *folding) {
    const struct body_check_started *body = folding->body;
    if (step_run(folding->step) || !body->run)
        return false;
    add_run(folding, (struct run){.id = body->run,
                                  .purpose = RUN_CHECK,
                                  .host = body->host,
                                  .boot = body->boot,
                                  .pid = body->pid,
                                  .digest = body->digest});
    return true;
}

bool fold_step_abort_asked(const struct folding *folding) {
    const struct body_abort_asked *body = folding->body;
    struct run *run = body->run ? step_run_find(folding->step, body->run) : NULL;
    if (!run)
        return false;
    run->abort_by = keep_text(folding->incident, folding->event->actor);
    return true;
}

bool fold_step_ran(const struct folding *folding) {
    const struct body_step_ran *body = folding->body;
    struct attempt *attempt = step_attempt(folding->step);
    if (!attempt || !body->run || !step_run_find(folding->step, body->run))
        return false;
    attempt->output_sha256 = keep_text(folding->incident, body->output_sha256);
    attempt->output_bytes = body->output_bytes;
    if (body->outputs)
        folding->step->outputs = keep_pairs(folding->incident, body->outputs);
    return true;
}

/* The run that did the work goes on to verify it: same claim, same process. */
bool fold_step_verifying(const struct folding *folding) {
    const struct body_step_moved *body = folding->body;
    struct attempt *attempt = step_attempt(folding->step);
    if (!attempt)
        return false;
    if (body->evidence)
        attempt->evidence = keep_text(folding->incident, body->evidence);
    set_record(folding, STEP_VERIFYING, body->reason);
    return true;
}

static bool end_step(const struct folding *folding, enum step_state record) {
    const struct body_step_moved *body = folding->body;
    end_attempt(folding, record, body->evidence, body->reason);
    end_run(folding);
    set_record(folding, record, body->reason);
    return true;
}

bool fold_step_done(const struct folding *folding) {
    return end_step(folding, STEP_DONE);
}

bool fold_step_failed(const struct folding *folding) {
    return end_step(folding, STEP_FAILED);
}

bool fold_step_unknown(const struct folding *folding) {
    return end_step(folding, STEP_UNKNOWN);
}

bool fold_step_skipped(const struct folding *folding) {
    const struct body_step_moved *body = folding->body;
    set_record(folding, STEP_SKIPPED, body->reason);
    folding->step->by_rule = body->by_rule;
    return true;
}

/* Reopened: as if nothing had been done, but attempts and their output stay on the record. */
bool fold_step_reopened(const struct folding *folding) {
    const struct body_step_moved *body = folding->body;
    set_record(folding, STEP_WAITING, body->reason);
    folding->step->when_judged = true;
    return true;
}

static const struct {
    const char *as;
    enum step_state record, outcome;
} settlements[] = {
    {"happened", STEP_DONE, STEP_DONE},
    {"absent", STEP_WAITING, STEP_FAILED},
    {"partial", STEP_FAILED, STEP_FAILED},
};

static void mark_absent(const struct folding *folding) {
    struct attempt *attempt = step_attempt(folding->step);
    if (attempt)
        attempt->absent = true;
}

bool fold_step_settled(const struct folding *folding) {
    const struct body_step_settled *body = folding->body;
    for (size_t i = 0; body->as && i < ARRAY_SIZE(settlements); i++) {
        if (strcmp(settlements[i].as, body->as) != 0)
            continue;
        end_attempt(folding, settlements[i].outcome, body->evidence, NULL);
        if (strcmp(body->as, "absent") == 0)
            mark_absent(folding);
        end_run(folding);
        set_record(folding, settlements[i].record, body->evidence);
        return true;
    }
    return false;
}

bool fold_check_ended(const struct folding *folding) {
    const struct body_check_ended *body = folding->body;
    struct run *run = body->run ? step_run_find(folding->step, body->run) : NULL;
    if (!run)
        return false;
    run->over = true;
    folding->step->reason = keep_text(folding->incident, body->why);
    return true;
}
