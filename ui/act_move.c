/* Moving about: selections, panes, pages. */
#include "config.h"

#include "ui/actions.h"

#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/term.h"
#include "ui/view.h"

#include <stdlib.h>
#include <string.h>

/* The list that has the selection, as it stands now. */
struct focus {
    struct frame frame;
    enum pane_kind kind;
    struct items items;
    struct cursor *cursor;
    void *scratch;
};

static struct focus focus_of(struct ui *ui) {
    struct focus focus = {.scratch = talloc_new(ui)};
    struct page *page = ui_page(ui);
    focus.frame = ui_frame(ui, focus.scratch);
    focus.kind = page->view->panes[page->pane];
    focus.items = pane_items(&focus.frame, focus.kind);
    focus.cursor = &page->cursors[page->pane];
    return focus;
}

static const char *selected_key(const struct focus *focus) {
    return item_key(focus->scratch, &focus->items, cursor_index(focus->cursor, &focus->items));
}

static void move_by(struct ui *ui, long by) {
    struct focus focus = focus_of(ui);
    struct page *page = ui_page(ui);
    if (focus.kind == PANE_OUTPUT && page->follow) {
        page->follow = false;
        cursor_select(ui, focus.cursor, &focus.items, focus.items.count);
    }
    cursor_move(ui, focus.cursor, &focus.items, by);
    talloc_free(focus.scratch);
}

void act_move(struct ui *ui, const struct action *action) {
    move_by(ui, action->number);
}

/* Half pages of the screen as it is. */
void act_page(struct ui *ui, const struct action *action) {
    int rows, cols;
    term_size(ui->term, &rows, &cols);
    move_by(ui, action->number * (rows / 4 > 1 ? rows / 4 : 1));
}

void act_first(struct ui *ui, const struct action *action) {
    (void)action;
    move_by(ui, -1000000);
}

void act_last(struct ui *ui, const struct action *action) {
    (void)action;
    struct page *page = ui_page(ui);
    move_by(ui, 1000000);
    if (page->view->panes[page->pane] == PANE_OUTPUT)
        page->follow = true;
}

static size_t panes_count(const struct view *view) {
    size_t count = 0;
    while (count < PANES_MAX && view->panes[count] != PANE_NONE)
        count++;
    return count;
}

static bool pane_is_empty(struct ui *ui) {
    struct focus focus = focus_of(ui);
    bool empty = focus.items.count == 0;
    talloc_free(focus.scratch);
    return empty;
}

/* A log is entered at its end, where the news is. */
static void enter_pane(struct ui *ui) {
    struct focus focus = focus_of(ui);
    if (focus.kind == PANE_LOG && !focus.cursor->key && focus.items.count)
        cursor_select(ui, focus.cursor, &focus.items, focus.items.count - 1);
    talloc_free(focus.scratch);
}

/* Panes without anything to select are passed over. */
void act_pane(struct ui *ui, const struct action *action) {
    struct page *page = ui_page(ui);
    size_t count = panes_count(page->view);
    for (size_t i = 0; i < count; i++) {
        page->pane = (page->pane + count + (size_t)action->number) % count;
        if (!pane_is_empty(ui))
            break;
    }
    enter_pane(ui);
}

void act_maximise(struct ui *ui, const struct action *action) {
    (void)action;
    ui_page(ui)->maximised = !ui_page(ui)->maximised;
}

/* ---- opening and closing --------------------------------------------------------------------- */

static void open_step(struct ui *ui, const char *key) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    ui_open(ui, &step_view, incident->number, key);
}

static void open_incident(struct ui *ui, const char *key) {
    ui_open(ui, &incident_view, strtoll(key, NULL, 10), NULL);
}

static void open_event(struct ui *ui, const char *key) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    (void)key;
    if (strcmp(ui_page(ui)->view->name, "incident") != 0)
        ui_open(ui, &incident_view, incident->number, NULL);
}

static void (*const openers[])(struct ui *ui, const char *key) = {
    [PANE_STEPS] = open_step,
    [PANE_OTHERS] = open_incident,
    [PANE_LOG] = open_event,
    [PANE_LINES] = NULL,
};

void act_open(struct ui *ui, const struct action *action) {
    struct focus focus = focus_of(ui);
    (void)action;
    if (focus.items.count && openers[focus.kind])
        openers[focus.kind](ui, selected_key(&focus));
    else if (focus.frame.incident && focus.kind == PANE_STEPS)
        ui_open(ui, &incident_view, focus.frame.incident->number, NULL);
    talloc_free(focus.scratch);
}

/* Back undoes one thing at a time: the filter, the maximised pane, the view. */
void act_back(struct ui *ui, const struct action *action) {
    struct page *page = ui_page(ui);
    (void)action;
    if (page->filter)
        TALLOC_FREE(page->filter);
    else if (page->maximised)
        page->maximised = false;
    else
        ui_close(ui);
}

void act_close_view(struct ui *ui, const struct action *action) {
    if (!ui_close(ui))
        act_quit(ui, action);
}

/* Opens the view whose name is the action's. */
void act_view(struct ui *ui, const struct action *action) {
    const struct view *view = view_find(action->name);
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    if (view == &incident_view && !incident)
        ui_say(ui, true, "there is no incident to look at");
    else if (ui_page(ui)->view != view)
        ui_open(ui, view, incident ? incident->number : 0, ui_page(ui)->step);
}

void act_pin(struct ui *ui, const struct action *action) {
    struct focus focus = focus_of(ui);
    (void)action;
    int64_t number = focus.frame.incident ? focus.frame.incident->number : 0;
    if (focus.kind == PANE_OTHERS && focus.items.count)
        number = strtoll(selected_key(&focus), NULL, 10);
    ui->pinned = ui->pinned == number ? 0 : number;
    if (ui->pinned)
        ui_say(ui, false, "the board stays on INC-%lld", (long long)ui->pinned);
    else
        ui_say(ui, false, "the board shows the worst incident");
    talloc_free(focus.scratch);
}

/* ---- filter and search ----------------------------------------------------------------------- */

/* The pane that a filter is about: the log or the output of the view. */
static bool filtered_pane(const struct view *view, size_t *pane) {
    for (size_t i = 0; i < PANES_MAX; i++) {
        if (view->panes[i] != PANE_LOG && view->panes[i] != PANE_OUTPUT)
            continue;
        *pane = i;
        return true;
    }
    return false;
}

static void take_filter(struct ui *ui, void *data, const char *text) {
    struct page *page = ui_page(ui);
    (void)data;
    TALLOC_FREE(page->filter);
    if (!*text)
        return;
    page->filter = filter_new(ui, text);
    page->follow = false;
    if (!filtered_pane(page->view, &page->pane))
        return;
    struct focus focus = focus_of(ui);
    cursor_select(ui, focus.cursor, &focus.items, focus.items.count);
    talloc_free(focus.scratch);
}

void act_filter(struct ui *ui, const struct action *action) {
    size_t pane;
    (void)action;
    if (!filtered_pane(ui_page(ui)->view, &pane)) {
        ui_say(ui, true, "there is no log or output here to look through");
        return;
    }
    struct prompt *prompt =
        prompt_open(ui, PROMPT_TEXT, "only lines with (!: without)", take_filter, NULL);
    prompt_optional(prompt);
    if (ui_page(ui)->filter)
        prompt_preset(prompt, filter_words(ui_page(ui)->filter));
}

/* While a filter holds, all that is shown matches: the next match is the next line. */
void act_search(struct ui *ui, const struct action *action) {
    if (ui_page(ui)->filter)
        move_by(ui, action->number);
    else
        ui_say(ui, true, "nothing is looked for: / begins");
}

void act_follow(struct ui *ui, const struct action *action) {
    struct page *page = ui_page(ui);
    const struct step *step = ui_step(ui);
    const struct incident *incident = ui_incident(ui, page);
    (void)action;
    if (page->view == &step_view)
        page->follow = !page->follow;
    else if (step)
        ui_open(ui, &step_view, incident->number, step->spec->id);
    else
        ui_say(ui, true, "no step is selected here");
}
