/* What each kind of event says: one struct per kind, described field by field in bodies.c.
 * Absent means zero (see base/record.h). A field's meaning never changes once released.
 * `role`, where it is last, is the role in which its actor acted, while a roster was in force. */
#ifndef BACKOUT_INCIDENT_BODIES_H
#define BACKOUT_INCIDENT_BODIES_H

#include "base/record.h"

struct body_store_created {
    const char *store;
    int64_t format;
};

/* A backup was put in the store's place: what it went back from, and to. */
struct body_store_restored {
    int64_t to_seq;
    const char *to_hash;
    int64_t from_seq; /* 0: what was there could not be read */
    const char *from_hash;
    int64_t last_incident;     /* the highest number that was given before: it isn't given again */
    const char *reason, *kept; /* kept: the file of what was there */
};

/* A store that goes on from the lines of another one, whose host is dead. */
struct body_store_continued {
    const char *store; /* the other one */
    int64_t seq;       /* the last of its events that were there */
    const char *hash;
    int64_t base_seq; /* what they were proven from on; 0: all of them */
    const char *base_hash;
    int64_t events;  /* so many that follow are taken from there, */
    int64_t carried; /* these of them without proof */
    int64_t last_incident;
    const char *reason;
};

struct body_plan_frozen {
    const char *sha256, *text;
};

struct body_roster_applied {
    const char *sha256, *text;
};

struct body_declared {
    const char *title, *service;
    int64_t severity;
    bool drill;
    int64_t detected_at;
    const char *detected_by;
};

struct body_plan_adopted {
    const char *sha256, *plan, *folder, *host;
    const struct pair *inputs;
    const char *accepted;
    int64_t errors; /* lint errors that were accepted */
    const char *role;
};

/* acknowledged, unacknowledged, resumed, recovered, resolved, closed, abandoned */
struct body_reason {
    const char *reason;
    const char *role;
};

struct body_paused {
    const char *reason;
    const char *failed; /* the step whose failure paused it; NULL when a person did */
};

struct body_role_taken {
    const char *role, *from, *reason;
};

struct body_role_offered {
    const char *role, *person;
};

struct body_step_assigned {
    const char *step, *person;
    const char *role;
};

struct body_decided {
    const char *option, *title, *reason;
    const char *const *steps; /* ids */
    const char *role;
};

struct body_step_judged {
    const char *step, *expression;
    const char *verdict; /* "true", or "unknown": a person starts or skips it */
    const char *why;
};

struct body_step_started {
    const char *step;
    int64_t attempt;
    const char *run; /* NULL for a manual step: a person is doing it */
    const char *host, *boot;
    int64_t pid;
    const char *digest, *reason;
};

struct body_check_started {
    const char *step;
    int64_t attempt;
    const char *run, *host, *boot;
    int64_t pid;
    const char *digest;
};

struct body_abort_asked {
    const char *step, *run, *reason;
};

/* The work of an attempt came to an end; whether it was good is said by the event that follows. */
struct body_step_ran {
    const char *step;
    int64_t attempt;
    const char *run;
    const char
        *ended;     /* "exited", "signalled", "timed_out", "aborted", "not_run", "absent", "lost" */
    int64_t status; /* exit status or signal number */
    const char *output_sha256;
    int64_t output_bytes, dropped_bytes;
    const struct pair *outputs;
    const char
        *remark; /* what its runner has to say: output that could not be kept, processes left */
};

struct body_check_ended {
    const char *step, *run, *verdict, *why; /* verdict: "passed", "not_yet", "broken", "lost" */
};

/* verifying, done, failed, unknown, skipped, reopened */
struct body_step_moved {
    const char *step;
    int64_t attempt;
    const char *evidence, *reason;
    bool by_rule; /* the plan's `when`, not a person, skipped it */
    const char *role;
};

struct body_step_settled {
    const char *step, *as, *evidence;
    int64_t attempt;
    const char *role;
};

/* Instants and durations are ms. */
struct body_step_eta {
    const char *step;
    int64_t due;
    const char *text;
    const char *role;
};

struct body_step_asked {
    const char *step, *person;
    int64_t due, every; /* every: from one report to the next; 0: one is enough */
};

struct body_concern_raised {
    int64_t number;
    const char *text;
};

struct body_concern_answered {
    int64_t concern;
    const char *text;
    const char *role;
};

struct body_fired {
    const char *late; /* "step_late", as the policy calls it */
    const char *step;
    int64_t onset, level, repeat, due; /* which level of which thing: see levels.h */
    int64_t missed;                    /* levels below it that nobody fired */
    const char *to;                    /* whom it calls, in words */
    const char *const *people, *const *channels;
    bool by_hand; /* before it was due */
    const char *reason;
};

/* Of a page that is about the level fired by the event `fired`. */
struct body_page_begun {
    int64_t fired;
    const char *channel, *person; /* person NULL: whoever reads the channel */
    int64_t try, until;
    bool again; /* the try before it may have arrived */
    const char *courier;
};

struct body_page_ended {
    int64_t fired;
    const char *channel, *person;
    int64_t try;
    const char *why; /* failed */
    bool last;       /* failed: nothing more is tried */
};

struct body_snoozed {
    int64_t until;
    const char *reason;
    const char *role;
};

/* By how much the wall clock was set, forward or back. */
struct body_clock_stepped {
    int64_t by_ms;
};

struct body_note {
    const char *text, *step;
};

/* The fields of each, ended by a NULL name: bodies.c. */
extern const struct field store_created_fields[], store_restored_fields[], store_continued_fields[],
    plan_frozen_fields[], roster_applied_fields[], declared_fields[], plan_adopted_fields[],
    reason_fields[], paused_fields[], role_taken_fields[], role_offered_fields[],
    step_assigned_fields[], decided_fields[], step_judged_fields[], step_started_fields[],
    check_started_fields[], abort_asked_fields[], step_ran_fields[], check_ended_fields[],
    step_moved_fields[], step_settled_fields[], step_asked_fields[], step_eta_fields[],
    concern_raised_fields[], concern_answered_fields[], fired_fields[], snoozed_fields[],
    page_begun_fields[], page_ended_fields[], clock_stepped_fields[], note_fields[];

#endif
