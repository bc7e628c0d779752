/* Opening a mirror, following it, and going over to the next one. */
#include "config.h"

#include "hub/mirror.h"

#include "base/xtalloc.h"
#include "hub/pins.h"
#include "incident/fold.h"
#include "log/bell.h"

#include <string.h>

/* A line that has no end for so long lost its writer, and no other has come since. */
#define TORN_MS 2000

struct mirror_hub {
    struct hub hub; /* first: a struct hub * is a struct mirror_hub * */
    struct mirror_index *index;
    bool stale;            /* the state lacks a line that was read: make it anew */
    int64_t torn_since_ms; /* 0: the end is whole */
};

static struct mirror_hub *mirror_of(struct hub *hub) {
    return (struct mirror_hub *)hub;
}

static struct mirror_file *file_of(const struct mirror_hub *mirror) {
    return mirror_index_file(mirror->index);
}

/* --- reading on ------------------------------------------------------------------------------- */

struct following {
    struct mirror_hub *mirror;
    struct err *err;
    bool failed;
};

static bool take_event(struct mirror_hub *mirror, const struct event *event, struct err *err) {
    mirror->stale = !mirror_index_plan(mirror->index, mirror->hub.state, event, err) ||
                    !fold(mirror->hub.state, event, err);
    if (!mirror->stale)
        hub_queue_event(&mirror->hub, event);
    return !mirror->stale;
}

/* Plans wait in the index until somebody adopts them. */
static bool follow_line(void *data, const struct line *line, off_t at) {
    struct following *following = data;
    mirror_index_note(following->mirror->index, line, at);
    if (line->kind == LINE_EVENT)
        following->failed = !take_event(following->mirror, &line->event, following->err);
    return !following->failed;
}

static bool follow(struct mirror_hub *mirror, struct err *err) {
    struct following following = {.mirror = mirror, .err = err};
    return mirror_file_read(file_of(mirror), follow_line, &following, err) && !following.failed;
}

/* --- another file in its place ---------------------------------------------------------------- */

/* The new file, read up to what we have, and whether that is the same event there. */
struct meeting {
    struct mirror_index *index;
    struct log_head ours;
    bool met;
};

static bool is_same(const struct log_head *ours, int64_t seq, const struct digest *hash) {
    return ours->seq == seq && digest_equal(&ours->hash, hash);
}

static bool meet_line(void *data, const struct line *line, off_t at) {
    struct meeting *meeting = data;
    mirror_index_note(meeting->index, line, at);
    if (line->kind == LINE_EVENT && is_same(&meeting->ours, line->event.seq, &line->event.hash))
        meeting->met = true;
    return true;
}

static bool read_whole(struct meeting *meeting, const char *path, struct err *err) {
    if (!mirror_index_open(NULL, path, &meeting->index, err))
        return false;
    struct mirror_file *file = mirror_index_file(meeting->index);
    const struct log_head *base = mirror_file_base(file);
    meeting->met = is_same(&meeting->ours, base->seq, &base->hash);
    if (mirror_file_read(file, meet_line, meeting, err))
        return true;
    TALLOC_FREE(meeting->index);
    return false;
}

static void take_index(struct mirror_hub *mirror, struct mirror_index *index) {
    talloc_free(mirror->index);
    mirror->index = talloc_steal(mirror, index);
    mirror->hub.first = mirror_file_base(file_of(mirror))->seq + 1;
}

static bool follow_event(void *data, const struct event *event) {
    struct following *following = data;
    following->failed = !take_event(following->mirror, event, following->err);
    return !following->failed;
}

/* What follows the last event that we have. */
static bool go_on(struct mirror_hub *mirror, int64_t after, struct err *err) {
    struct following following = {.mirror = mirror, .err = err};
    return mirror_index_events(mirror->index, after, LOG_ANY_INCIDENT, follow_event, &following,
                               err) &&
           !following.failed;
}

static bool load(struct mirror_hub *mirror, struct mirror_index *index, struct err *err) {
    struct state *state = state_new(mirror);
    if (!mirror_index_fold_open(index, state, err)) {
        talloc_free(state);
        return false;
    }
    talloc_free(mirror->hub.state);
    mirror->hub.state = state;
    mirror->stale = false;
    take_index(mirror, index);
    return true;
}

static bool read_and_load(struct mirror_hub *mirror, struct meeting *meeting, struct err *err) {
    if (!read_whole(meeting, mirror->hub.store, err))
        return false;
    if (load(mirror, meeting->index, err))
        return true;
    TALLOC_FREE(meeting->index);
    return false;
}

static bool tell_event(void *data, const struct event *event) {
    struct mirror_hub *mirror = data;
    hub_queue_event(&mirror->hub, event);
    return true;
}

static bool tell_after(struct mirror_hub *mirror, int64_t seq, struct err *err) {
    return mirror_index_events(mirror->index, seq, LOG_ANY_INCIDENT, tell_event, mirror, err);
}

static bool load_anew(struct mirror_hub *mirror, struct err *err) {
    struct meeting meeting = {.ours = *mirror_file_head(file_of(mirror))};
    return read_and_load(mirror, &meeting, err) && tell_after(mirror, meeting.ours.seq, err);
}

/* The state is right; but whoever followed must know that something was not told. */
static bool say_gap(const struct mirror_hub *mirror, const struct log_head *ours, struct err *err) {
    return err_set(err, ERR_UNAVAILABLE, "the mirror went on without us",
                   err_fmt(err, "%s: events %lld to %lld are no longer in it", mirror->hub.store,
                           (long long)ours->seq + 1, (long long)mirror->hub.first - 1),
                   "they are in the store");
}

/* What is older than the base may be as it was: that can't be told here. */
static bool is_out_of_sight(const struct mirror_hub *mirror, const struct log_head *seen) {
    const struct log_head *base = mirror_file_base(file_of(mirror));
    return strcmp(base->store, seen->store) == 0 && seen->seq < base->seq;
}

static bool take_other(struct mirror_hub *mirror, const struct log_head *ours, struct err *err) {
    struct difference difference = {.seen = *ours, .now = *mirror_file_head(file_of(mirror))};
    if (is_out_of_sight(mirror, ours))
        return tell_after(mirror, ours->seq, err) && say_gap(mirror, ours, err);
    hub_tell_replaced(&mirror->hub, &difference);
    return true;
}

static bool go_over(struct mirror_hub *mirror, struct err *err) {
    struct meeting meeting = {.ours = *mirror_file_head(file_of(mirror))};
    if (!read_whole(&meeting, mirror->hub.store, err))
        return false;
    if (meeting.met) {
        take_index(mirror, meeting.index);
        return go_on(mirror, meeting.ours.seq, err);
    }
    if (!load(mirror, meeting.index, err)) {
        talloc_free(meeting.index);
        return false;
    }
    return take_other(mirror, &meeting.ours, err);
}

/* --- what is new ------------------------------------------------------------------------------ */

static bool is_whole(struct mirror_hub *mirror, int64_t now_ms, struct err *err) {
    int64_t torn = mirror_file_torn(file_of(mirror));
    if (torn == 0)
        mirror->torn_since_ms = 0;
    else if (mirror->torn_since_ms == 0)
        mirror->torn_since_ms = now_ms;
    if (torn == 0 || now_ms - mirror->torn_since_ms < TORN_MS)
        return true;
    return err_set(err, ERR_UNAVAILABLE, "the end of the mirror is not written yet",
                   err_fmt(err, "%s: %lld bytes behind event %lld", mirror->hub.store,
                           (long long)torn, (long long)mirror_file_head(file_of(mirror))->seq),
                   "whoever writes next completes it");
}

static bool catch_up(struct hub *hub, int64_t now_ms, struct err *err) {
    struct mirror_hub *mirror = mirror_of(hub);
    enum mirror_file_news news = mirror_file_look(file_of(mirror), err);
    if (news == MIRROR_FILE_GONE)
        return false;
    if (news == MIRROR_FILE_OTHER && !go_over(mirror, err))
        return false;
    if (mirror->stale && !load_anew(mirror, err))
        return false;
    bool more = news == MIRROR_FILE_MORE || hub->troubled;
    if (more && !follow(mirror, err))
        return false;
    hub->seen = *mirror_file_head(file_of(mirror));
    return is_whole(mirror, now_ms, err);
}

/* --- what it knows ---------------------------------------------------------------------------- */

static bool load_incident(struct hub *hub, int64_t number, struct err *err) {
    if (!mirror_index_fold(mirror_of(hub)->index, hub->state, number, err))
        return false;
    return hub->first == 1 || state_incident(hub->state, number) ||
           err_set(err, ERR_NOT_FOUND, "that incident isn't in the mirror",
                   err_fmt(err, "INC-%lld: it ended before event %lld, or there is none",
                           (long long)number, (long long)hub->first),
                   "ask somebody who may read the store");
}

static bool events(struct hub *hub, int64_t after, int64_t incident,
                   bool (*fn)(void *, const struct event *), void *data, struct err *err) {
    return mirror_index_events(mirror_of(hub)->index, after, incident, fn, data, err);
}

static bool head(struct hub *hub, struct log_head *head, struct err *err) {
    (void)err;
    *head = *mirror_file_head(file_of(mirror_of(hub)));
    return true;
}

struct proving {
    const struct mirror_hub *mirror;
    struct err *err;
    bool failed;
};

/* A plan that is carried further down has no line beside it that would miss it, but its adoption.
 */
static bool prove_line(void *data, const struct line *line, off_t at) {
    struct proving *proving = data;
    (void)at;
    proving->failed = !mirror_index_holds_plan(proving->mirror->index, &line->event, proving->err);
    return !proving->failed;
}

/* Every line once more, to the byte, and that the last one has its end. */
static bool verify(struct hub *hub, int64_t *verified, struct err *err) {
    struct proving proving = {.mirror = mirror_of(hub), .err = err};
    struct mirror_file *again = mirror_file_again(NULL, file_of(proving.mirror), 0);
    bool right = mirror_file_prove(again, true, prove_line, &proving, err) && !proving.failed;
    *verified = mirror_file_head(again)->seq;
    talloc_free(again);
    return right;
}

/* Nobody sees this by us. */
static void tend(struct hub *hub, bool heard, int64_t now_ms) {
    (void)hub, (void)heard, (void)now_ms;
}

static bool viewers_see(struct hub *hub, struct err *err) {
    (void)hub, (void)err;
    return true;
}

/* Never asked to perform, for it is read-only. */
static const struct hub_ops mirror_ops = {
    .catch_up = catch_up,
    .tend = tend,
    .viewers_see = viewers_see,
    .load = load_incident,
    .events = events,
    .head = head,
    .verify = verify,
};

/* --- opening ---------------------------------------------------------------------------------- */

static bool compare_event(void *data, const struct event *event) {
    struct difference *difference = data;
    difference->holds = is_same(&difference->seen, event->seq, &event->hash);
    return false;
}

static bool compare_pin(struct mirror_hub *mirror, const char *pins, struct err *err) {
    struct hub *hub = &mirror->hub;
    struct difference difference = {.now = hub->seen};
    const struct log_head *base = mirror_file_base(file_of(mirror));
    if (!pins)
        return true;
    bool pinned = pins_find(pins, hub->seen.store, hub->store, &hub->pin);
    difference.seen = hub->pin;
    difference.holds = is_same(&hub->pin, base->seq, &base->hash);
    if (pinned && !difference.holds &&
        !mirror_index_events(mirror->index, hub->pin.seq - 1, LOG_ANY_INCIDENT, compare_event,
                             &difference, err))
        return false;
    hub->pins = xtalloc_strdup(hub, pins);
    if (pinned && !is_out_of_sight(mirror, &hub->pin))
        hub_doubt_pinned(hub, &difference);
    return true;
}

static bool open_file(struct mirror_hub *mirror, const char *pins, struct err *err) {
    struct meeting nothing = {.ours = {.seq = -1}};
    if (!read_and_load(mirror, &nothing, err))
        return false;
    mirror->hub.seen = *mirror_file_head(file_of(mirror));
    return compare_pin(mirror, pins, err);
}

static const char *folder_beside(const void *parent, const char *path, const char *name) {
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) : 0;
    return xtalloc_asprintf(parent, "%.*s/%s", length, path, name);
}

bool hub_open_mirror(const void *parent, const struct hub_options *options, int64_t now_ms,
                     struct hub **opened, struct err *err) {
    struct mirror_hub *mirror = xtalloc_zero(parent, struct mirror_hub);
    struct hub *hub = &mirror->hub;
    hub_begin(hub, &mirror_ops, options, now_ms);
    hub->run_folder = folder_beside(hub, hub->store, "run");
    hub->read_only = "a mirror shows its store and takes no commands";
    hub->bell = bell_new(hub, hub->store);
    if (!open_file(mirror, options->pins, err)) {
        talloc_free(mirror);
        return false;
    }
    *opened = hub;
    return true;
}
