/* Pages: which courier had which try, and how it went. */
#include "config.h"

#include "incident/fold_kinds.h"

#include "incident/deliveries.h"

/* Where the event is about the try that is under way; NULL: it contradicts the log. */
static struct delivery *delivery_under_way(const struct folding *folding) {
    const struct body_page_ended *body = folding->body;
    struct delivery *delivery = body->channel ? incident_delivery(folding->incident, body->fired,
                                                                  body->channel, body->person)
                                              : NULL;
    return delivery && delivery->record == DELIVERY_BEGUN && delivery->try == body->try ? delivery
                                                                                        : NULL;
}

bool fold_page_begun(const struct folding *folding) {
    const struct body_page_begun *body = folding->body;
    struct incident *incident = folding->incident;
    if (!body->channel || body->try < 1)
        return false;
    struct delivery *delivery =
        incident_delivery(incident, body->fired, body->channel, body->person);
    if (!delivery) {
        delivery = ARRAY_GROW(incident, incident->deliveries, incident->deliveries_count);
        delivery->fired = body->fired;
        delivery->channel = keep_text(incident, body->channel);
        delivery->person = keep_text(incident, body->person);
    }
    delivery->try = body->try;
    delivery->record = DELIVERY_BEGUN;
    delivery->courier = keep_text(incident, body->courier);
    delivery->at_ms = folding->event->at_ms;
    delivery->until_ms = body->until;
    delivery->why = NULL;
    return true;
}

static bool fold_ended(const struct folding *folding, enum delivery_record record,
                       const char *why) {
    struct delivery *delivery = delivery_under_way(folding);
    if (!delivery)
        return false;
    delivery->record = record;
    delivery->at_ms = folding->event->at_ms;
    delivery->why = keep_text(folding->incident, why);
    return true;
}

bool fold_page_sent(const struct folding *folding) {
    return fold_ended(folding, DELIVERY_SENT, NULL);
}

bool fold_page_failed(const struct folding *folding) {
    const struct body_page_ended *body = folding->body;
    return fold_ended(folding, DELIVERY_FAILED, body->why);
}
