#include "config.h"

#include "plan/lint_rules.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <string.h>

/* The part of B002 about order: cycles, and steps that can never start. */

static bool needs_sorted(const struct plan_step *step, const bool *sorted) {
    for (size_t i = 0; i < step->needs_count; i++)
        if (!sorted[step->needs[i]])
            return false;
    return true;
}

size_t lint_sort_steps(struct linting *linting, size_t **order) {
    const struct plan *plan = linting_plan(linting);
    bool *sorted = xtalloc_zero_array(linting->scratch, bool, plan->steps_count + 1);
    *order = xtalloc_zero_array(linting->scratch, size_t, plan->steps_count + 1);
    size_t count = 0;
    for (size_t before = SIZE_MAX; before != count;) {
        before = count;
        for (size_t i = 0; i < plan->steps_count; i++)
            if (!sorted[i] && needs_sorted(&plan->steps[i], sorted)) {
                sorted[i] = true;
                (*order)[count++] = i;
            }
    }
    return count;
}

/* --- cycles ----------------------------------------------------------------------------------- */

/* One of the step's needs that is in or behind a cycle too. */
static size_t stuck_need(const struct plan_step *step, const bool *stuck) {
    size_t i = 0;
    while (!stuck[step->needs[i]])
        i++;
    return step->needs[i];
}

static void report_cycle(struct linting *linting, size_t start, const bool *stuck) {
    const struct plan *plan = linting_plan(linting);
    const char *path = plan->steps[start].id;
    size_t at = start;
    do {
        at = stuck_need(&plan->steps[at], stuck);
        path = lint_fmt(linting, "%s → %s", path, plan->steps[at].id);
    } while (at != start);
    lint_report(linting, lint_place(plan->steps[start].node, "needs"),
                "take one of these needs out: which of them really comes first?",
                "steps wait for each other in a circle: %s; none of them could ever start", path);
}

/* Following stuck needs from any stuck step must end in a circle; each circle is told once. */
static void check_cycles(struct linting *linting) {
    const struct plan *plan = linting_plan(linting);
    size_t *order;
    size_t count = lint_sort_steps(linting, &order);
    if (count == plan->steps_count)
        return;
    bool *stuck = xtalloc_zero_array(linting->scratch, bool, plan->steps_count);
    size_t *walk = xtalloc_zero_array(linting->scratch, size_t, plan->steps_count);
    memset(stuck, true, plan->steps_count * sizeof(*stuck));
    for (size_t i = 0; i < count; i++)
        stuck[order[i]] = false;
    for (size_t i = 0; i < plan->steps_count; i++) {
        size_t at = i;
        while (stuck[at] && walk[at] == 0) {
            walk[at] = i + 1; /* came here on the walk that began at i */
            at = stuck_need(&plan->steps[at], stuck);
        }
        if (stuck[at] && walk[at] == i + 1)
            report_cycle(linting, at, stuck);
    }
}

/* --- never started ---------------------------------------------------------------------------- */

static bool is_listed(const struct node *list, const char *id) {
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const char *text = node_text(list->items[i]);
        if (text != NULL && strcmp(text, id) == 0)
            return true;
    }
    return false;
}

/* Whether a list of steps outside `steps` defines the id. */
static bool is_defined(const struct node *document, const char *id) {
    const struct node *lists[] = {node_get(document, "before_launch"),
                                  node_get(node_get(document, "reinstate"), "steps")};
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        for (size_t j = 0; lists[i] != NULL && j < lists[i]->count; j++) {
            const char *text = node_text(node_get(lists[i]->items[j], "id"));
            if (text != NULL && strcmp(text, id) == 0)
                return true;
        }
    return false;
}

static bool is_called(const struct plan *plan, const struct plan_step *handler) {
    for (size_t i = 0; i < plan->steps_count; i++)
        if (plan->steps[i].failure_step != NULL &&
            strcmp(plan->steps[i].failure_step, handler->id) == 0)
            return true;
    return false;
}

static bool is_chosen(const struct linting *linting, size_t step) {
    const struct plan *plan = linting_plan(linting);
    for (size_t i = 0; i < plan->options_count; i++)
        for (size_t j = 0; j < plan->options[i].steps_count; j++)
            if (plan->options[i].steps[j] == step)
                return true;
    const struct node *containment = node_get(linting->document, "containment");
    return is_listed(node_get(containment, "steps"), plan->steps[step].id);
}

static void check_chosen(struct linting *linting, size_t index) {
    const struct plan_step *step = &linting_plan(linting)->steps[index];
    if (step->handler && !is_called(linting_plan(linting), step))
        lint_report(
            linting, lint_place(step->node, "only"),
            lint_fmt(linting, "write `on_failure: {run: %s}` where it should help", step->id),
            "no step's `on_failure` calls `%s`: it can never start", step->id);
    if (!step->handler && !is_chosen(linting, index))
        lint_report(linting, step->node, "add it to an option, or take it out",
                    "no option and no containment has `%s`: it can never start", step->id);
}

/* A need that is a handler is met only after a failure; one outside `steps` never is. */
static void check_need(struct linting *linting, const struct plan_step *step,
                       const struct node *need) {
    const char *id = node_text(need);
    const struct plan_step *needed = id == NULL ? NULL : plan_step_find(linting_plan(linting), id);
    if (needed != NULL && needed->handler && !step->handler)
        lint_report(linting, need, "wait for the step whose failure it handles",
                    "`%s` waits for `%s`, which starts only when another step fails", step->id, id);
    if (id != NULL && needed == NULL && is_defined(linting->document, id))
        lint_report(linting, need, "wait for one of `steps`, or leave it out",
                    "`%s` waits for `%s`, which isn't run in an incident", step->id, id);
}

static void check_needs(struct linting *linting, const struct plan_step *step) {
    const struct node *needs = node_get(step->node, "needs");
    for (size_t i = 0; needs != NULL && needs->kind == NODE_LIST && i < needs->count; i++)
        check_need(linting, step, needs->items[i]);
}

static void check_handler_mark(struct linting *linting, const struct plan_step *step) {
    if (step->failure_step == NULL)
        return;
    const struct plan_step *handler = plan_step_find(linting_plan(linting), step->failure_step);
    if (handler != NULL && !handler->handler)
        lint_warn(
            linting, lint_place(step->node, "on_failure"),
            lint_fmt(linting, "add `only: on_failure` to `%s`", handler->id),
            "`%s` handles a failure but isn't marked as such: it also runs when all goes well",
            handler->id);
}

void lint_order(struct linting *linting) {
    check_cycles(linting);
    for (size_t i = 0; i < linting_plan(linting)->steps_count; i++) {
        check_chosen(linting, i);
        check_needs(linting, &linting_plan(linting)->steps[i]);
        check_handler_mark(linting, &linting_plan(linting)->steps[i]);
    }
}
