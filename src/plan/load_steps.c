#include "config.h"

#include "plan/load.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "plan/keys.h"

#include <string.h>

#define TIMEOUT_MS     (5 * MINUTE_MS)
#define GRACE_MS       (10 * SECOND_MS)
#define RETRY_DELAY_MS (5 * SECOND_MS)
#define VERIFY_MS      (5 * SECOND_MS)

/* In the order of enum step_kind: the key that makes a step one of that kind. */
static const char *const kind_names[] = {
    [STEP_RUN] = "run",           [STEP_HTTP] = "http",   [STEP_MANUAL] = "manual",
    [STEP_APPROVAL] = "approval", [STEP_CHECK] = "check", [STEP_NOTICE] = "notice",
    [STEP_WAIT] = "wait",         [STEP_WAIT + 1] = NULL,
};

static const char *const phase_names[] = {
    [PHASE_NONE] = "",         [PHASE_CONTAIN] = "contain", [PHASE_CODE] = "code",
    [PHASE_CONFIG] = "config", [PHASE_DATA] = "data",       [PHASE_VERIFY] = "verify",
    [PHASE_TELL] = "tell",
};

static const char *const verify_names[] = {
    [VERIFY_NONE] = "",     [VERIFY_RUN] = "run",         [VERIFY_HTTP] = "http",
    [VERIFY_EXPR] = "expr", [VERIFY_MATCHES] = "matches", [VERIFY_MATCHES + 1] = NULL,
};

const char *step_kind_name(enum step_kind kind) {
    return kind_names[kind];
}

const char *step_phase_name(enum step_phase phase) {
    return phase_names[phase];
}

/* The place in `names` of the first one that is a key of `map`, or `otherwise`. */
static unsigned present_key(const struct node *map, const char *const *names, unsigned otherwise) {
    for (unsigned i = 0; names[i] != NULL; i++)
        if (node_get(map, names[i]) != NULL)
            return i;
    return otherwise;
}

static bool is_step(const struct node *node) {
    return node_text(node_get(node, "id")) != NULL;
}

static void load_step(const void *parent, const struct node *node, size_t number,
                      struct plan_step *step) {
    *step = (struct plan_step){
        .node = node,
        .timeout_ms = TIMEOUT_MS,
        .grace_ms = GRACE_MS,
        .retry_delay_ms = RETRY_DELAY_MS,
        .verify.every_ms = VERIFY_MS,
        .confirm = CONFIRM_KEY,
        .drill = "tabletop",
    };
    section_store(parent, &step_section, node, step);
    step->label = xtalloc_asprintf(parent, "%zu %s", number, step->id);
    step->kind = present_key(node, kind_names, STEP_MANUAL);
    step->verify.kind = present_key(node_get(node, "verify"), verify_names, VERIFY_NONE);
    if (step->title == NULL)
        step->title = step->id;
    if (step->destructive && node_get(node, "confirm") == NULL) {
        step->confirm = CONFIRM_WORD; /* {type} without a word: its id is typed */
        step->confirm_word = step->id;
    }
}

void store_steps(const void *parent, const struct shape *shape, const struct node *value,
                 void *member) {
    (void)shape;
    struct plan *plan = member;
    if (value->kind != NODE_LIST)
        return;
    plan->steps = xtalloc_zero_array(parent, struct plan_step, value->count + 1);
    for (size_t i = 0; i < value->count; i++) {
        struct plan_step *step = &plan->steps[plan->steps_count];
        if (is_step(value->items[i]))
            load_step(plan->steps, value->items[i], ++plan->steps_count, step);
    }
}

/* --- what needs the other steps --------------------------------------------------------------- */

size_t plan_step_index(const struct plan *plan, const char *id) {
    size_t i = 0;
    while (i < plan->steps_count && strcmp(plan->steps[i].id, id) != 0)
        i++;
    return i;
}

static void need(struct plan_step *step, size_t *needs, size_t index) {
    for (size_t i = 0; i < step->needs_count; i++)
        if (needs[i] == index)
            return;
    needs[step->needs_count++] = index;
}

static void load_listed_needs(const struct plan *plan, struct plan_step *step,
                              const struct node *list, size_t *needs) {
    for (size_t i = 0; list->kind == NODE_LIST && i < list->count; i++) {
        const char *id = node_text(list->items[i]);
        size_t index = id == NULL ? plan->steps_count : plan_step_index(plan, id);
        if (index < plan->steps_count)
            need(step, needs, index);
    }
}

/* Without `needs`: the nearest earlier step that is no handler. A handler waits for nothing but
 * the failure that calls it. */
static void load_needs(const struct plan *plan, size_t at) {
    struct plan_step *step = &plan->steps[at];
    const struct node *list = node_get(step->node, "needs");
    size_t room = list == NULL ? 1 : list->count;
    size_t *needs = xtalloc_array(plan->steps, size_t, room + 1);
    step->needs = needs;
    if (list != NULL) {
        load_listed_needs(plan, step, list, needs);
        return;
    }
    size_t before = at;
    while (before > 0 && plan->steps[before - 1].handler)
        before--;
    if (before > 0 && !step->handler)
        need(step, needs, before - 1);
}

/* The step's own pairs, then those of `defaults` that it doesn't set. */
static const struct pair *merge_pairs(const void *parent, const struct pair *own,
                                      const struct pair *defaults) {
    if (own == NULL || defaults == NULL)
        return own != NULL ? own : defaults;
    size_t own_count = 0, count = 0;
    while (own[own_count].key != NULL)
        own_count++;
    while (defaults[count].key != NULL)
        count++;
    struct pair *merged = xtalloc_zero_array(parent, struct pair, own_count + count + 1);
    memcpy(merged, own, own_count * sizeof(*own));
    for (size_t i = 0; i < count; i++)
        if (pair_find(own, defaults[i].key) == NULL)
            merged[own_count++] = defaults[i];
    return merged;
}

void load_step_defaults(struct plan *plan) {
    const struct node *defaults = node_get(plan->document, "defaults");
    const struct node *env_node = node_get(defaults, "env");
    const struct node *timeout = node_get(defaults, "timeout");
    const char *cwd = node_text(node_get(defaults, "cwd"));
    const struct pair *env = NULL;
    if (env_node != NULL)
        store_pairs(plan, NULL, env_node, &env);
    for (size_t i = 0; i < plan->steps_count; i++) {
        struct plan_step *step = &plan->steps[i];
        load_needs(plan, i);
        step->env = merge_pairs(plan->steps, step->env, env);
        if (timeout != NULL && node_get(step->node, "timeout") == NULL)
            store_duration(plan, NULL, timeout, &step->timeout_ms);
        if (step->cwd == NULL)
            step->cwd = cwd;
    }
}
