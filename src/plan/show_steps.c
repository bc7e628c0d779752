#include "config.h"

#include "plan/show_parts.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "plan/lint_rules.h"
#include "yaml/node.h"

#include <string.h>

#define STEP_INDENT 4
#define LEAST_TITLE 16 /* cells */

/* argv as a list with quotes, so that nobody takes a blank for the end of a word. */
static const char *command_words(struct show *show, const struct plan_command *command) {
    if (command->argv == NULL)
        return NULL;
    if (command->shell)
        return xtalloc_asprintf(show->scratch, "shell: %s", command->argv[3]);
    const char *words = "";
    for (size_t i = 0; command->argv[i] != NULL; i++)
        words = show_join(show, words, ", ",
                          xtalloc_asprintf(show->scratch, "\"%s\"", command->argv[i]));
    return xtalloc_asprintf(show->scratch, "[%s]", words);
}

/* One text, or the texts of a list. */
static const char *list_words(struct show *show, const struct node *node) {
    const char *words = "";
    for (size_t i = 0; node != NULL && i < node->count; i++)
        if (node_text(node->items[i]) != NULL)
            words = show_join(show, words, ", ", node->items[i]->text);
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
                        : show_join(show, criteria, ", ",
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
            words = show_join(show, words, ", ", marks[i].words);
    return words;
}

enum column_id { NUMBER, PHASE, ID, TITLE, OWNER, BOX, NEEDS, COLUMN_COUNT };

/* The title takes what the others leave; where that is too little only the narrow ones stay. */
static const struct {
    const char *head;
    int cells;
    bool narrow;
} columns[COLUMN_COUNT] = {
    [NUMBER] = {.head = "#", .cells = 3, .narrow = true},
    [PHASE] = {.head = "phase", .cells = 7},
    [ID] = {.head = "id", .cells = SHOW_ID_CELLS, .narrow = true},
    [TITLE] = {.head = "title"},
    [OWNER] = {.head = "owner", .cells = 12, .narrow = true},
    [BOX] = {.head = "box", .cells = 4, .narrow = true},
    [NEEDS] = {.head = "needs", .cells = 6},
};

/* 0: the page is too narrow for that column. */
static int column_cells(const struct show *show, size_t column) {
    int rest = show->page.width + 1;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        rest -= columns[i].cells + 1;
    if (rest < LEAST_TITLE && !columns[column].narrow)
        return 0;
    return column == TITLE ? rest : columns[column].cells;
}

static void show_row(struct show *show, const char *const cells[COLUMN_COUNT]) {
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (column_cells(show, i) > 0)
            page_cell(&show->page, column_cells(show, i), cells[i]);
    page_end_line(&show->page);
}

/* What was cut or left out of the row: half an id or half of the needs would mislead. */
static void show_cut_cells(struct show *show, const char *const cells[COLUMN_COUNT]) {
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (text_width(text_clean_z(show->scratch, cells[i])) > column_cells(show, i))
            page_entry(&show->page, STEP_INDENT, SHOW_LABEL, columns[i].head, cells[i]);
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
        [NEEDS] = show_numbers(show, step->needs, step->needs_count),
    };
    show_row(show, cells);
    show_cut_cells(show, cells);
    page_entry(page, STEP_INDENT, SHOW_LABEL, step_kind_name(step->kind), action_words(show, step));
    page_entry(page, STEP_INDENT, SHOW_LABEL, "when", step->when);
    page_entry(page, STEP_INDENT, SHOW_LABEL, "why", step->why);
    page_entry(page, STEP_INDENT, SHOW_LABEL, "customers", step->customers);
    page_entry(page, STEP_INDENT, SHOW_LABEL, "gate", step->needs_approval);
    page_entry(page, STEP_INDENT, SHOW_LABEL, "verify", verify_words(show, step));
    page_entry(page, STEP_INDENT, SHOW_LABEL, "undo", step->undo);
    page_entry(page, STEP_INDENT, SHOW_LABEL, "if failed", step->failure_step);
    page_entry(page, STEP_INDENT, SHOW_LABEL, "mind", mark_words(show, step));
}

static void show_heads(struct show *show) {
    const char *cells[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        cells[i] = columns[i].head;
    show_row(show, cells);
}

void show_steps(struct show *show) {
    page_line(&show->page, "");
    page_line(&show->page, "STEPS");
    show_heads(show);
    for (size_t i = 0; i < show->plan->steps_count; i++)
        show_step(show, i);
}
