/* Commands under way: from the person's answer to the store's. */
#include "config.h"

#include "ui/ui.h"

#include "base/loop.h"
#include "base/xtalloc.h"
#include "incident/brief.h"
#include "incident/events.h"
#include "ui/term.h"

#include <string.h>

struct asked {
    struct asked *next;
    int64_t ticket;
    struct command *command;
};

/* What was typed for a refused command is offered again when it is asked for again. */
static void keep_refused(struct ui *ui, struct command *command) {
    talloc_free(ui->refused);
    ui->refused = talloc_steal(ui, command);
}

void ui_submit(struct ui *ui, struct command *command) {
    struct err *err = err_new(ui);
    int64_t ticket;
    if (!ui_may_write(ui)) {
        keep_refused(ui, command);
    } else if (door_submit(ui->door, command, &ticket, err)) {
        struct asked *asked = xtalloc_zero(ui, struct asked);
        *asked = (struct asked){ui->asked, ticket, talloc_steal(asked, command)};
        ui->asked = asked;
    } else {
        ui_say_err(ui, err);
        keep_refused(ui, command);
    }
    talloc_free(err);
}

/* What this console asked under that ticket, taken off the list; NULL for an answer to others. */
static struct asked *take_asked(struct ui *ui, int64_t ticket) {
    for (struct asked **at = &ui->asked; *at; at = &(*at)->next) {
        struct asked *asked = *at;
        if (asked->ticket != ticket)
            continue;
        *at = asked->next;
        return asked;
    }
    return NULL;
}

/* An answer may come when another incident is looked at: it names what it is about. */
static void say_accepted(struct ui *ui, const struct command *command, const char *answer) {
    bool says_step = !command->step || strstr(answer, command->step);
    if (command->incident)
        ui_say(ui, false, "INC-%lld%s%s: %s", (long long)command->incident, says_step ? "" : " ",
               says_step ? "" : command->step, answer);
    else
        ui_say(ui, false, "%s", answer);
}

static void take_answer(struct ui *ui, const struct hub_item *item) {
    struct asked *asked = take_asked(ui, item->ticket);
    if (!asked)
        return;
    if (item->verdict == HUB_ACCEPTED)
        say_accepted(ui, asked->command, item->answer);
    else
        keep_refused(ui, asked->command);
    if (item->verdict == HUB_REFUSED)
        ui_say_err(ui, item->err);
    if (item->verdict == HUB_IN_DOUBT)
        ui_say(ui, true, "nobody knows whether that was kept (%s): look before you ask again",
               item->err ? item->err->what : "the store failed");
    talloc_free(asked);
}

/* Whose role was taken is told so, whatever they look at; and who is typing an answer meanwhile is
 * not to type it away. */
static void tell_relieved(struct ui *ui, const struct event *event) {
    const struct event_type *taken = &event_types[EVENT_ROLE_TAKEN];
    if (strcmp(event->kind, taken->name) != 0)
        return;
    void *scratch = talloc_new(ui);
    const struct body_role_taken *body = event_decode(scratch, taken, event, err_new(scratch));
    const char *me = hub_actor(ui->hub);
    bool relieved =
        body && body->from && strcmp(body->from, me) == 0 && strcmp(event->actor, me) != 0;
    if (relieved)
        ui_say(ui, body->reason != NULL, "INC-%lld: %s is %s now, after you%s%s",
               (long long)event->incident, event->actor, body->role, body->reason ? ": " : "",
               body->reason ? body->reason : "");
    ui->message_stays = ui->message_stays || relieved;
    talloc_free(scratch);
}

static bool is_among(const char *const *people, const char *person) {
    for (; people && *people; people++)
        if (strcmp(*people, person) == 0)
            return true;
    return false;
}

static void ring(struct ui *ui, const struct event *event) {
    const struct incident *incident = state_incident(hub_state(ui->hub), event->incident);
    if (ui->settings.bell == BELL_ON)
        term_bell(ui->term);
    for (size_t i = incident ? incident->fired_count : 0; i > 0; i--) {
        const struct fired *fired = &incident->fired[i - 1];
        if (fired->seq != event->seq)
            continue;
        char *subject = page_subject(ui, incident, fired);
        term_notify(ui->term, (enum notify)ui->settings.notify, subject);
        talloc_free(subject);
        return;
    }
}

/* One bell for each call, for whom it calls; the YOU line has it until they say something. */
static void ring_called(struct ui *ui, const struct event *event) {
    const struct event_type *fired = &event_types[EVENT_FIRED];
    if (strcmp(event->kind, fired->name) != 0)
        return;
    void *scratch = talloc_new(ui);
    const struct body_fired *body = event_decode(scratch, fired, event, err_new(scratch));
    if (body && is_among(body->people, hub_actor(ui->hub)))
        ring(ui, event);
    talloc_free(scratch);
}

/* The state has it already; the frame will show it. */
static void take_event(struct ui *ui, const struct hub_item *item) {
    tell_relieved(ui, item->event);
    ring_called(ui, item->event);
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

static void take_replaced(struct ui *ui, const struct hub_item *item) {
    ui->link.doubted = hub_doubt(ui->hub) != NULL;
    ui_say_err(ui, ui->link.doubted ? hub_doubt(ui->hub) : item->err);
}

static void take_viewers_behind(struct ui *ui, const struct hub_item *item) {
    ui->link.viewers_behind = true;
    ui_say_err(ui, item->err);
}

static void take_viewers_well(struct ui *ui, const struct hub_item *item) {
    (void)item;
    ui->link.viewers_behind = false;
    ui_say(ui, false, "viewers see what there is again");
}

static void take_waiting(struct ui *ui, const struct hub_item *item) {
    ui_say(ui, true, "waiting: %s, %s", item->err->what, item->err->on);
}

static void (*const takers[])(struct ui *ui, const struct hub_item *item) = {
    [HUB_EVENT] = take_event,
    [HUB_ANSWER] = take_answer,
    [HUB_TROUBLE] = take_trouble,
    [HUB_WELL] = take_well,
    [HUB_WAITING] = take_waiting,
    [HUB_REPLACED] = take_replaced,
    [HUB_VIEWERS_BEHIND] = take_viewers_behind,
    [HUB_VIEWERS_WELL] = take_viewers_well,
};

bool ui_take_hub(struct ui *ui) {
    struct hub_item item;
    bool any = false;
    while (hub_next(ui->hub, loop_moment(ui->loop), &item)) {
        door_item(ui->door, &item);
        takers[item.kind](ui, &item);
        any = true;
    }
    ui->stale = ui->stale || any;
    return any;
}
