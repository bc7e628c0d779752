/* What a console, a line-mode command or a runner talks to: one state, kept folded, and a door
 * through which commands go in and answers come out.
 * Owns the log, the state and the commands under way. hub_submit never blocks.
 * Never draws, never runs a process. */
#ifndef BACKOUT_HUB_HUB_H
#define BACKOUT_HUB_HUB_H

#include "base/time.h"
#include "incident/command.h"
#include "incident/state.h"
#include "log/lease.h"

struct hub;

struct hub_options {
    const char *store;  /* path of the store, or of a file of its lines (*.ndjson) */
    const char *actor;  /* who asks: the operating-system user, verified by the caller */
    const char *via;    /* console, line, runner */
    const char *as;     /* the role in which its actor asks; NULL: whichever lets them */
    bool read_only;     /* refuse every command, whatever the file allows */
    bool create;        /* make the store where there is none */
    const char *syslog; /* socket to which the head goes when an incident changes; NULL: nowhere */
    const char *pins;   /* file of what this user saw of stores (pins.h); NULL: nobody remembers */
};

/* Whether that is the path of a mirror or an export, which can only be read. */
bool hub_names_lines(const char *path);

/* Opens the store, or the file of lines, and folds what is open in it. */
bool hub_open(const void *parent, const struct hub_options *options, int64_t now_ms,
              struct hub **hub, struct err *err);

const struct state *hub_state(const struct hub *hub);
const char *hub_actor(const struct hub *hub);
const char *hub_store(const struct hub *hub); /* absolute path */
/* NULL when commands are possible, else the sentence why not. */
const char *hub_read_only(const struct hub *hub);
/* NULL, or what its user saw before and it doesn't hold any more: the log went back, forked, or is
 * another one. Every command is refused then, for it would go on from what may be a forgery. */
const struct err *hub_doubt(const struct hub *hub);
/* The newest event that its user saw before and that it still holds; 0: nobody remembers any. */
int64_t hub_anchored(const struct hub *hub);
/* Its user takes the log as it is: from here on this is what they saw. */
void hub_repin(struct hub *hub);
/* "<store's folder>/view/run". */
const char *hub_run_folder(const struct hub *hub);

/* Whether what its state counts from is right by the wall clock as it reads now, as far as this hub
 * has compared, which it does under the lock before any command. False before the first, and from
 * when somebody sets the clock until that is on the record. */
bool hub_clock_agrees(const struct hub *hub, struct moment now);

/* A lease beside its store, in the name of its actor, not taken yet; NULL where there is none, as
 * beside a file of lines. */
struct lease *hub_lease(const void *parent, const struct hub *hub, enum lease_duty duty);
/* Who has that lease now; "" nobody. NULL: there is none, or it can't be read. */
char *hub_lease_holder(const void *parent, const struct hub *hub, enum lease_duty duty,
                       int64_t boot_ms);

/* An incident of any state, loaded from the log where it isn't yet. ERR_NOT_FOUND. */
bool hub_incident(struct hub *hub, int64_t number, struct incident **incident, struct err *err);

/* Takes a command (copied) and the facts its door gathered. The ticket tells its answer. */
int64_t hub_submit(struct hub *hub, const struct command *command, const struct facts *facts);

enum hub_item_kind {
    HUB_EVENT,    /* something was appended, by us or by others; state has it already */
    HUB_ANSWER,   /* a ticket's end */
    HUB_TROUBLE,  /* the store can't be read or written now; err says; tried again by itself */
    HUB_WELL,     /* and now it can again */
    HUB_WAITING,  /* a ticket has waited 2 s for the lock; err says who holds it. It waits on */
    HUB_REPLACED, /* the store holds another history than the one told so far, and state is that
                     of the new one; err says how they differ */
    HUB_VIEWERS_BEHIND, /* the store is well, its mirror is not: viewers see an older state; err
                           says why. Tried again by itself */
    HUB_VIEWERS_WELL,   /* and now they see what there is */
};

enum hub_verdict {
    HUB_ACCEPTED,
    HUB_REFUSED,
    HUB_IN_DOUBT, /* the commit's fate is unknown; the same id may be asked again */
};

struct hub_item {
    enum hub_item_kind kind;
    int64_t ticket;
    enum hub_verdict verdict;
    int64_t
        incident; /* of the event, or the one the command was about (a declaration: the new one) */
    int64_t seq;  /* HUB_EVENT: its seq; HUB_ANSWER accepted: the last one appended, 0 if none */
    const char *answer; /* accepted: a sentence */
    const struct err *err;
    const struct event *event; /* HUB_EVENT; its strings live until the next hub_next */
};

/* Does what can be done without blocking (slices of at most 10 ms for the lock), then yields the
 * next event or answer; false when there is none now. `now` is one moment on both clocks: where
 * they show that the wall clock was set, that is put on the record before any command. */
bool hub_next(struct hub *hub, struct moment now, struct hub_item *item);

/* From here on what others commit ends a wait of that loop, which must be there as long as the hub
 * is used. Without it, or where the system has no more inotify instances, others are looked for
 * four times a second. */
struct loop;
void hub_join(struct hub *hub, struct loop *loop);

/* How often hub_next wants to be called though nothing is heard, in ms, best on the beat of the
 * wall clock (loop_timer_beat). 0: at once, for a command waits for the lock. */
int64_t hub_period_ms(const struct hub *hub);

/* Line mode: submits and turns the loop until the answer is there, `limit_ms` at most; what was not
 * begun by then is taken back. Events met on the way are passed over. The answer's verdict may be a
 * refusal; false is only for a store that stays busy. */
bool hub_ask(struct hub *hub, struct loop *loop, const struct command *command,
             const struct facts *facts, int64_t limit_ms, struct hub_item *answer, struct err *err);

/* Whether viewers see what the store holds, as far as can be told now: a commit that is just being
 * mirrored looks like one that isn't. False: err says what they don't see and why; ERR_NOT_FOUND:
 * there is nothing for them to look at. */
bool hub_viewers_see(struct hub *hub, struct err *err);

/* Events by seq, for tail and export: all after `after` of one incident or of all (-1). */
bool hub_events(struct hub *hub, int64_t after, int64_t incident,
                bool (*fn)(void *data, const struct event *), void *data, struct err *err);

/* The newest event that it holds, and the store that it is of. */
struct log_head;
bool hub_head(struct hub *hub, struct log_head *head, struct err *err);

/* Copies the store as it stands now into a new file, while others write, and proves the copy: *head
 * is the copy's. */
bool hub_backup(struct hub *hub, const char *path, struct log_head *head, struct err *err);

/* The whole log as lines (log/export.h), of one moment. */
bool hub_export(struct hub *hub, bool (*fn)(void *data, const char *line), void *data,
                struct log_head *head, struct err *err);

/* Proves a backup and puts it in a store's place (log/restore.h); a hub that has it open meets
 * another log there. */
struct restore_asked;
struct restored;
bool hub_restore(const void *parent, const struct restore_asked *asked, struct restored *restored,
                 struct err *err);

/* The first event of its chain: 1 but for a mirror whose base moved. */
int64_t hub_first(const struct hub *hub);

/* Proves the chain from there on, and of a store all that is derived from it. `*verified` gets the
 * last good seq. */
bool hub_verify(struct hub *hub, int64_t *verified, struct err *err);

#endif
