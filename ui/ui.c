#include "config.h"

#include "ui/ui.h"

#include "base/loop.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/view.h"

#include <stdarg.h>
#include <string.h>

#define MESSAGES_MAX 200

struct page *ui_page(struct ui *ui) {
    return &ui->pages[ui->pages_count - 1];
}

const struct incident *ui_incident(const struct ui *ui, const struct page *page) {
    const struct state *state = hub_state(ui->hub);
    if (page->incident)
        return state_incident(state, page->incident);
    const struct incident *pinned = ui->pinned ? state_incident(state, ui->pinned) : NULL;
    return pinned ? pinned : state_worst(state);
}

struct frame ui_frame(struct ui *ui, const void *scratch) {
    struct page *page = ui_page(ui);
    const struct incident *incident = ui_incident(ui, page);
    return (struct frame){
        .scratch = scratch,
        .now_ms = loop_now_ms(ui->loop),
        .state = hub_state(ui->hub),
        .incident = incident,
        .step = page->step && incident ? incident_step(incident, page->step) : NULL,
        .me = hub_actor(ui->hub),
        .link = ui->link,
        .page = page,
        .below = ui->pages_count > 1 ? ui->pages[ui->pages_count - 2].view : NULL,
        .output = ui->output,
        .output_step = ui->output_step,
        .keys = ui->keys,
        .messages = ui->messages,
        .messages_count = ui->messages_count,
        .told = ui->told,
    };
}

/* The step selected in the page's list of steps, wherever the active pane is. */
static const struct step *selected_step(struct ui *ui, const struct incident *incident) {
    void *scratch = talloc_new(ui);
    struct frame frame = ui_frame(ui, scratch);
    const struct step *step = NULL;
    struct items items = pane_items(&frame, PANE_STEPS);
    for (size_t i = 0; i < PANES_MAX && items.count; i++)
        if (frame.page->view->panes[i] == PANE_STEPS)
            step = &incident->steps[cursor_index(&frame.page->cursors[i], &items)];
    talloc_free(scratch);
    return step;
}

const struct step *ui_step(struct ui *ui) {
    struct page *page = ui_page(ui);
    const struct incident *incident = ui_incident(ui, page);
    if (!incident)
        return NULL;
    return page->step ? incident_step(incident, page->step) : selected_step(ui, incident);
}

void ui_open(struct ui *ui, const struct view *view, int64_t incident, const char *step) {
    if (ui->pages_count == PAGES_MAX) {
        ui_say(ui, true, "%d views are open already: Esc closes one", PAGES_MAX);
        return;
    }
    ui->pages[ui->pages_count++] = (struct page){
        .view = view,
        .incident = incident,
        .step = step ? xtalloc_strdup(ui, step) : NULL,
        .follow = true,
    };
    ui->stale = true;
}

static void page_forget(struct page *page) {
    talloc_free((void *)(uintptr_t)page->step);
    talloc_free(page->filter);
    for (size_t i = 0; i < PANES_MAX; i++)
        talloc_free(page->cursors[i].key);
}

bool ui_close(struct ui *ui) {
    if (ui->pages_count == 1)
        return false;
    page_forget(&ui->pages[--ui->pages_count]);
    ui->stale = true;
    return true;
}

bool ui_may_write(struct ui *ui) {
    if (ui->link.read_only)
        ui_say(ui, true, "nothing can be written from here: %s", ui->link.read_only);
    return !ui->link.read_only;
}

/* ---- messages -------------------------------------------------------------------------------- */

static void forget_oldest(struct ui *ui) {
    if (ui->messages_count < MESSAGES_MAX)
        return;
    talloc_free((void *)(uintptr_t)ui->messages[0].text);
    memmove(ui->messages, ui->messages + 1, (MESSAGES_MAX - 1) * sizeof(*ui->messages));
    ui->messages_count--;
}

void ui_say(struct ui *ui, bool refused, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *raw = xtalloc_vasprintf(ui, format, args);
    va_end(args);
    forget_oldest(ui);
    ui->messages = xtalloc_realloc(ui, ui->messages, struct message, MESSAGES_MAX);
    ui->messages[ui->messages_count++] =
        (struct message){loop_now_ms(ui->loop), refused, text_clean_z(ui, raw)};
    talloc_free(raw);
    ui->message_shown = true;
    ui->message_stays = false;
    ui->stale = true;
}

void ui_say_err(struct ui *ui, const struct err *err) {
    char *sentence = err_sentence(ui, err);
    ui_say(ui, true, "%s", sentence);
    talloc_free(sentence);
}
