#include "config.h"

#include "incident/fold.h"

#include "base/arena.h"
#include "base/xtalloc.h"
#include "incident/fold_kinds.h"

#include <string.h>

const char *keep_text(const struct incident *incident, const char *text) {
    return text ? arena_text(incident->kept, text) : NULL;
}

const char *const *keep_texts(const struct incident *incident, const char *const *texts) {
    size_t count = 0;
    while (texts && texts[count])
        count++;
    const char **kept = arena_zero(incident->kept, (count + 1) * sizeof(*kept));
    for (size_t i = 0; i < count; i++)
        kept[i] = keep_text(incident, texts[i]);
    return kept;
}

const struct pair *keep_pairs(const struct incident *incident, const struct pair *pairs) {
    size_t count = 0;
    if (!pairs)
        return NULL;
    while (pairs[count].key)
        count++;
    struct pair *kept = arena_zero(incident->kept, (count + 1) * sizeof(*kept));
    for (size_t i = 0; i < count; i++)
        kept[i] = (struct pair){keep_text(incident, pairs[i].key),
                                keep_text(incident, pairs[i].value ? pairs[i].value : "")};
    return kept;
}

void *keep_room(const void *incident, void *array, size_t size, size_t count) {
    if (talloc_get_size(array) / size > count)
        return array;
    return xtalloc_check(talloc_realloc_size(incident, array, (count + count / 2 + 1) * size));
}

static bool refuse(struct err *err, const struct event *event, const char *what, const char *why) {
    return err_set(err, ERR_DAMAGED, what,
                   err_fmt(err, "seq %lld, %s: %s", (long long)event->seq, event->kind, why),
                   "run `backout verify`");
}

static bool contradiction(struct err *err, const struct event *event, const char *why) {
    return refuse(err, event, "the log contradicts itself", why);
}

/* Every incident keeps its own events: they are its timeline. */
static void keep_event(struct incident *incident, const struct event *event) {
    struct event *kept = ARRAY_GROW(incident, incident->events, incident->events_count);
    *kept = *event;
    kept->command = keep_text(incident, event->command);
    kept->actor = keep_text(incident, event->actor);
    kept->via = keep_text(incident, event->via);
    kept->kind = keep_text(incident, event->kind);
    kept->body = keep_text(incident, event->body);
}

/* Whatever the commander puts on the record counts as a word to everybody. */
static void hear_commander(struct incident *incident, const struct event *event) {
    const char *commander = incident_commander(incident);
    if (commander && strcmp(commander, event->actor) == 0 && event_is_spoken(event))
        incident->commander_spoke_ms = event->at_ms;
}

static bool find_step(struct folding *folding) {
    const char *id = *(const char *const *)folding->body;
    folding->step = id ? incident_step(folding->incident, id) : NULL;
    if (!folding->step)
        return contradiction(folding->err, folding->event, "it names a step that the plan lacks");
    return true;
}

static bool apply(struct folding *folding, const struct event_type *type) {
    const struct event *event = folding->event;
    if (type->of_step && !find_step(folding))
        return false;
    if (!type->fold(folding))
        return contradiction(folding->err, event, "it can't follow what came before");
    if (folding->step && !type->aside)
        folding->step->last_seq = event->seq;
    return true;
}

static bool fold_known(struct state *state, struct incident *incident,
                       const struct event_type *type, const struct event *event, struct err *err) {
    struct folding folding = {
        .state = state,
        .incident = incident,
        .event = event,
        .err = err,
    };
    if (type->of_store != (event->incident == 0))
        return contradiction(err, event, "its kind can't stand there");
    folding.body = event_decode(state->scratch, type, event, err);
    bool ok = folding.body ? apply(&folding, type)
                           : refuse(err, event, "an event of the log can't be read",
                                    err_fmt(err, "%s: %s", err->what, err->on));
    talloc_free_children(state->scratch);
    return ok;
}

/* A kind that a newer program wrote: it stands in the timeline, and changes nothing here. */
static void count_unknown(struct state *state, struct incident *incident) {
    state->unknown_events++;
    if (incident)
        incident->unknown_events++;
}

static bool is_passed_over(const struct incident *incident, const struct event_type *type,
                           const struct event *event) {
    bool declares = type && type->fold == fold_declared;
    return event->incident && !declares && !incident;
}

/* Who loads an incident while others append may meet an event twice: the second time it is old. */
static bool is_old(const struct incident *incident, const struct event *event) {
    return incident && event->seq <= incident->last_seq;
}

bool fold(struct state *state, const struct event *event, struct err *err) {
    struct incident *incident = state_incident(state, event->incident);
    if (is_old(incident, event))
        return true;
    const struct event_type *type = event_type_find(event->kind);
    if (event->seq > state->last_seq)
        state->last_seq = event->seq;
    if (is_passed_over(incident, type, event))
        return true;
    if (!type)
        count_unknown(state, incident);
    else if (!fold_known(state, incident, type, event, err))
        return false;
    if (!incident) /* it may have been declared just now */
        incident = state_incident(state, event->incident);
    if (incident) {
        incident->last_seq = event->seq;
        hear_commander(incident, event);
    }
    if (incident && !state->no_timelines)
        keep_event(incident, event);
    return true;
}
