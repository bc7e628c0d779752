/* What a mirror carries of what is older than its base. */
#include "config.h"

#include "log/mirror_inside.h"

#include "base/xtalloc.h"
#include "incident/events.h"
#include "log/line.h"

#include <stdlib.h>

/* ---- which events ---------------------------------------------------------------------------- */

struct finding {
    void *scratch;
    int64_t base;
    int64_t *incidents; /* the open ones */
    const char **plans; /* digests of those that they adopted */
    size_t incidents_count, plans_count;
    const void *parent;
    struct mirror_carried *carried;
};

static void add_plan(struct finding *finding, const char *sha256) {
    finding->plans =
        xtalloc_realloc(finding->scratch, finding->plans, const char *, finding->plans_count + 1);
    finding->plans[finding->plans_count++] = sha256;
}

static void add_seq(struct finding *finding, int64_t seq) {
    struct mirror_carried *carried = finding->carried;
    if (carried->count == talloc_array_length(carried->seqs))
        carried->seqs =
            xtalloc_realloc(finding->parent, carried->seqs, int64_t, 2 * carried->count + 8);
    carried->seqs[carried->count++] = seq;
}

/* Plans come by who adopts them. */
static bool take_latest(void *data, const struct event *event) {
    struct finding *finding = data;
    if (event->seq <= finding->base && !log_frozen_digest(finding->scratch, event))
        add_seq(finding, event->seq);
    return true;
}

/* From the base on, the incident stands in the chained part. */
static bool take_event(void *data, const struct event *event) {
    struct finding *finding = data;
    if (event->seq > finding->base)
        return false;
    const char *plan = event_plan(finding->scratch, event);
    if (plan)
        add_plan(finding, plan);
    add_seq(finding, event->seq);
    return true;
}

static bool note_open(void *data, const struct log_incident *row) {
    struct finding *finding = data;
    finding->incidents = xtalloc_realloc(finding->scratch, finding->incidents, int64_t,
                                         finding->incidents_count + 1);
    finding->incidents[finding->incidents_count++] = row->number;
    return true;
}

static bool take_plan(struct log *log, struct finding *finding, const char *sha256,
                      struct err *err) {
    int64_t seq = 0;
    if (!log->ops->plan_find(log, sha256, &seq, err))
        return false;
    if (seq > 0 && seq <= finding->base)
        add_seq(finding, seq);
    return true;
}

static bool find(struct log *log, struct finding *finding, struct err *err) {
    bool ok = log->ops->read_latest(log, take_latest, finding, err) &&
              log->ops->index_read(log, true, note_open, finding, err);
    for (size_t i = 0; ok && i < finding->incidents_count; i++)
        ok = log->ops->read(log, 0, finding->incidents[i], take_event, finding, err);
    for (size_t i = 0; ok && i < finding->plans_count; i++)
        ok = take_plan(log, finding, finding->plans[i], err);
    return ok;
}

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* A plan may have been adopted more than once. */
static void put_in_order(struct mirror_carried *carried) {
    size_t count = 0;
    if (carried->count > 0)
        qsort(carried->seqs, carried->count, sizeof(*carried->seqs), ascending);
    for (size_t i = 0; i < carried->count; i++)
        if (count == 0 || carried->seqs[count - 1] != carried->seqs[i])
            carried->seqs[count++] = carried->seqs[i];
    carried->count = count;
}

bool mirror_carried_find(const void *parent, struct log *log, int64_t base,
                         struct mirror_carried *carried, struct err *err) {
    struct finding finding = {
        .scratch = talloc_new(NULL), .base = base, .parent = parent, .carried = carried};
    *carried = (struct mirror_carried){0};
    bool found = base == 0 || find(log, &finding, err);
    put_in_order(carried);
    talloc_free(finding.scratch);
    return found;
}

/* ---- one line -------------------------------------------------------------------------------- */

struct carrying {
    int64_t seq;
    struct digest before; /* zeros where there is none before */
    struct buffer *text;
};

static bool carry(void *data, const struct event *event) {
    struct carrying *carrying = data;
    if (event->seq < carrying->seq) {
        carrying->before = event->hash;
        return true;
    }
    char *line = line_encode_carried(NULL, event, &carrying->before);
    buffer_add_z(carrying->text, line);
    buffer_add_z(carrying->text, "\n");
    talloc_free(line);
    return false;
}

bool mirror_carry(struct log *log, int64_t seq, struct buffer *text, struct err *err) {
    struct carrying carrying = {.seq = seq, .text = text};
    return log->ops->read(log, seq - 2, LOG_ANY_INCIDENT, carry, &carrying, err);
}
