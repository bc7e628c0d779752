#include "config.h"

#include "plan/lint_rules.h"

#include "base/time.h"
#include "base/xtalloc.h"

/* B011: every step has a time-box, what it may take fits into it, and all of them into `rto`. */

static void check_fit(struct linting *linting, const struct plan_step *step, const char *key,
                      const struct node *at, int64_t ms) {
    if (ms > step->box_ms)
        lint_report(linting, at, "make the box longer, or this shorter",
                    "`%s` may take %s, longer than the box of %s: the step is late before it fails",
                    key, duration_unit(linting->scratch, ms),
                    duration_unit(linting->scratch, step->box_ms));
}

static void check_box(struct linting *linting, const struct plan_step *step) {
    if (node_get(step->node, "box") == NULL && step->kind != STEP_WAIT)
        lint_report(linting, step->node, "add `box: 5m`, or how long it takes when it goes well",
                    "`%s` has no time-box: nobody would notice that it hangs", step->id);
    if (step->box_ms == 0)
        return;
    /* The format's own default of five minutes is no one's mistake. */
    const struct node *timeout = node_get(step->node, "timeout");
    const struct node *within = node_get(node_get(step->node, "verify"), "within");
    if (timeout != NULL)
        check_fit(linting, step, "timeout", timeout, step->timeout_ms);
    if (within != NULL)
        check_fit(linting, step, "verify", within, step->verify.within_ms);
}

/* --- the longest path of an option ------------------------------------------------------------ */

struct path {
    const struct plan *plan;
    const size_t *order; /* every step after its needs */
    size_t count;
    bool *chosen;    /* by the option: other steps take no time */
    int64_t *end_ms; /* of each step, at the earliest */
};

static int64_t step_ms(const struct plan_step *step) {
    return step->box_ms != 0 ? step->box_ms : step->wait_ms;
}

static int64_t longest_path(struct path *path, const struct plan_option *option) {
    int64_t longest = 0;
    for (size_t i = 0; i < path->plan->steps_count; i++)
        path->chosen[i] = false;
    for (size_t i = 0; i < option->steps_count; i++)
        path->chosen[option->steps[i]] = true;
    for (size_t i = 0; i < path->count; i++) {
        const struct plan_step *step = &path->plan->steps[path->order[i]];
        int64_t start_ms = 0;
        for (size_t j = 0; j < step->needs_count; j++)
            if (path->end_ms[step->needs[j]] > start_ms)
                start_ms = path->end_ms[step->needs[j]];
        int64_t end_ms = start_ms + (path->chosen[path->order[i]] ? step_ms(step) : 0);
        path->end_ms[path->order[i]] = end_ms;
        longest = end_ms > longest ? end_ms : longest;
    }
    return longest;
}

static void check_rto(struct linting *linting) {
    const struct plan *plan = linting_plan(linting);
    size_t *order;
    struct path path = {.plan = plan, .count = lint_sort_steps(linting, &order)};
    path.order = order;
    path.chosen = xtalloc_zero_array(linting->scratch, bool, plan->steps_count + 1);
    path.end_ms = xtalloc_zero_array(linting->scratch, int64_t, plan->steps_count + 1);
    for (size_t i = 0; i < plan->options_count; i++) {
        int64_t longest_ms = longest_path(&path, &plan->options[i]);
        if (longest_ms > plan->rto_ms)
            lint_report(linting, node_get(linting->document, "rto"),
                        "let steps run side by side with `needs`, or promise what can be kept",
                        "the boxes of option `%s` add up to %s on the longest path, and %s was "
                        "promised",
                        plan->options[i].id, duration_unit(linting->scratch, longest_ms),
                        duration_unit(linting->scratch, plan->rto_ms));
    }
}

void lint_time(struct linting *linting) {
    for (size_t i = 0; i < linting_plan(linting)->steps_count; i++)
        check_box(linting, &linting_plan(linting)->steps[i]);
    if (linting_plan(linting)->rto_ms > 0)
        check_rto(linting);
}
