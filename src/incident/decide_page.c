/* What couriers say of pages: that one sets out, and how it went. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "base/text.h"
#include "incident/deliveries.h"

static bool is_asked_for(const struct command *command, const struct delivery_try *delivery_try) {
    return command->fired == delivery_try->fired->seq && command->try == delivery_try->number &&
           text_same(command->channel, delivery_try->channel->name) &&
           text_same(command->person, delivery_try->person);
}

static bool say_begun(struct decider *decider, const struct delivery_try *delivery_try) {
    const struct command *command = decider->command;
    return say(decider, EVENT_PAGE_BEGUN,
               &(struct body_page_begun){.fired = command->fired,
                                         .channel = command->channel,
                                         .person = command->person,
                                         .try = command->try,
                                         .until = delivery_until_ms(delivery_try, decider->now_ms),
                                         .again = delivery_try->again,
                                         .courier = command->courier});
}

/* Judged anew: another courier may have set out, and what it is about may be over. */
bool decide_page(struct decider *decider) {
    struct delivery_tries tries = incident_delivery_tries(decider->scratch, decider->incident);
    for (size_t i = 0; i < tries.count && tries.list[i].due_ms <= decider->now_ms; i++)
        if (is_asked_for(decider->command, &tries.list[i]))
            return say_begun(decider, &tries.list[i]);
    return refuse(decider, ERR_CONFLICT, "this page is not due", "nothing: it is looked at again");
}

/* The courier that has the try, and no other, says how it went. */
static const struct delivery *delivery_of(const struct decider *decider) {
    const struct command *command = decider->command;
    const struct delivery *delivery = command->channel
                                          ? incident_delivery(decider->incident, command->fired,
                                                              command->channel, command->person)
                                          : NULL;
    bool is_theirs = delivery && delivery->record == DELIVERY_BEGUN &&
                     delivery->try == command->try &&
                     text_same(delivery->courier, command->courier);
    return is_theirs ? delivery : NULL;
}

bool decide_paged(struct decider *decider) {
    const struct command *command = decider->command;
    const struct delivery *delivery = delivery_of(decider);
    bool sent = text_same(command->verdict, "sent");
    if (!delivery)
        return refuse(decider, ERR_CONFLICT, "this try is over", "nothing: another one is made");
    struct delivery failed = *delivery;
    failed.record = DELIVERY_FAILED;
    return say(decider, sent ? EVENT_PAGE_SENT : EVENT_PAGE_FAILED,
               &(struct body_page_ended){.fired = delivery->fired,
                                         .channel = delivery->channel,
                                         .person = delivery->person,
                                         .try = delivery->try,
                                         .why = sent ? NULL : command->reason,
                                         .last = !sent && delivery_is_given_up(&failed)});
}
