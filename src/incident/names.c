/* The names that plans may use in ${} and expressions. */
#include "config.h"

#include "incident/invocation.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/status.h"

#include <string.h>

typedef const char *name_fn(const struct names *names, const char *rest);

/* Of a sensitive input the record holds a digest, which must not be taken for its value. */
static const char *input_value(const struct names *names, const char *rest) {
    const struct plan_input *input = plan_input_find(names->incident->plan, rest);
    if (input && input->sensitive)
        return NULL;
    return pair_find(names->incident->inputs, rest);
}

static const char *site_value(const struct names *names, const char *rest) {
    const struct plan *plan = names->incident->plan;
    return pair_find(names->incident->drill ? plan->drill_site : plan->site, rest);
}

static const char *number_value(const struct names *names, const char *rest) {
    (void)rest;
    return xtalloc_asprintf(names->parent, "%lld", (long long)names->incident->number);
}

static const char *service_value(const struct names *names, const char *rest) {
    (void)rest;
    return names->incident->service;
}

static const char *severity_value(const struct names *names, const char *rest) {
    (void)rest;
    return xtalloc_asprintf(names->parent, "%lld", (long long)names->incident->severity);
}

static const char *drill_value(const struct names *names, const char *rest) {
    (void)rest;
    return names->incident->drill ? "true" : "false";
}

/* "ID.state" or "ID.outputs.NAME"; ids hold dots, so the tail is looked for, not the head. */
static const char *step_value(const struct names *names, const char *rest) {
    const struct incident *incident = names->incident;
    const char *value = NULL;
    for (size_t i = 0; i < incident->steps_count && !value; i++) {
        const struct step *step = &incident->steps[i];
        size_t length = strlen(step->spec->id);
        if (strncmp(rest, step->spec->id, length) != 0)
            continue;
        if (strcmp(rest + length, ".state") == 0)
            return step_state_name(step_state(incident, step));
        if (strncmp(rest + length, ".outputs.", strlen(".outputs.")) == 0)
            value = pair_find(step->outputs, rest + length + strlen(".outputs."));
    }
    return value;
}

static const struct {
    const char *prefix;
    bool whole; /* the prefix is the whole name */
    name_fn *value;
} families[] = {
    {"inputs.", false, input_value},
    {"site.", false, site_value},
    {"steps.", false, step_value},
    {"incident.number", true, number_value},
    {"incident.service", true, service_value},
    {"incident.severity", true, severity_value},
    {"incident.drill", true, drill_value},
};

const char *names_lookup(void *data, const char *name) {
    const struct names *names = data;
    for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
        size_t length = strlen(families[i].prefix);
        if (strncmp(name, families[i].prefix, length) != 0)
            continue;
        if (!families[i].whole || name[length] == '\0')
            return families[i].value(names, name + length);
    }
    return NULL;
}
