/* What a person, a script or a runner asks for. One row per command in commands.c: its name, typed
 * arguments, guards, the facts its door must gather, its decide function, its help.
 * Line mode, palette, keys, help and docs derive from the row. */
#ifndef BACKOUT_INCIDENT_COMMAND_H
#define BACKOUT_INCIDENT_COMMAND_H

#include "base/digest.h"
#include "base/record.h"
#include "incident/state.h"
#include "incident/who.h"

/* Each kind of argument knows how its word is read and what completes it. */
enum arg_type {
    ARG_INCIDENT, /* 41 or INC-41 */
    ARG_STEP,
    ARG_ROLE,
    ARG_ROLE_OR_STEP,
    ARG_PERSON,
    ARG_OPTION, /* of the plan */
    ARG_PLAN,   /* path of a plan file */
    ARG_ROSTER, /* path of a roster file */
    ARG_TEXT,
    ARG_SEVERITY, /* 1…5 */
    ARG_TIME,
    ARG_DURATION, /* 90s, 10m */
    ARG_CONCERN,  /* its number */
    ARG_DETECTOR, /* monitor, staff, customer */
    ARG_OUTCOME,  /* happened, absent, partial */
    ARG_INPUTS,   /* K=V, repeatable */
    ARG_FLAG,
    ARG_RUN, /* a run's id: between runner and store only */
    ARG_TYPE_COUNT,
};

enum arg_place {
    PLACE_WORD,   /* in order: `start 41 undo-code` */
    PLACE_REST,   /* all words that remain, joined by a space */
    PLACE_OPTION, /* --name VALUE; a flag takes no value */
};

struct command_arg {
    const char *name; /* "reason"; NULL ends the list */
    enum arg_type type;
    enum arg_place place;
    bool required;
    size_t offset;    /* of its member in struct command */
    const char *help; /* one phrase */
};

/* Room for an id: a UUID, or what a duty derives from what it does, with its NUL. */
#define COMMAND_ID 64

/* The words of a command. Texts are owned by the command (a talloc parent). */
struct command {
    const struct command_type *type;
    char id[COMMAND_ID]; /* UUIDv7, or a duty's derived id: a retry is known by it */
    int64_t incident;    /* 0: none named */
    int64_t if_seq;      /* the revision of the step as its asker saw it; 0: doesn't matter */
    bool wait;           /* line mode: follow the step to its end */
    const char *via;     /* the door, where it isn't the hub's own: "keeper", "clock"; static */

    const char *step, *role, *person, *option, *plan, *roster, *title, *service, *text, *reason,
        *evidence, *outcome, *detected_by, *accept;
    int64_t severity, detected_at, concern;
    int64_t duration_ms, every_ms;
    const struct pair *inputs;
    const char *as; /* the role they want to act in; NULL: whichever lets them */
    bool drill, relieve;

    /* which level a keeper fires */
    const char *late;
    int64_t level, repeat;

    /* which page a courier has, and how it went: `verdict` "sent" or "failed" */
    int64_t fired, try;
    const char *channel, *courier;

    /* what a runner reports */
    const char *run, *ended, *output_sha256, *verdict;
    int64_t status, output_bytes, dropped_bytes;
    const struct pair *outputs;
};

/* What was looked up outside, by the door, before the command was submitted. */
enum fact {
    FACT_PLAN = 1 << 0,   /* plan_text, plan_length, plan_folder */
    FACT_HOST = 1 << 1,   /* host, boot */
    FACT_RUNNER = 1 << 2, /* pid of the runner that is held on its pipe, free_bytes */
    FACT_PERSON = 1 << 3, /* person_exists */
    FACT_ROSTER = 1 << 4, /* roster_text, roster_length */
};

struct facts {
    const char *plan_text; /* bytes of the plan file */
    size_t plan_length;
    const char *plan_folder; /* absolute */
    const char *roster_text; /* bytes of the roster file */
    size_t roster_length;
    const char *host, *boot;
    int64_t pid;
    int64_t free_bytes; /* where output is kept; -1 when not known */
    bool person_exists; /* the named person is a user of this host */
};

/* What must hold before a decide function is asked; checked once, in decide(). */
enum guard {
    NEEDS_INCIDENT = 1 << 0, /* names one that exists */
    NEEDS_OPEN = 1 << 1,     /* and is neither closed nor abandoned */
    NEEDS_PLAN = 1 << 2,
    NEEDS_STEP = 1 << 3,
    NEEDS_REASON = 1 << 4,
    NEEDS_EVIDENCE = 1 << 5,
};

/* Whether it lets a process go: run/ holds one before it submits. */
enum command_runs { RUNS_NOTHING, RUNS_STEP, RUNS_VERIFY, RUNS_CHECK };

struct decider;

struct command_type {
    const char *name;
    const char *help; /* one sentence */
    const struct command_arg *args;
    unsigned guards; /* enum guard */
    enum who who;
    unsigned facts; /* enum fact */
    enum command_runs runs;
    bool internal; /* asked by software only: no subcommand, not in the palette */
    bool (*decide)(struct decider *decider);
};

extern const struct command_type command_types[];
extern const size_t command_types_count;

/* NULL when there is none. */
const struct command_type *command_find(const char *name);

/* The row that the words (ended by NULL) begin with, for names may be two words, and how many words
 * that takes; NULL when there is none, or it is internal. */
const struct command_type *command_of_words(const char *const *words, size_t *count);

/* The nearest name, for "did you mean"; NULL when none is near. Internal ones are never named. */
const char *command_nearest(const char *name);

/* Reads the words after the command's name, ended by NULL. `incident` (0: none) is meant where no
 * number is given: "start 3" is step 3 of it, "note 3 pages died" a text, "note INC-41 …" names
 * another. "--" ends the options. `now_ms` dates "--detected-at 13:38" and the id. ERR_USAGE names
 * what was expected. Strings are cleaned to one line. Owned by `parent`. */
bool command_parse(const void *parent, const struct command_type *type, const char *const *words,
                   int64_t incident, int64_t now_ms, struct command **command, struct err *err);

/* A command to be filled in by code (keys, runner): id made, all else empty. */
struct command *command_new(const void *parent, const char *name, int64_t now_ms);

/* Reads one word as that argument of the command: what a prompt asked for. ERR_USAGE as above. */
bool command_read(struct command *command, const struct command_arg *arg, const char *word,
                  int64_t now_ms, struct err *err);

/* Whether the command has a value for that argument. */
bool command_has(const struct command *command, const struct command_arg *arg);

/* The first argument that the command can't do without and hasn't got, or NULL. */
const struct command_arg *command_missing(const struct command *command);

/* A copy with all its texts, owned by `parent`. */
struct command *command_copy(const void *parent, const struct command *command);

/* "start N STEP [--reason TEXT] [--wait]", owned by `parent`. */
char *command_usage(const void *parent, const struct command_type *type);

/* What identifies the request: BLAKE2b of actor and every word of the command (not its id). */
struct digest command_request(const struct command *command, const char *actor);

/* "INC-41" or "41" → 41. */
bool incident_number_parse(const char *text, int64_t *number);

/* What could stand where an argument of that type is expected: ids, names, words; ended by NULL,
 * owned by `parent`. `incident` may be NULL. */
const char *const *arg_candidates(const void *parent, enum arg_type type, const struct state *state,
                                  const struct incident *incident);
const char *arg_word(enum arg_type type); /* "STEP", "PERSON", … */

#endif
