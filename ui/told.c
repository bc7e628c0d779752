#include "config.h"

#include "ui/told.h"

#include "base/xtalloc.h"
#include "incident/events.h"

struct told {
    const struct incident *incident;
    size_t count;
    struct digest last; /* hash of its last event, which no other history ends with */
    const char **sentences;
};

struct told *told_new(const void *parent) {
    return xtalloc_zero(parent, struct told);
}

static bool holds(const struct told *told, const struct incident *incident) {
    return told->incident == incident && told->count == incident->events_count &&
           digest_equal(&told->last, &incident->events[incident->events_count - 1].hash);
}

static void begin(struct told *told, const struct incident *incident) {
    talloc_free(told->sentences);
    told->incident = incident;
    told->count = incident->events_count;
    told->last = incident->events[incident->events_count - 1].hash;
    told->sentences = xtalloc_zero_array(told, const char *, told->count);
}

const char *told_sentence(struct told *told, const struct incident *incident,
                          const struct event *event) {
    if (!holds(told, incident))
        begin(told, incident);
    const char **sentence = &told->sentences[event - incident->events];
    if (!*sentence)
        *sentence = event_sentence(told->sentences, incident, event);
    return *sentence;
}
