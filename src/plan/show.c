#include "config.h"

#include "plan/show.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "plan/lint_rules.h"
#include "plan/node.h"
#include "plan/page.h"

#include <string.h>

#define LEAST_WIDTH 40
#define LABEL       10 /* cells of a label at the left margin */
#define STEP_INDENT 4
#define ID_CELLS    14
#define LEAST_TITLE 16

struct show {
    const struct plan *plan;
    struct page page;
    void *scratch;
};

static void show_duration(struct show *show, const char *label, int64_t ms) {
    if (ms != 0)
        page_entry(&show->page, 0, LABEL, label, duration_unit(show->scratch, ms));
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
    page_entry(&show->page, 0, LABEL, "cost",
               xtalloc_asprintf(show->scratch, "%s %s a minute", amount, plan->cost_currency));
}

static void show_identity(struct show *show) {
    const struct plan *plan = show->plan;
    struct page *page = &show->page;
    page_line(page, plan->title);
    page_entry(page, 0, LABEL, "plan",
               xtalloc_asprintf(show->scratch, "%s v%lld", plan->id, (long long)plan->version));
    page_entry(page, 0, LABEL, "service",
               xtalloc_asprintf(show->scratch, "%s, %s", plan->service, plan->environment));
    page_entry(page, 0, LABEL, "sha256", plan->sha256);
    page_entry(page, 0, LABEL, "ticket", plan->ticket);
    page_entry(page, 0, LABEL, "channel", plan->channel);
    page_entry(page, 0, LABEL, "why", plan->why);
    show_cost(show);
    show_duration(show, "recover", plan->rto_ms);
    show_duration(show, "data loss", plan->rpo_ms);
    if (plan->no_return_step != NULL)
        page_entry(page, 0, LABEL, "NO RETURN",
                   xtalloc_asprintf(show->scratch, "after %s%s%s", plan->no_return_step,
                                    plan->no_return_note == NULL ? "" : ": ",
                                    plan->no_return_note == NULL ? "" : plan->no_return_note));
}

/* --- options, people, inputs ------------------------------------------------------------------ */

static const char *join(struct show *show, const char *list, const char *joint, const char *word) {
    return *list == '\0' ? word : xtalloc_asprintf(show->scratch, "%s%s%s", list, joint, word);
}

static const char *join_numbers(struct show *show, const size_t *steps, size_t count) {
    const char *list = "";
    for (size_t i = 0; i < count; i++)
        list = join(show, list, " ", xtalloc_asprintf(show->scratch, "%zu", steps[i] + 1));
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
                                       join_numbers(show, option->steps, option->steps_count));
        page_entry(&show->page, 2, ID_CELLS, option->id, words);
    }
}

static void show_roles(struct show *show) {
    if (show->plan->roles_count == 0)
        return;
    page_line(&show->page, "");
    page_line(&show->page, "ROLES");
    for (size_t i = 0; i < show->plan->roles_count; i++) {
        const struct plan_role *role = &show->plan->roles[i];
        const char *people = "";
        for (size_t j = 0; role->people[j] != NULL; j++)
            people = join(show, people, ", ", role->people[j]);
        page_entry(&show->page, 2, ID_CELLS, role->name, *people == '\0' ? "nobody" : people);
    }
}

static void show_inputs(struct show *show) {
    if (show->plan->inputs_count == 0)
        return;
    page_line(&show->page, "");
    page_line(&show->page, "INPUTS");
    for (size_t i = 0; i < show->plan->inputs_count; i++) {
        const struct plan_input *input = &show->plan->inputs[i];
        const char *words = input->help == NULL ? "" : input->help;
        if (input->fallback != NULL)
            words = join(show, words, "; ",
                         xtalloc_asprintf(show->scratch, "else %s", input->fallback));
        else
            words = join(show, words, "; ", input->required ? "must be given" : "may be left out");
        page_entry(&show->page, 2, ID_CELLS, input->name, words);
    }
}

/* --- steps ------------------------------------------------------------------------------------ */

/* argv as a list with quotes, so that nobody takes a blank for the end of a word. */
static const char *command_words(struct show *show, const struct plan_command *command) {
    if (command->argv == NULL)
        return NULL;
    if (command->shell)
        return xtalloc_asprintf(show->scratch, "shell: %s", command->argv[3]);
    const char *words = "";
    for (size_t i = 0; command->argv[i] != NULL; i++)
        words =
            join(show, words, ", ", xtalloc_asprintf(show->scratch, "\"%s\"", command->argv[i]));
    return xtalloc_asprintf(show->scratch, "[%s]", words);
}

/* One text, or the texts of a list. */
static const char *list_words(struct show *show, const struct node *node) {
    const char *words = "";
    for (size_t i = 0; node != NULL && i < node->count; i++)
        if (node_text(node->items[i]) != NULL)
            words = join(show, words, ", ", node->items[i]->text);
    return node_text(node) != NULL ? node_text(node) : words;
}

static const char *check_words(struct show *show, const struct plan_step *step) {
    const struct node *check = node_get(step->node, "check");
    const struct node *compare = node_get(check, "compare");
    if (compare != NULL)
        return xtalloc_asprintf(show->scratch, "[%s] against [%s]",
                                list_words(show, node_get(compare, "live")),
                                list_words(show, node_get(compare, "expected")));
    const char *criteria = list_words(show, node_get(check, "criteria"));
    const char *use = list_words(show, node_get(check, "use"));
    return *use == '\0' ? criteria
                        : join(show, criteria, ", ",
                               xtalloc_asprintf(show->scratch, "all %s criteria", use));
}

static const char *action_words(struct show *show, const struct plan_step *step) {
    const char *url = node_text(node_get(node_get(step->node, "http"), "url"));
    const char *const words[] = {
        [STEP_RUN] = command_words(show, &step->run),
        [STEP_HTTP] = url,
        [STEP_MANUAL] = step->manual,
        [STEP_APPROVAL] = step->approval,
        [STEP_CHECK] = check_words(show, step),
        [STEP_NOTICE] = step->notice,
        [STEP_WAIT] = duration_unit(show->scratch, step->wait_ms),
    };
    return words[step->kind];
}

static const char *verify_words(struct show *show, const struct plan_step *step) {
    const char *url = node_text(node_get(node_get(node_get(step->node, "verify"), "http"), "url"));
    const char *const words[] = {
        [VERIFY_NONE] = NULL,
        [VERIFY_RUN] = command_words(show, &step->verify.run),
        [VERIFY_HTTP] = url,
        [VERIFY_EXPR] = step->verify.expr,
        [VERIFY_MATCHES] = step->verify.matches,
    };
    return words[step->verify.kind];
}

static bool is_no_return(const struct show *show, const struct plan_step *step) {
    const char *id = show->plan->no_return_step;
    return id != NULL && strcmp(id, step->id) == 0;
}

/* What somebody must know before starting it. */
static const char *mark_words(struct show *show, const struct plan_step *step) {
    const struct {
        bool holds;
        const char *words;
    } marks[] = {
        {is_no_return(show, step), "NO RETURN"},
        {step->destructive, "destructive"},
        {step_changes(step) && !step->idempotent, "never repeated by software"},
        {step->read_only, "only reads"},
        {step->handler, "only when another step fails"},
        {step->on_failure == FAILURE_CONTINUE, "goes on when it fails"},
        {step->evidence_required, "needs evidence"},
    };
    const char *words = "";
    for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
        if (marks[i].holds)
            words = join(show, words, ", ", marks[i].words);
    return words;
}

enum column_id { NUMBER, PHASE, ID, TITLE, OWNER, BOX, NEEDS, COLUMN_COUNT };

/* The title takes what the others leave; where that is too little only the narrow ones stay, and
 * title and needs go to lines of their own. */
static const struct {
    const char *head;
    int cells;
    bool narrow;
} columns[COLUMN_COUNT] = {
    [NUMBER] = {.head = "#", .cells = 3, .narrow = true},
    [PHASE] = {.head = "phase", .cells = 7},
    [ID] = {.head = "id", .cells = ID_CELLS, .narrow = true},
    [TITLE] = {.head = "title"},
    [OWNER] = {.head = "owner", .cells = 12, .narrow = true},
    [BOX] = {.head = "box", .cells = 4, .narrow = true},
    [NEEDS] = {.head = "needs", .cells = 6},
};

static int title_cells(const struct show *show) {
    int rest = show->page.width + 1;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        rest -= columns[i].cells + 1;
    return rest;
}

static void show_row(struct show *show, const char *const cells[COLUMN_COUNT]) {
    int rest = title_cells(show);
    bool wide = rest >= LEAST_TITLE;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (wide || columns[i].narrow)
            page_cell(&show->page, i == TITLE ? rest : columns[i].cells, cells[i]);
    page_end_line(&show->page);
    if (wide)
        return;
    page_entry(&show->page, STEP_INDENT, LABEL, columns[TITLE].head, cells[TITLE]);
    page_entry(&show->page, STEP_INDENT, LABEL, columns[NEEDS].head, cells[NEEDS]);
}

static bool is_title_cut(struct show *show, const struct plan_step *step) {
    int cells = title_cells(show);
    return cells >= LEAST_TITLE && text_width(text_clean_z(show->scratch, step->title)) > cells;
}

static void show_step(struct show *show, size_t index) {
    const struct plan_step *step = &show->plan->steps[index];
    struct page *page = &show->page;
    const char *const cells[COLUMN_COUNT] = {
        [NUMBER] = xtalloc_asprintf(show->scratch, "%zu", index + 1),
        [PHASE] = step_phase_name(step->phase),
        [ID] = step->id,
        [TITLE] = step->title,
        [OWNER] = step->owner == NULL ? "nobody" : step->owner,
        [BOX] = step->box_ms == 0 ? "-" : duration_unit(show->scratch, step->box_ms),
        [NEEDS] = join_numbers(show, step->needs, step->needs_count),
    };
    show_row(show, cells);
    if (is_title_cut(show, step))
        page_entry(page, STEP_INDENT, LABEL, "title", step->title);
    page_entry(page, STEP_INDENT, LABEL, step_kind_name(step->kind), action_words(show, step));
    page_entry(page, STEP_INDENT, LABEL, "when", step->when);
    page_entry(page, STEP_INDENT, LABEL, "why", step->why);
    page_entry(page, STEP_INDENT, LABEL, "customers", step->customers);
    page_entry(page, STEP_INDENT, LABEL, "gate", step->needs_approval);
    page_entry(page, STEP_INDENT, LABEL, "verify", verify_words(show, step));
    page_entry(page, STEP_INDENT, LABEL, "undo", step->undo);
    page_entry(page, STEP_INDENT, LABEL, "if failed", step->failure_step);
    page_entry(page, STEP_INDENT, LABEL, "mind", mark_words(show, step));
}

static void show_heads(struct show *show) {
    const char *cells[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        cells[i] = columns[i].head;
    if (title_cells(show) < LEAST_TITLE) /* what stands below is labelled line by line */
        cells[TITLE] = cells[NEEDS] = "";
    show_row(show, cells);
}

static void show_steps(struct show *show) {
    page_line(&show->page, "");
    page_line(&show->page, "STEPS");
    show_heads(show);
    for (size_t i = 0; i < show->plan->steps_count; i++)
        show_step(show, i);
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
