#include "config.h"

#include "cli/families.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/table.h"

#include <string.h>

#define INDENT 2

/* ---- options and arguments ---- */

static void print_options(struct call *call, const char *heading,
                          const struct cli_option *options) {
    struct table *table = table_new(call, 2, INDENT);
    if (!options)
        return;
    out_line("%s", heading);
    for (; options->name; options++) {
        table_cell(table,
                   xtalloc_asprintf(table, "%s%s%s", options->name, options->value ? " " : "",
                                    options->value ? options->value : ""));
        table_cell(table, options->help);
    }
    table_print(table);
}

static const char *arg_label(const void *parent, const struct command_arg *arg) {
    const char *word = arg_word(arg->type);
    if (arg->place != PLACE_OPTION)
        return word;
    return xtalloc_asprintf(parent, "--%s%s%s", arg->name, *word ? " " : "", word);
}

static void print_args(struct call *call, const struct command_arg *args) {
    struct table *table = table_new(call, 2, INDENT);
    for (; args->name; args++) {
        table_cell(table, arg_label(table, args));
        table_cell(table, args->help);
    }
    table_print(table);
}

/* ---- one name ---- */

bool help_command(struct call *call, const struct command_type *type) {
    out_line("%s.", type->help);
    out_line("usage: backout %s", command_usage(call, type));
    print_args(call, type->args);
    out_line("with a roster in force: %s.", who_words(type->who));
    print_options(call, "everywhere:", global_options);
    return true;
}

bool help_subcommand(struct call *call, const struct subcommand *subcommand) {
    out_line("%s.", subcommand->help);
    out_line("usage: backout %s", subcommand_usage(call, subcommand));
    print_options(call, "options:", subcommand->options);
    print_options(call, "everywhere:", global_options);
    return true;
}

/* ---- all of them ---- */

/* Options are left to `help COMMAND`: a list of words has to fit a screen. */
static char *short_usage(const void *parent, const struct command_type *type) {
    char *text = xtalloc_asprintf(parent, "backout %s", type->name);
    for (const struct command_arg *arg = type->args; arg->name; arg++) {
        if (arg->place == PLACE_OPTION && !arg->required)
            continue;
        text =
            xtalloc_asprintf_append(text, arg->required ? " %s" : " [%s]", arg_label(parent, arg));
    }
    return text;
}

static bool is_on_step(const struct command_type *type) {
    return type->guards & NEEDS_STEP;
}

static bool is_on_roster(const struct command_type *type) {
    return type->facts & FACT_ROSTER;
}

static bool is_on_incident(const struct command_type *type) {
    return !is_on_step(type) && !is_on_roster(type);
}

/* What is asked of a log, and what the program does else, where they are about the same. */
static const struct section {
    const char *title;
    enum subcommand_group group;
    bool (*belongs)(const struct command_type *type); /* NULL: no command does */
} sections[] = {
    {"the console", GROUP_CONSOLE, NULL},
    {"looking", GROUP_LOOK, NULL},
    {"incidents", GROUP_NONE, is_on_incident},
    {"steps", GROUP_NONE, is_on_step},
    {"plans", GROUP_PLAN, NULL},
    {"rosters", GROUP_ROSTER, is_on_roster},
    {"the store", GROUP_STORE, NULL},
};

static void add_subcommands(struct table *table, enum subcommand_group group) {
    for (size_t i = 0; i < subcommands_count; i++) {
        if (subcommands[i].group != group)
            continue;
        table_cell(table,
                   xtalloc_asprintf(table, "backout %s", subcommand_usage(table, &subcommands[i])));
        table_cell(table, subcommands[i].help);
    }
}

static void add_commands(struct table *table, bool (*belongs)(const struct command_type *type)) {
    for (size_t i = 0; i < command_types_count; i++) {
        const struct command_type *type = &command_types[i];
        if (type->internal || !belongs(type))
            continue;
        table_cell(table, short_usage(table, type));
        table_cell(table, type->help);
    }
}

static void print_section(struct call *call, const struct section *section) {
    struct table *table = table_new(call, 2, INDENT);
    out_line("%s", section->title);
    add_subcommands(table, section->group);
    if (section->belongs)
        add_commands(table, section->belongs);
    table_print(table);
}

bool help_all(struct call *call) {
    out_line("backout takes a bad change back out of production.");
    for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
        print_section(call, &sections[i]);
    print_options(call, "everywhere:", global_options);
    out_line("`backout help COMMAND` says more. N is an incident, 41 or INC-41.");
    return true;
}

bool run_help(struct call *call) {
    size_t name_words;
    if (!call_read(call, NULL))
        return false;
    if (!call->words[0])
        return help_all(call);
    const struct command_type *type =
        command_of_words((const char *const *)call->words, &name_words);
    const struct subcommand *subcommand =
        subcommand_find((const char *const *)call->words, &name_words);
    if (type)
        return help_command(call, type);
    if (subcommand && subcommand->group != GROUP_HIDDEN)
        return help_subcommand(call, subcommand);
    return subcommand_unknown(call, call->words, call->err);
}
