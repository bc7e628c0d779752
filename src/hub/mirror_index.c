#include "config.h"

#include "hub/mirror.h"

#include "base/xtalloc.h"
#include "incident/fold.h"
#include "log/log.h"

#include <string.h>

/* The lines of one incident, or of the store (number 0), in the order of the log. */
struct lines_of {
    int64_t number;
    off_t *at;
    size_t count;
    bool ended;
};

struct plan_at {
    struct digest sha256;
    off_t at;
};

struct mirror_index {
    struct mirror_file *file;
    struct lines_of *lists; /* by number */
    size_t lists_count;
    struct plan_at *plans;
    size_t plans_count;
};

bool mirror_index_open(const void *parent, const char *path, struct mirror_index **index,
                       struct err *err) {
    struct mirror_file *file;
    if (!mirror_file_open(parent, path, &file, err))
        return false;
    *index = xtalloc_zero(parent, struct mirror_index);
    (*index)->file = talloc_steal(*index, file);
    return true;
}

struct mirror_file *mirror_index_file(const struct mirror_index *index) {
    return index->file;
}

/* ---- noting ---------------------------------------------------------------------------------- */

/* The place of that number's list, or where it belongs. */
static size_t place_of(const struct mirror_index *index, int64_t number) {
    size_t low = 0, high = index->lists_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->lists[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct lines_of *find(const struct mirror_index *index, int64_t number) {
    size_t place = place_of(index, number);
    bool found = place < index->lists_count && index->lists[place].number == number;
    return found ? &index->lists[place] : NULL;
}

static struct lines_of *list_of(struct mirror_index *index, int64_t number) {
    struct lines_of *found = find(index, number);
    if (found)
        return found;
    size_t place = place_of(index, number);
    if (index->lists_count == talloc_array_length(index->lists))
        index->lists =
            xtalloc_realloc(index, index->lists, struct lines_of, 2 * index->lists_count + 8);
    memmove(&index->lists[place + 1], &index->lists[place],
            (index->lists_count++ - place) * sizeof(*index->lists));
    index->lists[place] = (struct lines_of){.number = number};
    return &index->lists[place];
}

static void add_line(struct mirror_index *index, struct lines_of *list, off_t at) {
    if (!list->at || list->count == talloc_array_length(list->at))
        list->at = xtalloc_realloc(index, list->at, off_t, 2 * list->count + 4);
    list->at[list->count++] = at;
}

static bool is_plan(const struct event *event) {
    return event->incident == 0 && event_is(event, EVENT_PLAN_FROZEN);
}

/* Plans are read when they are needed: parsing one takes as long as proving a thousand events. */
static void note_plan(struct mirror_index *index, const struct event *event, off_t at) {
    struct plan_at plan = {.at = at};
    void *scratch = talloc_new(NULL);
    const char *sha256 = event_frozen_plan(scratch, event);
    if (sha256 && digest_from_hex(sha256, &plan.sha256)) {
        index->plans = xtalloc_realloc(index, index->plans, struct plan_at, index->plans_count + 1);
        index->plans[index->plans_count++] = plan;
    }
    talloc_free(scratch);
}

void mirror_index_note(struct mirror_index *index, const struct line *line, off_t at) {
    const struct event *event = &line->event;
    if (is_plan(event)) {
        note_plan(index, event, at);
        return;
    }
    struct lines_of *list = list_of(index, event->incident);
    add_line(index, list, at);
    list->ended = list->ended || event_ends(event);
}

/* ---- folding --------------------------------------------------------------------------------- */

static bool fold_line(const struct mirror_index *index, struct state *state, off_t at,
                      struct err *err) {
    struct line line;
    void *scratch = talloc_new(NULL);
    bool folded = mirror_file_line(index->file, scratch, at, &line, err) &&
                  mirror_index_plan(index, state, &line.event, err) &&
                  fold(state, &line.event, err);
    talloc_free(scratch);
    return folded;
}

static const struct plan_at *find_plan(const struct mirror_index *index,
                                       const struct digest *sha256) {
    for (size_t i = index->plans_count; i-- > 0;)
        if (digest_equal(&index->plans[i].sha256, sha256))
            return &index->plans[i];
    return NULL;
}

static bool miss_plan(const struct event *event, const char *sha256, struct err *err) {
    return err_set(err, ERR_DAMAGED, "a plan is missing from the mirror",
                   err_fmt(err, "event %lld adopts %s", (long long)event->seq, sha256),
                   "read another copy, or the store itself");
}

bool mirror_index_holds_plan(const struct mirror_index *index, const struct event *event,
                             struct err *err) {
    void *scratch = talloc_new(NULL);
    const char *hex = event_plan(scratch, event);
    struct digest sha256;
    bool holds = !hex || (digest_from_hex(hex, &sha256) && find_plan(index, &sha256)) ||
                 miss_plan(event, hex, err);
    talloc_free(scratch);
    return holds;
}

static bool read_plan(const struct mirror_index *index, struct state *state,
                      const struct digest *sha256, struct err *err) {
    const struct plan_at *plan = find_plan(index, sha256);
    return !plan || fold_line(index, state, plan->at, err);
}

bool mirror_index_plan(const struct mirror_index *index, struct state *state,
                       const struct event *event, struct err *err) {
    void *scratch = talloc_new(NULL);
    const char *hex = event_plan(scratch, event);
    struct digest sha256;
    bool known = !hex || state_plan(state, hex) ||
                 (digest_from_hex(hex, &sha256) && read_plan(index, state, &sha256, err));
    if (known && hex && !state_plan(state, hex))
        known = miss_plan(event, hex, err);
    talloc_free(scratch);
    return known;
}

static bool fold_list(const struct mirror_index *index, struct state *state,
                      const struct lines_of *list, struct err *err) {
    for (size_t i = 0; i < list->count; i++)
        if (!fold_line(index, state, list->at[i], err))
            return false;
    return true;
}

/* Half an incident is worse than none. Fold passes over one whose declaration isn't there. */
bool mirror_index_fold(const struct mirror_index *index, struct state *state, int64_t number,
                       struct err *err) {
    const struct lines_of *list = find(index, number);
    if (!list || fold_list(index, state, list, err))
        return true;
    state_drop(state, number);
    return false;
}

bool mirror_index_fold_open(const struct mirror_index *index, struct state *state,
                            struct err *err) {
    for (size_t i = 0; i < index->lists_count; i++) {
        const struct lines_of *list = &index->lists[i];
        bool is_store = list->number == 0;
        if (is_store && !fold_list(index, state, list, err))
            return false;
        if (!is_store && !list->ended && !mirror_index_fold(index, state, list->number, err))
            return false;
    }
    return true;
}

/* ---- telling --------------------------------------------------------------------------------- */

struct telling {
    int64_t after;
    bool (*fn)(void *data, const struct event *);
    void *data;
};

static bool tell(void *data, const struct line *line, off_t at) {
    const struct telling *telling = data;
    (void)at;
    bool asked = line->kind == LINE_EVENT && line->event.seq > telling->after;
    return !asked || telling->fn(telling->data, &line->event);
}

static bool tell_all(const struct mirror_index *index, struct telling *telling, struct err *err) {
    struct mirror_file *again = mirror_file_again(NULL, index->file, telling->after);
    bool told = mirror_file_read(again, tell, telling, err);
    talloc_free(again);
    return told;
}

static bool tell_list(const struct mirror_index *index, const struct lines_of *list,
                      const struct telling *telling, struct err *err) {
    void *scratch = talloc_new(NULL);
    bool ok = true, more = true;
    for (size_t i = 0; list && ok && more && i < list->count; i++) {
        struct line line;
        ok = mirror_file_line(index->file, scratch, list->at[i], &line, err);
        if (ok && line.event.seq > telling->after)
            more = telling->fn(telling->data, &line.event);
        talloc_free_children(scratch);
    }
    talloc_free(scratch);
    return ok;
}

bool mirror_index_events(const struct mirror_index *index, int64_t after, int64_t incident,
                         bool (*fn)(void *data, const struct event *), void *data,
                         struct err *err) {
    struct telling telling = {.after = after, .fn = fn, .data = data};
    if (incident == LOG_ANY_INCIDENT)
        return tell_all(index, &telling, err);
    return tell_list(index, find(index, incident), &telling, err);
}
