#include "config.h"

#include "hub/import.h"

#include "base/xtalloc.h"
#include "hub/hub_ops.h"
#include "hub/index_fold.h"
#include "incident/events.h"
#include "log/copy.h"
#include "log/mirror_file.h"

#include <string.h>

struct importing {
    const struct import_asked *asked;
    struct imported *imported;
    struct mirror_file *file;
    struct stage *stage;
    struct log *log; /* begun */
    struct index_fold *folded;
    int64_t *carried; /* seqs of carried events that were taken, ascending */
    size_t carried_count;
    bool failed;
    struct err *err;
};

/* ---- one event ------------------------------------------------------------------------------- */

static bool take(struct importing *importing, struct event *event) {
    importing->imported->events++;
    return log_append(importing->log, event, importing->err) &&
           index_fold_event(importing->folded, event, importing->err);
}

static bool refuse_event(struct importing *importing, int64_t seq) {
    struct err *err = importing->err;
    importing->failed = true;
    return err_set(err, ERR_DAMAGED, "this event can't follow what came before",
                   err_fmt(err, "%s: event %lld: %s: %s", importing->asked->file, (long long)seq,
                           err->what, err->on ? err->on : ""),
                   "read another copy");
}

/* The reader has proved the chain; the log, which makes it anew, must come to the same. */
static bool take_same(void *data, const struct line *line, off_t at) {
    struct importing *importing = data;
    (void)at;
    if (line->kind != LINE_EVENT)
        return true;
    struct event event = line->event;
    if (!take(importing, &event))
        return refuse_event(importing, line->event.seq);
    importing->failed =
        event.seq != line->event.seq || !digest_equal(&event.hash, &line->event.hash);
    return !importing->failed || refuse_event(importing, line->event.seq);
}

/* ---- the store ------------------------------------------------------------------------------- */

static bool put_index(struct importing *importing) {
    size_t count;
    const struct log_incident *rows = index_fold_rows(importing->folded, &count);
    for (size_t i = 0; i < count; i++)
        if (!log_index_put(importing->log, &rows[i], importing->err))
            return false;
    return true;
}

static bool begin(struct importing *importing) {
    struct err *err = importing->err;
    importing->folded = index_fold_new(importing->file);
    return stage_new(importing->file, importing->asked->store, &importing->stage, err) &&
           stage_open(importing->stage, &importing->log, err) &&
           stage_begin(importing->stage, importing->log, err);
}

/* Proven once more as a store, then put where it belongs. */
static bool finish(struct importing *importing) {
    struct err *err = importing->err;
    bool doubt;
    return put_index(importing) && log_commit(importing->log, &doubt, err) &&
           stage_close(importing->stage, importing->log, err) &&
           hub_prove_copy(stage_path(importing->stage), &importing->imported->now, err) &&
           stage_put_new(importing->stage, err);
}

/* Viewers see it with the next commit at the latest. */
static void mend_mirror(const struct importing *importing) {
    struct err *ignored = err_new(NULL);
    struct log *log;
    if (log_open(importing->file, importing->asked->store, LOG_WRITE, importing->asked->now_ms,
                 &log, ignored)) {
        log_mirror_mend(log, "backout importing", ignored);
        talloc_free(log);
    }
    talloc_free(ignored);
}

/* ---- the same log again ---------------------------------------------------------------------- */

static bool begins_at_one(const struct importing *importing) {
    const struct log_head *base = mirror_file_base(importing->file);
    static const struct digest nothing;
    if (base->seq == 0)
        return digest_equal(&base->hash, &nothing) ||
               err_set(importing->err, ERR_DAMAGED, "this is not what was written",
                       err_fmt(importing->err, "%s: line 1: nothing has a hash but zeros",
                               importing->asked->file),
                       "read another copy");
    return err_set(importing->err, ERR_REFUSED, "this is not the whole log",
                   err_fmt(importing->err, "%s goes on after event %lld", importing->asked->file,
                           (long long)base->seq),
                   "import an export; or `import --continue` starts a new store from it");
}

bool hub_import(const struct import_asked *asked, struct imported *imported, struct err *err) {
    struct importing importing = {.asked = asked, .imported = imported, .err = err};
    *imported = (struct imported){0};
    if (!mirror_file_open(NULL, asked->file, &importing.file, err))
        return false;
    bool done = begins_at_one(&importing) && begin(&importing) &&
                mirror_file_prove(importing.file, true, take_same, &importing, err) &&
                !importing.failed && finish(&importing);
    imported->old = imported->now;
    if (done)
        mend_mirror(&importing);
    talloc_free(importing.file);
    return done;
}

/* ---- a new store that goes on ---------------------------------------------------------------- */

/* What a first reading finds, for the event that comes before all others. */
struct survey {
    struct importing *importing;
    int64_t events, carried, last_incident;
};

/* Where that seq stands among those that were taken, or would stand. */
static size_t place_of(const struct importing *importing, int64_t seq) {
    size_t low = 0, high = importing->carried_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (importing->carried[middle] < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* True when it was taken before. */
static bool note_carried(struct importing *importing, int64_t seq) {
    size_t place = place_of(importing, seq), count = importing->carried_count;
    if (place < count && importing->carried[place] == seq)
        return true;
    if (count == talloc_array_length(importing->carried))
        importing->carried =
            xtalloc_realloc(importing->file, importing->carried, int64_t, 2 * count + 64);
    int64_t *at = &importing->carried[place];
    memmove(at + 1, at, (count - place) * sizeof(*at));
    *at = seq;
    importing->carried_count++;
    return false;
}

/* A plan may be carried more than once, and of a store there is only one creation. */
static bool is_taken(struct importing *importing, const struct line *line) {
    return event_is(&line->event, EVENT_STORE_CREATED) ||
           (line->kind == LINE_CARRIED && note_carried(importing, line->event.seq));
}

static bool survey_line(void *data, const struct line *line, off_t at) {
    struct survey *survey = data;
    (void)at;
    if (line->event.incident > survey->last_incident)
        survey->last_incident = line->event.incident;
    if (!is_taken(survey->importing, line)) {
        survey->events++;
        survey->carried += line->kind == LINE_CARRIED;
    }
    return true;
}

/* A mirror may have grown since the first reading. */
static bool take_anew(void *data, const struct line *line, off_t at) {
    struct importing *importing = data;
    struct event event = line->event;
    (void)at;
    if (line->kind == LINE_EVENT && line->event.seq > importing->imported->old.seq)
        return false;
    if (is_taken(importing, line) || take(importing, &event))
        return true;
    return refuse_event(importing, line->event.seq);
}

static bool append_continued(struct importing *importing, const struct survey *survey) {
    const struct import_asked *asked = importing->asked;
    const struct log_head *base = mirror_file_base(importing->file);
    const struct log_head *old = &importing->imported->old;
    char command[UUID_TEXT], old_hash[DIGEST_HEX], base_hash[DIGEST_HEX];
    uuid7(asked->now_ms, command);
    digest_hex(&old->hash, old_hash);
    digest_hex(&base->hash, base_hash);
    const struct body_store_continued body = {
        .store = old->store,
        .seq = old->seq,
        .hash = old_hash,
        .base_seq = base->seq,
        .base_hash = base_hash,
        .events = survey->events,
        .carried = survey->carried,
        .last_incident = survey->last_incident,
        .reason = asked->reason,
    };
    struct event event = {
        .command = command,
        .at_ms = asked->now_ms,
        .actor = asked->actor,
        .via = asked->via,
        .kind = event_types[EVENT_STORE_CONTINUED].name,
        .body = event_encode(importing->file, EVENT_STORE_CONTINUED, &body),
    };
    return log_append(importing->log, &event, importing->err) &&
           index_fold_event(importing->folded, &event, importing->err);
}

static bool fold_created(void *data, const struct event *event) {
    struct importing *importing = data;
    importing->failed = !index_fold_event(importing->folded, event, importing->err);
    return false;
}

static bool append_created(struct importing *importing) {
    return log_append_created(importing->log, importing->asked->now_ms, importing->err) &&
           log_read(importing->log, 0, LOG_ANY_INCIDENT, fold_created, importing, importing->err) &&
           !importing->failed;
}

static void forget_carried(struct importing *importing) {
    TALLOC_FREE(importing->carried);
    importing->carried_count = 0;
}

static bool survey_file(struct importing *importing, struct survey *survey) {
    survey->importing = importing;
    if (!mirror_file_prove(importing->file, false, survey_line, survey, importing->err))
        return false;
    importing->imported->old = *mirror_file_head(importing->file);
    importing->imported->torn = mirror_file_torn(importing->file);
    forget_carried(importing);
    return survey->events > 0 ||
           err_set(importing->err, ERR_REFUSED, "there is nothing to go on from",
                   importing->asked->file, "name a mirror or an export");
}

static bool take_file(struct importing *importing) {
    struct mirror_file *again = mirror_file_again(importing->file, importing->file, 0);
    return mirror_file_prove(again, false, take_anew, importing, importing->err) &&
           !importing->failed;
}

bool hub_continue(const struct import_asked *asked, struct imported *imported, struct err *err) {
    struct importing importing = {.asked = asked, .imported = imported, .err = err};
    struct survey survey = {.events = 0};
    *imported = (struct imported){0};
    if (!mirror_file_open(NULL, asked->file, &importing.file, err))
        return false;
    bool done = survey_file(&importing, &survey) && begin(&importing) &&
                append_created(&importing) && append_continued(&importing, &survey) &&
                take_file(&importing) && finish(&importing);
    if (done)
        mend_mirror(&importing);
    talloc_free(importing.file);
    return done;
}
