/* Commands under way: from the person's answer to the store's. */
#include "config.h"

#include "ui/ui.h"

#include "base/loop.h"
#include "base/xtalloc.h"
#include "incident/command.h"

struct asked {
    struct asked *next;
    int64_t ticket;
};

void ui_submit(struct ui *ui, struct command *command) {
    struct err *err = err_new(command);
    int64_t ticket;
    if (door_submit(ui->door, command, &ticket, err)) {
        struct asked *asked = xtalloc_zero(ui, struct asked);
        *asked = (struct asked){.next = ui->asked, .ticket = ticket};
        ui->asked = asked;
    } else {
        ui_say_err(ui, err);
    }
    talloc_free(command);
}

/* Whether the answer is to something this console asked; then it is settled. */
static bool was_asked(struct ui *ui, int64_t ticket) {
    for (struct asked **at = &ui->asked; *at; at = &(*at)->next) {
        struct asked *asked = *at;
        if (asked->ticket != ticket)
            continue;
        *at = asked->next;
        talloc_free(asked);
        return true;
    }
    return false;
}

static void take_answer(struct ui *ui, const struct hub_item *item) {
    if (!was_asked(ui, item->ticket))
        return;
    if (item->verdict == HUB_ACCEPTED)
        ui_say(ui, false, "%s", item->answer);
    else if (item->verdict == HUB_REFUSED)
        ui_say_err(ui, item->err);
    else
        ui_say(ui, true, "nobody knows whether that was kept (%s): look before you ask again",
               item->err ? item->err->what : "the store failed");
}

/* The state has it already; the frame will show it. */
static void take_event(struct ui *ui, const struct hub_item *item) {
    (void)item;
    ui->stale = true;
}

static void take_trouble(struct ui *ui, const struct hub_item *item) {
    ui->link.stale_since_ms = loop_now_ms(ui->loop);
    ui_say_err(ui, item->err);
}

static void take_well(struct ui *ui, const struct hub_item *item) {
    (void)item;
    ui->link.stale_since_ms = 0;
    ui_say(ui, false, "the store answers again");
}

static void (*const takers[])(struct ui *ui, const struct hub_item *item) = {
    [HUB_EVENT] = take_event,
    [HUB_ANSWER] = take_answer,
    [HUB_TROUBLE] = take_trouble,
    [HUB_WELL] = take_well,
};

bool ui_take_hub(struct ui *ui) {
    struct hub_item item;
    bool any = false;
    while (hub_next(ui->hub, loop_now_ms(ui->loop), &item)) {
        door_item(ui->door, &item);
        takers[item.kind](ui, &item);
        any = true;
    }
    ui->stale = ui->stale || any;
    return any;
}
