/* Pages: the messages about fired levels, each by one channel to one address, tried until it went
 * out. Whom a level calls is reached where the roster says that they can be; a channel that it
 * names is told itself. Only channels of type `command` are served.
 * Pure: computed from state and from the roster in force. What was tried is on the log; this says
 * what there is to try. Never sends anything: couriers do. */
#ifndef BACKOUT_INCIDENT_DELIVERIES_H
#define BACKOUT_INCIDENT_DELIVERIES_H

#include "incident/command.h"
#include "incident/state.h"

/* A try that is to come. */
struct delivery_try {
    const struct fired *fired;
    const struct channel *channel; /* of the roster in force */
    const char *person, *address;  /* NULL: whoever reads the channel */
    const struct delivery *last;   /* the try before; NULL: there was none */
    int64_t number;                /* from 1 */
    int64_t due_ms;
    bool again; /* nobody knows whether the one before arrived */
};

struct delivery_tries {
    struct delivery_try *list; /* soonest first */
    size_t count;
};

/* Of what is late still: nobody is woken for what is over. */
struct delivery_tries incident_delivery_tries(const void *parent, const struct incident *incident);

/* What is known of it; NULL: it was never begun. `person` may be NULL. */
struct delivery *incident_delivery(const struct incident *incident, int64_t fired,
                                   const char *channel, const char *person);

/* Whether nothing more is tried, though it never went out. */
bool delivery_is_given_up(const struct delivery *delivery);

/* The latest page for what is late still that doesn't go out: every try failed so far. NULL where
 * there is none. */
const struct delivery *incident_delivery_failing(const struct incident *incident);

/* When a try that begins now is over in any case, in ms: its command is stopped before. */
int64_t delivery_until_ms(const struct delivery_try *delivery_try, int64_t now_ms);

/* The commands by which a courier ("HOST/PID") says that it sets out, and how it went: `why` NULL
 * when it was sent. Their ids follow from what they say. Owned by `parent`. */
struct command *page_command(const void *parent, const struct incident *incident,
                             const struct delivery_try *delivery_try, const char *courier,
                             int64_t now_ms);
struct command *paged_command(const void *parent, const struct command *begun, const char *why,
                              int64_t now_ms);

#endif
