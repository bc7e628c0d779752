#include "config.h"

#include "cli/subcommand.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "cli/demo.h"
#include "cli/families.h"
#include "keeper/courier.h"
#include "run/hold.h"
#include "run/runner.h"

#include <string.h>

#define ANY SIZE_MAX

const struct subcommand subcommands[] = {
    {.name = "", .group = GROUP_CONSOLE, .help = "Open the console", .run = run_console},
    {.name = "watch",
     .words = "[N | FILE.ndjson]",
     .group = GROUP_CONSOLE,
     .help = "Open the console over the mirror of a store, or over an export: to look only",
     .most = 1,
     .run = run_watch},
    {.name = "keeper",
     .group = GROUP_CONSOLE,
     .help = "Keep the clock without a screen: escalate, send pages, find lost runners, until TERM",
     .run = run_keeper},
    {.name = "help",
     .words = "[COMMAND]",
     .group = GROUP_CONSOLE,
     .help = "Say what a command does, and its words",
     .most = 2,
     .run = run_help},
    {.name = "demo",
     .words = "[--headless] [--keep] [--pace fast|human]",
     .group = GROUP_CONSOLE,
     .help = "Try it on a little service of its own",
     .run = run_demo},
    {.name = "status",
     .words = "[N]",
     .group = GROUP_LOOK,
     .help = "Show the open incidents, or one in full",
     .most = 1,
     .json = true,
     .run = run_status},
    {.name = "brief",
     .words = "N",
     .group = GROUP_LOOK,
     .help = "Say in ten lines how an incident stands: for a chat, or a hand-over",
     .least = 1,
     .most = 1,
     .run = run_brief},
    {.name = "tail",
     .words = "[N]",
     .group = GROUP_LOOK,
     .help = "Show the end of the log, of one incident or of all",
     .most = 1,
     .options = tail_options,
     .json = true,
     .run = run_tail},
    {.name = "plan lint",
     .words = "FILE…",
     .group = GROUP_PLAN,
     .help = "Check plan files: exit status 2 for errors",
     .least = 1,
     .most = ANY,
     .options = plan_lint_options,
     .json = true,
     .run = run_plan_lint},
    {.name = "plan show",
     .words = "FILE",
     .group = GROUP_PLAN,
     .help = "Print a plan as a page to read",
     .least = 1,
     .most = 1,
     .run = run_plan_show},
    {.name = "plan new",
     .group = GROUP_PLAN,
     .help = "Print the smallest useful plan, to begin from",
     .run = run_plan_new},
    {.name = "roster lint",
     .words = "FILE…",
     .group = GROUP_ROSTER,
     .help = "Check roster files without applying them: exit status 2 for errors",
     .least = 1,
     .most = ANY,
     .options = lint_options,
     .json = true,
     .run = run_roster_lint},
    {.name = "roster show",
     .words = "[FILE]",
     .group = GROUP_ROSTER,
     .help = "Print the roster in force, or that of a file, as a page to read",
     .most = 1,
     .json = true,
     .run = run_roster_show},
    {.name = "roster new",
     .group = GROUP_ROSTER,
     .help = "Print a newcomer's roster, to begin from",
     .run = run_roster_new},
    {.name = "doctor",
     .group = GROUP_STORE,
     .help = "Look at the store and its machine: what is wrong, and the command that repairs it",
     .options = doctor_options,
     .json = true,
     .run = run_doctor},
    {.name = "init",
     .words = "[PATH]",
     .group = GROUP_STORE,
     .help = "Make a store for several people, or set right who may do what with one",
     .most = 1,
     .options = init_options,
     .run = run_init},
    {.name = "backup",
     .words = "FILE",
     .group = GROUP_STORE,
     .help = "Copy the store into a new file while others write, and prove the copy",
     .least = 1,
     .most = 1,
     .run = run_backup},
    {.name = "restore",
     .words = "FILE",
     .group = GROUP_STORE,
     .help = "Put a backup in the store's place; what was there is kept, and the record says so",
     .least = 1,
     .most = 1,
     .options = restore_options,
     .run = run_restore},
    {.name = "export",
     .words = "[FILE|-]",
     .group = GROUP_STORE,
     .help = "Write the whole log as lines of JSON",
     .most = 1,
     .run = run_export},
    {.name = "import",
     .words = "FILE",
     .group = GROUP_STORE,
     .help =
         "Make a store of an export, the same to the last hash, or go on from a dead host's mirror",
     .least = 1,
     .most = 1,
     .options = import_options,
     .run = run_import},
    {.name = "verify",
     .group = GROUP_STORE,
     .help = "Prove that nothing on the record was changed",
     .options = verify_options,
     .json = true,
     .run = run_verify},
    {.name = "head",
     .group = GROUP_STORE,
     .help = "Print the log's end, to paste in a ticket and to verify by",
     .json = true,
     .run = run_head},
    {.name = "runner",
     .group = GROUP_HIDDEN,
     .help = "Run one attempt of a step",
     .run = run_runner},
    {.name = "courier",
     .group = GROUP_HIDDEN,
     .help = "Bring one page to its channel",
     .run = run_courier},
    {.name = "dump",
     .words = "commands|events",
     .group = GROUP_HIDDEN,
     .help = "Print a table of the program for what is generated from it",
     .least = 1,
     .most = 1,
     .json = true,
     .run = run_dump},
};
const size_t subcommands_count = ARRAY_SIZE(subcommands);

/* It reads its own words: its options are nobody else's. */
bool run_demo(struct call *call) {
    call->status = demo_main(call->options, call->words, call->screen->open);
    return true;
}

bool run_runner(struct call *call) {
    if (!call_read(call, NULL))
        return false;
    call->status = runner_main(call->options->store, HOLD_FD);
    return true;
}

bool run_courier(struct call *call) {
    if (!call_read(call, NULL))
        return false;
    call->status = courier_main(call->options->store, HOLD_FD);
    return true;
}

/* ---- by name ---- */

const struct subcommand *subcommand_find(const char *const *words, size_t *name_words) {
    *name_words = 0;
    for (size_t i = 0; *words && i < ARRAY_SIZE(subcommands); i++) {
        *name_words = text_names(subcommands[i].name, words);
        if (*name_words)
            return &subcommands[i];
    }
    return *words ? NULL : &subcommands[0];
}

static const char *const *all_names(const void *parent) {
    const char **names =
        xtalloc_zero_array(parent, const char *, subcommands_count + command_types_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < subcommands_count; i++)
        if (subcommands[i].group != GROUP_HIDDEN && *subcommands[i].name)
            names[count++] = subcommands[i].name;
    for (size_t i = 0; i < command_types_count; i++)
        if (!command_types[i].internal)
            names[count++] = command_types[i].name;
    return names;
}

/* Whether the name is two words and begins with this one, as "plan lint" does with "plan". */
static bool has_family(const char *name, const char *word) {
    size_t length = strlen(word);
    return strncmp(name, word, length) == 0 && name[length] == ' ';
}

static bool is_family(const char *const *names, const char *word) {
    for (; *names; names++)
        if (has_family(*names, word))
            return true;
    return false;
}

static bool refuse_half(const char *const *names, const char *word, struct err *err) {
    char *family = xtalloc_strdup(err, "one of:");
    for (; *names; names++)
        if (has_family(*names, word))
            family = xtalloc_asprintf_append(family, " `%s`", *names);
    return err_set(err, ERR_USAGE, "a second word is missing", word, family);
}

bool subcommand_unknown(const void *parent, char *const *words, struct err *err) {
    const char *const *names = all_names(parent);
    if (is_family(names, words[0]) && !words[1])
        return refuse_half(names, words[0], err);
    bool two = words[1] && is_family(names, words[0]);
    const char *said = two ? xtalloc_asprintf(parent, "%s %s", words[0], words[1]) : words[0];
    const char *near = text_nearest(said, names);
    return err_set(err, ERR_USAGE, "there is no such command", said,
                   near ? err_fmt(err, "did you mean `backout %s`?", near)
                        : "`backout help` lists what there is");
}

char *subcommand_usage(const void *parent, const struct subcommand *subcommand) {
    char *text = xtalloc_strdup(parent, subcommand->name);
    if (subcommand->words)
        text = xtalloc_asprintf_append(text, "%s%s", *text ? " " : "", subcommand->words);
    for (const struct cli_option *option = subcommand->options; option && option->name; option++)
        text = xtalloc_asprintf_append(text, " [%s%s%s]", option->name, option->value ? " " : "",
                                       option->value ? option->value : "");
    return text;
}

/* ---- the words of a call ---- */

static const struct cli_option no_options[] = {{0}};

static bool wrong_count(struct call *call, const char *what, const char *on) {
    return err_set(
        call->err, ERR_USAGE, what, on,
        err_fmt(call->err, "usage: backout %s", subcommand_usage(call->err, call->subcommand)));
}

/* Takes the word that ends the options out; a second one is a word. Returns how many remain. */
static size_t drop_end(char **words) {
    size_t count = 0;
    bool ended = false;
    for (char **word = words; *word; word++) {
        bool ends = !ended && strcmp(*word, OPTIONS_END) == 0;
        ended = ended || ends;
        if (!ends)
            words[count++] = *word;
    }
    words[count] = NULL;
    return count;
}

bool call_read(struct call *call, void *record) {
    const struct subcommand *subcommand = call->subcommand;
    const struct cli_option *table = subcommand->options ? subcommand->options : no_options;
    const char *usage =
        xtalloc_asprintf(call, "usage: backout %s", subcommand_usage(call, subcommand));
    if (!options_take(table, record, call->words, call->err) ||
        !options_none_left(table, call->words, usage, call->err))
        return false;
    size_t count = drop_end(call->words);
    if (count < subcommand->least)
        return wrong_count(call, "a word is missing", subcommand->name);
    if (count > subcommand->most)
        return wrong_count(call, "that is one word too many", call->words[subcommand->most]);
    return true;
}

bool call_incident(struct call *call, int64_t *number) {
    *number = 0;
    return !call->words[0] || incident_number_parse(call->words[0], number) ||
           err_set(call->err, ERR_USAGE, "that is no incident", call->words[0],
                   "give one as 41 or INC-41");
}
