/* What lint finds in files, printed or as JSON: what `plan lint` and `roster lint` share.
 * Owns the options and the exit status of both. */
#ifndef BACKOUT_CLI_FINDINGS_H
#define BACKOUT_CLI_FINDINGS_H

#include "cli/subcommand.h"
#include "yaml/lint.h"

struct lint_words {
    bool strict;
    const char *roster; /* of plans only */
};

/* Lints the file at that path; NULL: it can't be read, and the call's err says why. */
typedef struct lint *lint_file_fn(struct call *call, const char *path,
                                  const struct lint_words *words);

/* Lints each file that the call names. Exit status 2 for errors, with --strict 1 for warnings. */
bool findings_run(struct call *call, lint_file_fn *lint_file);

#endif
