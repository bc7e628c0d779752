#include "config.h"

#include "incident/deliveries.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/levels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long after a failure it is tried again; behind the last nothing is. */
static const int64_t pauses_ms[] = {5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS};

/* A courier has so much longer than its command to come to its end and say so. */
#define COURIER_MS (20 * SECOND_MS)

/* ---- what is on the log ---------------------------------------------------------------------- */

struct delivery *incident_delivery(const struct incident *incident, int64_t fired,
                                   const char *channel, const char *person) {
    for (size_t i = 0; i < incident->deliveries_count; i++) {
        struct delivery *delivery = &incident->deliveries[i];
        if (delivery->fired == fired && strcmp(delivery->channel, channel) == 0 &&
            text_same(delivery->person, person))
            return delivery;
    }
    return NULL;
}

bool delivery_is_given_up(const struct delivery *delivery) {
    return delivery->record == DELIVERY_FAILED && delivery->try > (int64_t)ARRAY_SIZE(pauses_ms);
}

static const struct fired *fired_of(const struct incident *incident,
                                    const struct delivery *delivery) {
    for (size_t i = 0; i < incident->fired_count; i++)
        if (incident->fired[i].seq == delivery->fired)
            return &incident->fired[i];
    return NULL;
}

/* One under way after a failure has not gone out either. */
static bool is_failing(const struct delivery *delivery) {
    return delivery->record == DELIVERY_FAILED ||
           (delivery->record == DELIVERY_BEGUN && delivery->try > 1);
}

const struct delivery *incident_delivery_failing(const struct incident *incident) {
    for (size_t i = incident->deliveries_count; i-- > 0;) {
        const struct delivery *delivery = &incident->deliveries[i];
        const struct fired *fired = is_failing(delivery) ? fired_of(incident, delivery) : NULL;
        if (fired && fired_is_current(incident, fired))
            return delivery;
    }
    return NULL;
}

/* ---- what there is to try -------------------------------------------------------------------- */

struct listing {
    const struct incident *incident;
    const struct roster *roster;
    struct delivery_tries *tries;
    const void *parent;
};

/* When the next try is due; false where there is none. */
static bool next_try(struct delivery_try *delivery_try) {
    const struct delivery *last = delivery_try->last;
    delivery_try->number = last ? last->try + 1 : 1;
    delivery_try->due_ms = delivery_try->fired->mark.at_ms;
    if (last && last->record == DELIVERY_FAILED && !delivery_is_given_up(last))
        delivery_try->due_ms = last->at_ms + pauses_ms[last->try - 1];
    if (last && last->record == DELIVERY_BEGUN) {
        delivery_try->due_ms = last->until_ms;
        delivery_try->again = true;
    }
    return !last || (last->record != DELIVERY_SENT && last->try <= (int64_t)ARRAY_SIZE(pauses_ms));
}

static void add(struct listing *listing, struct delivery_try delivery_try) {
    struct delivery_tries *tries = listing->tries;
    delivery_try.last = incident_delivery(listing->incident, delivery_try.fired->seq,
                                          delivery_try.channel->name, delivery_try.person);
    if (!next_try(&delivery_try))
        return;
    tries->list =
        xtalloc_realloc(listing->parent, tries->list, struct delivery_try, tries->count + 1);
    tries->list[tries->count++] = delivery_try;
}

static void add_channel(struct listing *listing, const struct fired *fired, const char *name) {
    const struct channel *channel = roster_channel(listing->roster, name);
    if (channel && channel_needs_courier(channel))
        add(listing, (struct delivery_try){.fired = fired, .channel = channel});
}

/* Everywhere that they can be reached. */
static void add_person(struct listing *listing, const struct fired *fired, const char *name) {
    const struct roster_person *person = roster_person(listing->roster, name);
    for (const struct pair *reach = person ? person->reach : NULL; reach && reach->key; reach++) {
        const struct channel *channel = roster_channel(listing->roster, reach->key);
        if (channel && channel_needs_courier(channel))
            add(listing, (struct delivery_try){.fired = fired,
                                               .channel = channel,
                                               .person = person->id,
                                               .address = reach->value});
    }
}

static void add_fired(struct listing *listing, const struct fired *fired) {
    for (const char *const *name = fired->channels; *name; name++)
        add_channel(listing, fired, *name);
    for (const char *const *name = fired->people; *name; name++)
        add_person(listing, fired, *name);
}

static int by_due(const void *a, const void *b) {
    const struct delivery_try *left = a, *right = b;
    return (left->due_ms > right->due_ms) - (left->due_ms < right->due_ms);
}

struct delivery_tries incident_delivery_tries(const void *parent, const struct incident *incident) {
    struct delivery_tries tries = {0};
    struct listing listing = {incident, incident->state->roster, &tries, parent};
    if (!incident_is_open(incident) || !roster_needs_courier(listing.roster))
        return tries;
    for (size_t i = 0; i < incident->fired_count; i++)
        if (fired_is_current(incident, &incident->fired[i]))
            add_fired(&listing, &incident->fired[i]);
    if (tries.count)
        qsort(tries.list, tries.count, sizeof(*tries.list), by_due);
    return tries;
}

int64_t delivery_until_ms(const struct delivery_try *delivery_try, int64_t now_ms) {
    return now_ms + delivery_try->channel->timeout_ms + COURIER_MS;
}

/* ---- what couriers say ----------------------------------------------------------------------- */

/* Names may be long; what tells one from another has to fit an id. */
static uint32_t address_number(const struct delivery_try *delivery_try) {
    const char *channel = delivery_try->channel->name, *person = delivery_try->person;
    struct digest_state *state = digest_begin(NULL);
    digest_add_part(state, 't', channel, strlen(channel));
    digest_add_part(state, 't', person, person ? strlen(person) : 0);
    struct digest digest = digest_end(state);
    uint32_t number;
    memcpy(&number, digest.bytes, sizeof(number));
    return number;
}

struct command *page_command(const void *parent, const struct incident *incident,
                             const struct delivery_try *delivery_try, const char *courier,
                             int64_t now_ms) {
    struct command *command = command_new(parent, "page", now_ms);
    snprintf(command->id, sizeof(command->id), "page/%lld/%lld/%08x/%lld",
             (long long)incident->number, (long long)delivery_try->fired->seq,
             address_number(delivery_try), (long long)delivery_try->number);
    command->incident = incident->number;
    command->fired = delivery_try->fired->seq;
    command->channel = xtalloc_strdup(command, delivery_try->channel->name);
    command->person = delivery_try->person ? xtalloc_strdup(command, delivery_try->person) : NULL;
    command->try = delivery_try->number;
    command->courier = xtalloc_strdup(command, courier);
    return command;
}

struct command *paged_command(const void *parent, const struct command *begun, const char *why,
                              int64_t now_ms) {
    struct command *command = command_new(parent, "paged", now_ms);
    snprintf(command->id, sizeof(command->id), "%.*s/%s", (int)sizeof(command->id) - 8, begun->id,
             why ? "failed" : "sent");
    command->incident = begun->incident;
    command->fired = begun->fired;
    command->channel = xtalloc_strdup(command, begun->channel);
    command->person = begun->person ? xtalloc_strdup(command, begun->person) : NULL;
    command->try = begun->try;
    command->courier = xtalloc_strdup(command, begun->courier);
    command->verdict = why ? "failed" : "sent";
    command->reason = why ? xtalloc_strdup(command, why) : NULL;
    return command;
}
