#include "config.h"

#include "plan/show.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "plan/show_parts.h"

#define LEAST_WIDTH 40

static void show_duration(struct show *show, const char *label, int64_t ms) {
    if (ms != 0)
        page_entry(&show->page, 0, SHOW_LABEL, label, duration_unit(show->scratch, ms));
}

/* --- who, what and why ------------------------------------------------------------------------ */

static void show_cost(struct show *show) {
    const struct plan *plan = show->plan;
    if (plan->cost_currency == NULL)
        return;
    long long whole = plan->cost_minor_per_minute / 100;
    long long cents = plan->cost_minor_per_minute % 100;
    const char *amount = cents == 0 ? xtalloc_asprintf(show->scratch, "%lld", whole)
                                    : xtalloc_asprintf(show->scratch, "%lld.%02lld", whole, cents);
    page_entry(&show->page, 0, SHOW_LABEL, "cost",
               xtalloc_asprintf(show->scratch, "%s %s a minute", amount, plan->cost_currency));
}

static void show_identity(struct show *show) {
    const struct plan *plan = show->plan;
    struct page *page = &show->page;
    page_line(page, plan->title);
    page_entry(page, 0, SHOW_LABEL, "plan",
               xtalloc_asprintf(show->scratch, "%s v%lld", plan->id, (long long)plan->version));
    page_entry(page, 0, SHOW_LABEL, "service",
               xtalloc_asprintf(show->scratch, "%s, %s", plan->service, plan->environment));
    page_entry(page, 0, SHOW_LABEL, "sha256", plan->sha256);
    page_entry(page, 0, SHOW_LABEL, "ticket", plan->ticket);
    page_entry(page, 0, SHOW_LABEL, "channel", plan->channel);
    page_entry(page, 0, SHOW_LABEL, "why", plan->why);
    show_cost(show);
    show_duration(show, "recover", plan->rto_ms);
    show_duration(show, "data loss", plan->rpo_ms);
    if (plan->no_return_step != NULL)
        page_entry(page, 0, SHOW_LABEL, "NO RETURN",
                   xtalloc_asprintf(show->scratch, "after %s%s%s", plan->no_return_step,
                                    plan->no_return_note == NULL ? "" : ": ",
                                    plan->no_return_note == NULL ? "" : plan->no_return_note));
}

/* --- options, people, inputs ------------------------------------------------------------------ */

const char *show_join(struct show *show, const char *list, const char *joint, const char *word) {
    return *list == '\0' ? word : xtalloc_asprintf(show->scratch, "%s%s%s", list, joint, word);
}

const char *show_numbers(struct show *show, const size_t *steps, size_t count) {
    const char *list = "";
    for (size_t i = 0; i < count; i++)
        list = show_join(show, list, " ", xtalloc_asprintf(show->scratch, "%zu", steps[i] + 1));
    return list;
}

static void show_options(struct show *show) {
    page_line(&show->page, "");
    page_line(&show->page, "OPTIONS");
    for (size_t i = 0; i < show->plan->options_count; i++) {
        const struct plan_option *option = &show->plan->options[i];
        const char *words = option->title == NULL ? option->id : option->title;
        if (option->takes != NULL)
            words = xtalloc_asprintf(show->scratch, "%s; takes %s", words, option->takes);
        if (option->loses != NULL)
            words = xtalloc_asprintf(show->scratch, "%s; loses %s", words, option->loses);
        words = option->steps_count == 0
                    ? xtalloc_asprintf(show->scratch, "%s; no steps", words)
                    : xtalloc_asprintf(show->scratch, "%s; steps %s", words,
                                       show_numbers(show, option->steps, option->steps_count));
        page_entry(&show->page, 2, SHOW_ID_CELLS, option->id, words);
    }
}

static void show_roles(struct show *show) {
    if (show->plan->roles.count == 0)
        return;
    page_line(&show->page, "");
    page_line(&show->page, "ROLES");
    for (size_t i = 0; i < show->plan->roles.count; i++) {
        const struct role_people *role = &show->plan->roles.list[i];
        const char *people = "";
        for (size_t j = 0; role->people[j] != NULL; j++)
            people = show_join(show, people, ", ", role->people[j]);
        page_entry(&show->page, 2, SHOW_ID_CELLS, role->name, *people == '\0' ? "nobody" : people);
    }
}

static void show_inputs(struct show *show) {
    if (show->plan->inputs_count == 0)
        return;
    page_line(&show->page, "");
    page_line(&show->page, "INPUTS");
    for (size_t i = 0; i < show->plan->inputs_count; i++) {
        const struct plan_input *input = &show->plan->inputs[i];
        const char *words = input->required ? "must be given" : "may be left out";
        if (input->fallback != NULL)
            words = xtalloc_asprintf(show->scratch, "%s unless given", input->fallback);
        if (input->help != NULL)
            words = show_join(show, words, ": ", input->help);
        page_entry(&show->page, 2, SHOW_ID_CELLS, input->name, words);
    }
}

char *plan_show(const void *parent, const struct plan *plan, int width_cells) {
    struct show show = {
        .plan = plan,
        .page = {.text = xtalloc_strdup(parent, ""),
                 .width = width_cells < LEAST_WIDTH ? LEAST_WIDTH : width_cells},
        .scratch = xtalloc_size(parent, 0),
    };
    show_identity(&show);
    show_options(&show);
    show_roles(&show);
    show_inputs(&show);
    show_steps(&show);
    talloc_free(show.scratch);
    return show.page.text;
}
