#include "config.h"

#include "plan/load.h"

#include "base/xtalloc.h"
#include "plan/keys.h"
#include "plan/scalar.h"
#include "yaml/policy_keys.h"

#include <string.h>

/* The records of a map NAME → section, each with its name at `name_offset`; zeroed beyond that. */
static void *load_named(const void *parent, const struct section *section, const struct node *map,
                        size_t size, size_t name_offset, const char *type) {
    char *records = xtalloc_zero_array(parent, char, size *(map->count == 0 ? 1 : map->count));
    talloc_set_name_const(records, type);
    for (size_t i = 0; i < map->count; i++) {
        char *record = records + i * size;
        *(const char **)(void *)(record + name_offset) = map->keys[i]->text;
        section_store(records, section, map->items[i], record);
    }
    return records;
}

void store_inputs(const void *parent, const struct shape *shape, const struct node *value,
                  void *member) {
    (void)shape;
    struct plan *plan = member;
    if (value->kind != NODE_MAP)
        return;
    plan->inputs = load_named(parent, &input_section, value, sizeof(struct plan_input),
                              offsetof(struct plan_input, name), "struct plan_input");
    plan->inputs_count = value->count;
}

void store_secrets(const void *parent, const struct shape *shape, const struct node *value,
                   void *member) {
    (void)shape;
    struct plan *plan = member;
    if (value->kind != NODE_MAP)
        return;
    plan->secrets = load_named(parent, &secret_section, value, sizeof(struct plan_secret),
                               offsetof(struct plan_secret, name), "struct plan_secret");
    plan->secrets_count = value->count;
}

/* --- values ----------------------------------------------------------------------------------- */

void store_command(const void *parent, const struct shape *shape, const struct node *value,
                   void *member) {
    (void)shape;
    struct plan_command *command = member;
    if (value->kind == NODE_LIST) {
        const char **argv = node_texts(parent, value);
        command->argv = argv[0] == NULL ? NULL : argv;
    } else if (value->kind == NODE_SCALAR) {
        const char **argv = xtalloc_zero_array(parent, const char *, 5);
        argv[0] = "/bin/sh";
        argv[1] = "-eu";
        argv[2] = "-c";
        argv[3] = value->text;
        command->argv = argv;
        command->shell = true;
    }
}

void store_money(const void *parent, const struct shape *shape, const struct node *value,
                 void *member) {
    (void)shape;
    struct plan *plan = member;
    const char *currency;
    if (value->kind == NODE_SCALAR &&
        money_parse(value->text, &plan->cost_minor_per_minute, &currency))
        plan->cost_currency = xtalloc_strdup(parent, currency);
}

/* --- options ---------------------------------------------------------------------------------- */

/* All steps that are no handlers: those only ever start because another one failed. */
static void choose_all(const struct plan *plan, struct plan_option *option) {
    size_t *steps = xtalloc_array(plan->options, size_t, plan->steps_count + 1);
    for (size_t i = 0; i < plan->steps_count; i++)
        if (!plan->steps[i].handler)
            steps[option->steps_count++] = i;
    option->steps = steps;
}

static void choose_listed(const struct plan *plan, struct plan_option *option,
                          const struct node *list) {
    size_t room = list != NULL && list->kind == NODE_LIST ? list->count : 0;
    size_t *steps = xtalloc_array(plan->options, size_t, room + 1);
    for (size_t i = 0; i < room; i++) {
        const char *id = node_text(list->items[i]);
        size_t index = id == NULL ? plan->steps_count : plan_step_index(plan, id);
        if (index < plan->steps_count)
            steps[option->steps_count++] = index;
    }
    option->steps = steps;
}

/* The first of them takes all back; the others take nothing. */
static void imply_options(struct plan *plan) {
    size_t count = 0;
    while (plan_implied_options[count].id != NULL)
        count++;
    plan->options =
        xtalloc_memdup(plan, plan_implied_options, count * sizeof(*plan_implied_options));
    plan->options_count = count;
    choose_all(plan, &plan->options[0]);
    for (size_t i = 1; i < count; i++)
        choose_listed(plan, &plan->options[i], NULL);
}

void load_options(struct plan *plan) {
    const struct node *map = node_get(plan->document, "options");
    if (map == NULL || map->kind != NODE_MAP || map->count == 0) {
        imply_options(plan);
        return;
    }
    plan->options = load_named(plan, &option_section, map, sizeof(struct plan_option),
                               offsetof(struct plan_option, id), "struct plan_option");
    plan->options_count = map->count;
    for (size_t i = 0; i < map->count; i++) {
        const char *all = node_text(node_get(map->items[i], "all"));
        if (all != NULL && strcmp(all, "true") == 0)
            choose_all(plan, &plan->options[i]);
        else
            choose_listed(plan, &plan->options[i], node_get(map->items[i], "steps"));
    }
}
