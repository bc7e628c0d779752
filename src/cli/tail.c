#include "config.h"

#include "cli/families.h"

#include "base/limits.h"
#include "base/loop.h"
#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "incident/events.h"
#include "incident/status.h"
#include "log/line.h"

#include <stddef.h>
#include <string.h>

#define LINES      20
#define DATE_BYTES 10 /* of RFC 3339 */

struct tail_words {
    const char *count, *until;
    bool follow;
};

const struct cli_option tail_options[] = {
    {"-n", "COUNT", offsetof(struct tail_words, count), "how many events; 20 when not said"},
    {"--follow", NULL, offsetof(struct tail_words, follow), "go on as more is appended"},
    {"--until", "STATE", offsetof(struct tail_words, until),
     "follow until the incident is so far: acknowledged, rolling_back, well, closed, …"},
    {0},
};

struct tail {
    struct call *call;
    struct hub *hub;
    int64_t incident; /* 0: all, and the store's own */
    int64_t lines;
    bool follow;
    bool until;
    enum phase phase; /* with `until` */

    int64_t last_seq; /* printed, or older than what is */
    int64_t day;      /* of the last line */
};

/* ---- words ---- */

static bool read_count(struct tail *tail, const char *count) {
    tail->lines = LINES;
    return !count || number_parse(count, 0, TAIL_MAX, &tail->lines) ||
           err_set(tail->call->err, ERR_USAGE, "-n takes a number of events", count,
                   "give one from 0 to 1000000");
}

static bool refuse_phase(struct tail *tail, const char *word) {
    const char *names[PHASE_COUNT + 1] = {NULL};
    struct err *err = tail->call->err;
    for (size_t i = 0; i < PHASE_COUNT; i++)
        names[i] = phase_name((enum phase)i);
    const char *near = text_nearest(word, names);
    const char *all = err_fmt(err, "one of:");
    for (size_t i = 0; i < PHASE_COUNT; i++)
        all = err_fmt(err, "%s %s", all, names[i]);
    return err_set(err, ERR_USAGE, "no incident is ever in that state", word,
                   near ? err_fmt(err, "did you mean %s?", near) : all);
}

static bool read_until(struct tail *tail, const char *word) {
    tail->until = word != NULL;
    if (word && !phase_parse(word, &tail->phase))
        return refuse_phase(tail, word);
    return !word || tail->incident ||
           err_set(tail->call->err, ERR_USAGE, "--until needs an incident", NULL,
                   "name one: `backout tail N --until STATE`");
}

static bool read_words(struct tail *tail) {
    struct tail_words words = {0};
    if (!call_read(tail->call, &words) || !call_incident(tail->call, &tail->incident) ||
        !read_count(tail, words.count) || !read_until(tail, words.until))
        return false;
    tail->follow = words.follow || tail->until;
    return true;
}

/* ---- one event ---- */

/* A line of its own where the day changes; today goes without saying. */
static void print_day(struct tail *tail, int64_t at_ms) {
    if (at_ms / DAY_MS == tail->day)
        return;
    char *text = time_rfc3339(NULL, at_ms);
    tail->day = at_ms / DAY_MS;
    out_line("%.*s", DATE_BYTES, text);
    talloc_free(text);
}

static const char *incident_word(const void *parent, const struct tail *tail,
                                 const struct event *event) {
    if (tail->incident)
        return "";
    if (!event->incident)
        return "store   ";
    return xtalloc_asprintf(parent, "INC-%-4lld", (long long)event->incident);
}

static void print_sentence(struct tail *tail, const struct event *event) {
    void *scratch = talloc_new(NULL);
    const struct incident *incident = state_incident(hub_state(tail->hub), event->incident);
    print_day(tail, event->at_ms);
    out_line("%s %s%-6s %s", time_clock(scratch, event->at_ms), incident_word(scratch, tail, event),
             event_doer(event), event_sentence(scratch, incident, event));
    talloc_free(scratch);
}

static void print_export(const struct event *event) {
    char *line = line_encode(NULL, event);
    out_json(line);
    talloc_free(line);
}

/* The reader and the hub may both tell of an event: each is printed once. */
static void print_event(struct tail *tail, const struct event *event) {
    if (event->seq <= tail->last_seq)
        return;
    tail->last_seq = event->seq;
    if (tail->incident && event->incident != tail->incident)
        return;
    if (tail->call->options->json)
        print_export(event);
    else
        print_sentence(tail, event);
}

/* ---- the end of the log ---- */

/* The seqs of the last so many events of one incident, in a ring. */
struct ring {
    int64_t *seqs;
    int64_t room, count;
};

static bool ring_add(void *data, const struct event *event) {
    struct ring *ring = data;
    ring->seqs[ring->count++ % ring->room] = event->seq;
    return true;
}

/* The seq after which to begin, so that `lines` events of the incident follow. */
static bool find_begin(struct tail *tail, int64_t *after) {
    struct log_head head;
    if (!hub_head(tail->hub, &head, tail->call->err))
        return false;
    *after = head.seq > tail->lines ? head.seq - tail->lines : 0;
    if (!tail->incident || !tail->lines)
        return true;
    struct ring ring = {.room = tail->lines};
    ring.seqs = xtalloc_zero_array(tail->call, int64_t, (size_t)ring.room);
    if (!hub_events(tail->hub, 0, tail->incident, ring_add, &ring, tail->call->err))
        return false;
    *after = ring.count <= ring.room ? 0 : ring.seqs[ring.count % ring.room] - 1;
    return true;
}

static bool print_read(void *data, const struct event *event) {
    print_event(data, event);
    return true;
}

static bool print_end(struct tail *tail) {
    int64_t of = tail->incident ? tail->incident : LOG_ANY_INCIDENT;
    if (!find_begin(tail, &tail->last_seq))
        return false;
    return hub_events(tail->hub, tail->last_seq, of, print_read, tail, tail->call->err);
}

/* ---- following ---- */

/* How far along it is; the three ways that a decision opens stand side by side. */
static const int ranks[PHASE_COUNT] = {
    [PHASE_DECLARED] = 0,     [PHASE_ACKNOWLEDGED] = 1,    [PHASE_DECIDED] = 2,
    [PHASE_ROLLING_BACK] = 2, [PHASE_ROLLING_FORWARD] = 2, [PHASE_WELL] = 3,
    [PHASE_TOLD] = 4,         [PHASE_CLOSED] = 5,          [PHASE_ABANDONED] = -1,
};

/* A state that was passed between two looks was reached too. */
static bool is_reached(const struct tail *tail, enum phase phase) {
    bool any_decision = tail->phase == PHASE_DECIDED && ranks[phase] == ranks[PHASE_DECIDED];
    return phase == tail->phase || any_decision ||
           (tail->phase != PHASE_ABANDONED && ranks[phase] > ranks[tail->phase]);
}

/* True when there is nothing more to wait for; *ok false when it ended otherwise. */
static bool is_over(const struct tail *tail, bool *ok) {
    struct err *err = tail->call->err;
    const struct incident *incident = state_incident(hub_state(tail->hub), tail->incident);
    *ok = true;
    if (!out_flush())
        return true;
    if (!tail->until || !incident || is_reached(tail, incident_phase(incident)))
        return tail->until && incident;
    if (incident_is_open(incident))
        return false;
    *ok = err_set(err, ERR_REFUSED, "the incident ended otherwise",
                  err_fmt(err, "INC-%lld is %s, never %s", (long long)tail->incident,
                          phase_name(incident_phase(incident)), phase_name(tail->phase)),
                  NULL);
    return true;
}

/* What was printed is no part of it any more: it goes on at the end of what is there. */
static void begin_anew(struct tail *tail) {
    struct log_head head;
    struct err *ignored = err_new(tail->call);
    if (hub_head(tail->hub, &head, ignored))
        tail->last_seq = head.seq;
    talloc_free(ignored);
}

static void take_item(struct tail *tail, const struct hub_item *item) {
    if (item->kind == HUB_EVENT)
        print_event(tail, item->event);
    if (item->kind == HUB_TROUBLE || item->kind == HUB_REPLACED)
        out_problem(item->err);
    if (item->kind == HUB_REPLACED)
        begin_anew(tail);
    if (item->kind == HUB_WELL)
        out_note("the store answers again");
}

static bool follow(struct tail *tail) {
    struct loop *loop = loop_new(tail->call, tail->call->err);
    struct hub_item item;
    bool ok = true;
    if (loop)
        hub_join(tail->hub, loop);
    while (loop && !is_over(tail, &ok)) {
        loop_turn(loop, hub_period_ms(tail->hub));
        while (hub_next(tail->hub, loop_moment(loop), &item))
            take_item(tail, &item);
    }
    return loop && ok;
}

bool run_tail(struct call *call) {
    struct tail tail = {.call = call, .day = call->now_ms / DAY_MS};
    struct incident *incident;
    return read_words(&tail) && store_open(call, STORE_LOOK, "line", &tail.hub) &&
           (!tail.incident || hub_incident(tail.hub, tail.incident, &incident, call->err)) &&
           print_end(&tail) && (!tail.follow || follow(&tail));
}
