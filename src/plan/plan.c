#include "config.h"

#include "plan/plan.h"

#include "plan/load.h"

#include <string.h>

const struct plan_step *plan_step_find(const struct plan *plan, const char *id) {
    size_t index = plan_step_index(plan, id);
    return index < plan->steps_count ? &plan->steps[index] : NULL;
}

const struct plan_option *plan_option_find(const struct plan *plan, const char *id) {
    for (size_t i = 0; i < plan->options_count; i++)
        if (strcmp(plan->options[i].id, id) == 0)
            return &plan->options[i];
    return NULL;
}

const struct plan_role *plan_role_find(const struct plan *plan, const char *name) {
    for (size_t i = 0; i < plan->roles_count; i++)
        if (strcmp(plan->roles[i].name, name) == 0)
            return &plan->roles[i];
    return NULL;
}

const struct plan_input *plan_input_find(const struct plan *plan, const char *name) {
    for (size_t i = 0; i < plan->inputs_count; i++)
        if (strcmp(plan->inputs[i].name, name) == 0)
            return &plan->inputs[i];
    return NULL;
}
