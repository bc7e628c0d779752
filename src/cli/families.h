/* The run functions of the subcommand table, and the tables of their options, by family. */
#ifndef BACKOUT_CLI_FAMILIES_H
#define BACKOUT_CLI_FAMILIES_H

#include "cli/subcommand.h"
#include "incident/command.h"

subcommand_fn run_console, run_watch;                           /* console.c */
subcommand_fn run_keeper;                                       /* keeper.c */
subcommand_fn run_status, run_brief;                            /* status.c */
subcommand_fn run_tail;                                         /* tail.c */
subcommand_fn run_plan_lint, run_plan_show, run_plan_new;       /* plan.c */
subcommand_fn run_roster_lint, run_roster_show, run_roster_new; /* roster.c */
subcommand_fn run_verify, run_head;                             /* store.c */
subcommand_fn run_init;                                         /* init.c */
subcommand_fn run_backup, run_restore;                          /* backup.c */
subcommand_fn run_export, run_import;                           /* export.c */
subcommand_fn run_doctor;                                       /* doctor.c */
subcommand_fn run_help;                                         /* help.c */
subcommand_fn run_dump;                                         /* dump.c */
subcommand_fn run_demo, run_runner, run_courier;                /* subcommands.c */

extern const struct cli_option tail_options[];
extern const struct cli_option lint_options[], plan_lint_options[];
extern const struct cli_option verify_options[];
extern const struct cli_option init_options[];
extern const struct cli_option doctor_options[];
extern const struct cli_option restore_options[];
extern const struct cli_option import_options[];

/* command.c: a command on an incident, by its own table. */
bool run_command(struct call *call, const struct command_type *type);

/* roster.c: the roster of a file, owned by the call; NULL when it couldn't be applied, and its err
 * says why. */
const struct roster *roster_of_file(struct call *call, const char *path);

/* help.c: of one name, and of all. */
bool help_command(struct call *call, const struct command_type *type);
bool help_subcommand(struct call *call, const struct subcommand *subcommand);
bool help_all(struct call *call);

#endif
