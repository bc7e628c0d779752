#include "config.h"

#include "plan/lint_rules.h"

/* B020, B030, B039: why, how one knows, and how one gets back. */

bool step_changes(const struct plan_step *step) {
    bool by_software = step->kind == STEP_RUN || step->kind == STEP_HTTP;
    return !step->read_only && (by_software || step->destructive);
}

/* --- B020 ------------------------------------------------------------------------------------- */

void lint_reasons(struct linting *linting) {
    const struct plan *plan = linting_plan(linting);
    if (node_get(linting->document, "why") == NULL)
        lint_report(
            linting, linting->document, "add `why:` with what an hour of this costs whom",
            "the plan has no `why`: at night nobody can weigh the rollback against waiting");
    if (plan->no_return_step != NULL)
        return;
    for (size_t i = 0; i < plan->steps_count; i++) {
        const struct plan_step *step = &plan->steps[i];
        if (!step->destructive && step->phase != PHASE_DATA)
            continue;
        lint_report(linting, lint_place(step->node, step->destructive ? "destructive" : "phase"),
                    "add `point_of_no_return: {step, note}`",
                    "`%s` touches data and the plan has no `point_of_no_return`: nobody would "
                    "know until when there is a way back",
                    step->id);
        return; /* the remedy is one line of the plan, so once is enough */
    }
}

/* --- B030 ------------------------------------------------------------------------------------- */

void lint_proof(struct linting *linting) {
    for (size_t i = 0; i < linting_plan(linting)->steps_count; i++) {
        const struct plan_step *step = &linting_plan(linting)->steps[i];
        if (step_changes(step) && node_get(step->node, "verify") == NULL)
            lint_report(linting, step->node, "add `verify:` with a command that only reads",
                        "`%s` changes production and has no `verify`: after a lost connection "
                        "nobody could tell whether it happened",
                        step->id);
    }
}

/* --- B039 ------------------------------------------------------------------------------------- */

void lint_undo(struct linting *linting) {
    for (size_t i = 0; i < linting_plan(linting)->steps_count; i++) {
        const struct plan_step *step = &linting_plan(linting)->steps[i];
        if (step_changes(step) && node_get(step->node, "undo") == NULL)
            lint_report(linting, step->node,
                        "add `undo:` with what to do, or with the words that there is no way back",
                        "`%s` changes production and has no `undo`: if it makes things worse, "
                        "somebody would have to find the way back under pressure",
                        step->id);
    }
}
