/* The one append-only log of a store, and the few small tables derived from it.
 * Owns the database (or the memory that stands in for it), its lock, its chain and its mirror.
 * Never decides anything: it keeps what the hub decided, in order, for ever. */
#ifndef BACKOUT_LOG_LOG_H
#define BACKOUT_LOG_LOG_H

#include "base/err.h"
#include "base/limits.h"
#include "base/time.h"
#include "incident/event.h"

struct log;

/* How a store is opened. */
enum log_mode {
    LOG_READ,   /* never writes; the store must exist */
    LOG_WRITE,  /* appends; the store must exist */
    LOG_CREATE, /* as LOG_WRITE, and makes the store where there is none */
    LOG_COPY,   /* reads a copy that nobody writes: any place will do */
    LOG_ALONE,  /* writes a file that nobody else knows of yet (copy.h): without lock and mirror */
};

/* Opens the SQLite store at `path`. Refuses, each with its own sentence: a file that isn't a store
 * (ERR_DAMAGED), one on a network filesystem or in a world-writable folder (ERR_REFUSED), no
 * rights (ERR_ACCESS), none there (ERR_NOT_FOUND). A store of a newer format opens for reading
 * whatever was asked, and so does
 * one whose files this user may only read: log_read_only says why. Freed by talloc_free, which
 * closes it. */
bool log_open(const void *parent, const char *path, enum log_mode mode, int64_t now_ms,
              struct log **log, struct err *err);

/* Whether that file is nobody's yet: empty, or left by a process that died while it made a store of
 * it. LOG_CREATE goes on there. */
bool log_is_unmade(const char *path);

/* The same interface over memory, for tests and for the demo of a fold. */
struct log *log_open_memory(const void *parent, int64_t now_ms);

/* NULL when appends are possible, else the sentence why not. */
const char *log_read_only(const struct log *log);

/* The path the store was opened by; NULL in memory. */
const char *log_path(const struct log *log);

/* Whether another file, or none, is at that path by now (a restore, an old copy put back). What is
 * open then is nobody's store any more: it can still be read, and log_begin fails. */
bool log_moved(struct log *log);

/* Its folder for step output, "<folder of the store>/view/run", made when first asked for in a
 * writable store; NULL in memory. If it can't be made, whoever writes there meets that error. */
const char *log_run_folder(struct log *log);

/* ---- the transaction: begin, (find, read, append, index)*, commit ---------------------------- */

enum log_begin {
    LOG_BEGUN,
    LOG_BUSY,   /* somebody holds the lock: a slice of at most 10 ms passed; ask again */
    LOG_FAILED, /* err is set */
};

/* Takes the lock file in one slice and begins. Under the lock nobody can put another file in the
 * store's place, and it fails (ERR_UNAVAILABLE) where somebody has. `me` is written into the lock
 * file for others to see, e.g. "ana pid 4122". */
enum log_begin log_begin(struct log *log, const char *me, struct err *err);

/* Appends within the transaction: fills in seq and hash, all else stays as given. Refuses a second
 * (command, part) and a second freezing of one digest (ERR_CONFLICT), and a body over LOG_BODY_MAX
 * (ERR_REFUSED). A "plan.frozen" of the store also fills the plans table; a kind that older
 * programs don't know and that changes what may be decided raises the store's format. After any
 * false the transaction can only be rolled back. */
bool log_append(struct log *log, struct event *event, struct err *err);

/* Appends the first event of a new store, store.created, to a log that is empty. */
bool log_append_created(struct log *log, int64_t now_ms, struct err *err);

/* True: on disk. False: ERR_UNAVAILABLE and nothing was kept, or, when `*doubt` is set, nobody
 * knows: ask log_find for the command's id later. The transaction has ended either way. */
bool log_commit(struct log *log, bool *doubt, struct err *err);
/* Ends the transaction and keeps nothing of it; without one it does nothing. */
void log_rollback(struct log *log);

/* At a quiet moment: makes a WAL short that grew while somebody read. Waits for nobody, neither for
 * the lock nor for readers; what doesn't go now goes another time. */
void log_rest(struct log *log, const char *me);

/* Who holds the lock, as its file says, for "waiting for bo pid 812"; "" when nobody. Owned by
 * `parent`. */
char *log_lock_holder(const void *parent, struct log *log);

/* ---- the mirror ------------------------------------------------------------------------------ */

/* Where it is; NULL in memory, where there is none. */
const char *log_mirror_path(const struct log *log);

/* Why it could not be written with the last commit, so that viewers see an older state; NULL when
 * it was. A commit never fails for its mirror: the next one catches it up. */
const struct err *log_mirror_trouble(const struct log *log);

/* Whether it ends where the log does, whoever wrote last; ERR_NOT_FOUND when there is none. A
 * commit that is just being mirrored looks like one that was not. */
bool log_mirror_check(struct log *log, struct err *err);

/* Whether each of its lines is what the log says, and none is missing that a reader needs; without
 * the log nobody can know that of what is carried. All of it is read. ERR_DAMAGED says what isn't
 * so; another code: it can't be read, or is another log's, which the next writer
 * replaces. */
bool log_mirror_prove(struct log *log, struct err *err);

/* Brings it up to the log without a commit, taking the lock as log_begin does. LOG_BEGUN: tried,
 * and log_mirror_trouble says how it went. */
enum log_begin log_mirror_mend(struct log *log, const char *me, struct err *err);

/* ---- the clocks, inside a transaction ---------------------------------------------------------
 */

/* Both clocks as somebody read them at one moment; BOOTTIME means something for one life of the
 * machine only. */
struct log_clock {
    struct moment at;
    const char *boot; /* its boot id */
};

/* Wall clocks that differ by no more are the same. */
#define LOG_CLOCK_STEP_MS INT64_C(2000)

enum log_clock_look {
    LOG_CLOCK_SAME, /* or by less than can matter, or nobody can know (nothing was kept, or in
                       another life of the machine), and then this pair is kept */
    LOG_CLOCK_SET,
    LOG_CLOCK_PAST, /* the pair is older than the one that was kept, its reader waited or slept
                       since: nothing may be judged by it; read the clocks anew */
};

/* Whether the wall clock was set since a pair of clocks was kept beside the lock: *by_ms by how
 * much, else 0. `*since` gets the moment that was kept, which names the step: whoever meets it
 * before it is settled gets the same. */
enum log_clock_look log_clock_look(struct log *log, const struct log_clock *clock,
                                   struct moment *since, int64_t *by_ms);

/* Keeps that pair, whatever was kept: what it says can't be so. */
void log_clock_begin(struct log *log, const struct log_clock *clock);

/* The clock was set by that much, and now, at that BOOTTIME, it is on the record: it is not met
 * again. */
void log_clock_settle(struct log *log, int64_t by_ms, int64_t boot_ms);

/* ---- reading (inside or outside a transaction) ----------------------------------------------- */

/* Everything read between these two is of one moment, whatever others commit. Inside a transaction
 * that is so anyway. Keep it short: a snapshot holds back the checkpoint. */
bool log_hold(struct log *log, struct err *err);
void log_let_go(struct log *log);

/* Called per event; its strings live only during the call. False stops the reading. It may not call
 * back into the log that it reads. */
typedef bool log_event_fn(void *data, const struct event *event);

/* Which events: all after `after`; of one incident, or of the store (incident 0), or any (-1). */
#define LOG_ANY_INCIDENT INT64_C(-1)
bool log_read(struct log *log, int64_t after, int64_t incident, log_event_fn *fn, void *data,
              struct err *err);

/* The newest event of each kind that concerns the whole store (incident 0), in order of kind. */
bool log_read_latest(struct log *log, log_event_fn *fn, void *data, struct err *err);

/* The events that a command id appended before, in order. *found counts them. */
bool log_find(struct log *log, const char *command, log_event_fn *fn, void *data, size_t *found,
              struct err *err);

/* The event that froze the plan of that digest (64 hex digits); *found false when there is none. */
bool log_find_plan(struct log *log, const char *sha256, log_event_fn *fn, void *data, bool *found,
                   struct err *err);

/* The newest seq; 0 in an empty log. */
bool log_last(struct log *log, int64_t *seq, struct err *err);

/* Whether the log has that event at that place: *holds. One row is read. */
bool log_holds(struct log *log, int64_t seq, const struct digest *hash, bool *holds,
               struct err *err);

/* Whether another process may have committed since this was last asked (data_version). */
bool log_changed(struct log *log);

/* ---- the index of incidents ------------------------------------------------------------------ */

struct log_incident {
    int64_t number;
    const char *title, *state, *service, *plan; /* plan id or "" */
    int64_t severity;
    int64_t drill, open;          /* 0 or 1, unless somebody else wrote the row */
    int64_t opened_ms, closed_ms; /* closed_ms 0 while open */
    int64_t last_seq;
};

typedef bool log_incident_fn(void *data, const struct log_incident *row);

/* Inside the transaction; replaces the row of that number. */
bool log_index_put(struct log *log, const struct log_incident *row, struct err *err);
/* Rows by number, newest first: open ones only, or all. */
bool log_index_read(struct log *log, bool open_only, log_incident_fn *fn, void *data,
                    struct err *err);
bool log_index_find(struct log *log, int64_t number, log_incident_fn *fn, void *data, bool *found,
                    struct err *err);
/* The highest number given so far, 0 at first; inside the transaction the next one is max + 1. */
bool log_index_max(struct log *log, int64_t *number, struct err *err);

/* The version of the library below, and whether it is free of the bug for which writes and
 * checkpoints share our lock (SQLite before 3.51.3). */
const char *log_library(void);
bool log_library_is_sound(void);

/* ---- proof ----------------------------------------------------------------------------------- */

struct log_head {
    char store[UUID_TEXT]; /* from store.created at seq 1 */
    int64_t seq;
    struct digest hash;
};
bool log_head(struct log *log, struct log_head *head, struct err *err);

/* "backout head: store S, event N, hash H": what people paste in tickets, and syslog keeps. Read
 * back from any text that holds these words; a hash alone leaves store "" and seq 0. False: it
 * holds none.
 */
char *log_head_words(const void *parent, const struct log_head *head);
bool log_head_parse(const char *text, struct log_head *head);

/* Walks the whole chain and compares the plans table and the format with it. False with ERR_DAMAGED
 * names the first bad row. The index of incidents is the hub's to compare, for it alone can fold.
 * *verified gets the last good seq. A cut tail passes: only a head that was kept elsewhere shows
 * it. */
bool log_verify(struct log *log, int64_t *verified, struct err *err);

/* The same, and hands on each good event, so that who folds them reads the log once. False from
 * `fn` ends it: the walk is false then, and `err` what `fn` set. */
bool log_walk(struct log *log, log_event_fn *fn, void *data, int64_t *verified, struct err *err);

/* Whether what is no row is as backout makes it: tables and triggers, the file's header; and every
 * index leads to all the rows that log_verify proves (SQLite's integrity_check). About half as long
 * again, unless it was begun ahead. */
bool log_check(struct log *log, struct err *err);

/* Begins what takes long of log_check, so that it is done beside what the caller does until then.
 * It fails nothing: what can't be done ahead is done when it is due. Who comes to no log_check
 * abandons it. */
void log_check_ahead(struct log *log);
void log_check_abandon(struct log *log);

#endif
