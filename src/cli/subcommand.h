/* The subcommands of line mode that are no commands on an incident: one row each, and what they are
 * handed. Dispatch, usage, help and did-you-mean derive from the rows; the commands of an incident
 * have their own table (incident/commands.c), which is read the same way.
 * Never prints by itself (out.h) and never opens a store but by store_open. */
#ifndef BACKOUT_CLI_SUBCOMMAND_H
#define BACKOUT_CLI_SUBCOMMAND_H

#include "cli/cli.h"
#include "cli/options.h"

/* One line of words on its way to an exit status; a talloc parent for what it needs. */
struct call {
    const struct cli_options *options;
    const struct subcommand *subcommand;
    char **words; /* behind the subcommand's name, ended by NULL */
    const struct cli_screen *screen;
    int64_t now_ms;  /* when the program began */
    int64_t boot_ms; /* the same on CLOCK_BOOTTIME */
    int status;      /* of a call that came to its end; 0 unless it says otherwise */
    struct err *err;
};

/* False: err says why, and its code is the exit status. */
typedef bool subcommand_fn(struct call *call);

enum subcommand_group {
    GROUP_CONSOLE,
    GROUP_LOOK,
    GROUP_PLAN,
    GROUP_ROSTER,
    GROUP_STORE,
    GROUP_HIDDEN,
    GROUP_NONE /* nothing is in it: a section of commands alone */
};

struct subcommand {
    const char *name;  /* "plan lint"; "" is the console */
    const char *words; /* of its usage: "FILE…"; NULL: none */
    const char *help;  /* one sentence */
    enum subcommand_group group;
    size_t least, most;               /* words it takes, options apart */
    const struct cli_option *options; /* ended by a NULL name; NULL: none */
    bool json;                        /* has an answer in JSON */
    subcommand_fn *run;
};

extern const struct subcommand subcommands[];
extern const size_t subcommands_count;

/* The row that the words begin with (the longest such name), and how many words its name takes. */
const struct subcommand *subcommand_find(const char *const *words, size_t *name_words);

/* False, saying that there is no such command, and which subcommand or command of an incident may
 * have been meant. */
bool subcommand_unknown(const void *parent, char *const *words, struct err *err);

/* "tail [N] [-n COUNT] [--follow]", owned by `parent`. */
char *subcommand_usage(const void *parent, const struct subcommand *subcommand);

/* Takes the options of the call's subcommand into `record` (which its table describes; NULL where
 * it has none) and checks what words remain. */
bool call_read(struct call *call, void *record);

/* The incident named by the call's first word; 0 where there is none. */
bool call_incident(struct call *call, int64_t *number);

#endif
