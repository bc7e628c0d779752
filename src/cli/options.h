/* Options of line mode: a table per subcommand, one for all of them, and one reader.
 * Owns nothing: values point into argv. Never knows what an option means. */
#ifndef BACKOUT_CLI_OPTIONS_H
#define BACKOUT_CLI_OPTIONS_H

#include "base/err.h"
#include "cli/cli.h"

/* What is behind it is a word, whatever it looks like. */
#define OPTIONS_END "--"

struct cli_option {
    const char *name;  /* "--store", "-n"; NULL ends a table */
    const char *value; /* "PATH": its member is a const char *; NULL: a flag, its member a bool */
    size_t offset;     /* of the member in the record */
    const char *help;  /* one phrase */
};

/* What may stand anywhere on the line. */
struct cli_globals {
    struct cli_options options;
    const char *store; /* as given */
    bool help, version;
};
extern const struct cli_option global_options[];

/* Takes the options of the table out of `words` (ended by NULL, shortened in place) and into the
 * record. False: one lacks its value. */
bool options_take(const struct cli_option *table, void *record, char **words, struct err *err);

/* False when a word that looks like an option is left in `words`: no table had it. `usage` is what
 * to do then, where no name of the table is near. */
bool options_none_left(const struct cli_option *table, char *const *words, const char *usage,
                       struct err *err);

#endif
