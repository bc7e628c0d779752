#include "config.h"

#include "plan/plan.h"

#include "plan/load.h"

#include <string.h>

const struct plan_step *plan_step_find(const struct plan *plan, const char *id) {
    size_t index = plan_step_index(plan, id);
    return index < plan->steps_count ? &plan->steps[index] : NULL;
}

const struct plan_option plan_implied_options[] = {
    {.id = "back", .title = "Take it all back"},
    {.id = "forward", .title = "Fix it forward"},
    {.id = "hold", .title = "Leave it as it is for now"},
    {0},
};

static const struct plan_option *implied_option(const char *id) {
    for (const struct plan_option *option = plan_implied_options; option->id; option++)
        if (strcmp(option->id, id) == 0)
            return option;
    return NULL;
}

const struct plan_option *plan_option_find(const struct plan *plan, const char *id) {
    if (plan == NULL)
        return implied_option(id);
    for (size_t i = 0; i < plan->options_count; i++)
        if (strcmp(plan->options[i].id, id) == 0)
            return &plan->options[i];
    return NULL;
}

const struct plan_input *plan_input_find(const struct plan *plan, const char *name) {
    for (size_t i = 0; i < plan->inputs_count; i++)
        if (strcmp(plan->inputs[i].name, name) == 0)
            return &plan->inputs[i];
    return NULL;
}
