/* The program's tables as JSON lines, for what is generated from them: docs, completions. */
#include "config.h"

#include "cli/families.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "incident/events.h"

#include <string.h>

static void print(struct json_writer *writer) {
    json_close_object(writer);
    out_json(json_text(writer));
    talloc_free(writer);
}

static void write_arg(struct json_writer *writer, const struct command_arg *arg) {
    json_open_object(writer, NULL);
    json_string(writer, "name", arg->name);
    json_string(writer, "word", arg_word(arg->type));
    json_flag(writer, "option", arg->place == PLACE_OPTION);
    json_flag(writer, "required", arg->required);
    json_string(writer, "help", arg->help);
    json_close_object(writer);
}

static void dump_command(const struct command_type *type) {
    struct json_writer *writer = json_writer_new(NULL);
    json_open_object(writer, NULL);
    json_string(writer, "name", type->name);
    json_string(writer, "usage", command_usage(writer, type));
    json_string(writer, "help", type->help);
    json_string(writer, "who", who_name(type->who));
    json_open_array(writer, "args");
    for (const struct command_arg *arg = type->args; arg->name; arg++)
        write_arg(writer, arg);
    json_close_array(writer);
    print(writer);
}

static void dump_subcommand(const struct subcommand *subcommand) {
    struct json_writer *writer = json_writer_new(NULL);
    json_open_object(writer, NULL);
    json_string(writer, "name", subcommand->name);
    json_string(writer, "usage", subcommand_usage(writer, subcommand));
    json_string(writer, "help", subcommand->help);
    json_open_array(writer, "options");
    for (const struct cli_option *option = subcommand->options; option && option->name; option++)
        json_string(writer, NULL, option->name);
    json_close_array(writer);
    print(writer);
}

static void dump_commands(void) {
    for (size_t i = 0; i < command_types_count; i++)
        if (!command_types[i].internal)
            dump_command(&command_types[i]);
    for (size_t i = 0; i < subcommands_count; i++)
        if (subcommands[i].group != GROUP_HIDDEN)
            dump_subcommand(&subcommands[i]);
}

static void dump_events(void) {
    for (size_t i = 0; i < EVENT_KIND_COUNT; i++) {
        struct json_writer *writer = json_writer_new(NULL);
        json_open_object(writer, NULL);
        json_string(writer, "kind", event_types[i].name);
        json_string(writer, "sentence", event_types[i].sentence);
        json_open_array(writer, "fields");
        for (const struct field *field = event_types[i].fields; field->name; field++)
            json_string(writer, NULL, field->name);
        json_close_array(writer);
        print(writer);
    }
}

static const struct {
    const char *name;
    void (*dump)(void);
} tables[] = {{"commands", dump_commands}, {"events", dump_events}};

bool run_dump(struct call *call) {
    if (!call_read(call, NULL))
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
        if (strcmp(tables[i].name, call->words[0]) == 0) {
            tables[i].dump();
            return true;
        }
    }
    return err_set(call->err, ERR_USAGE, "there is no such table", call->words[0],
                   "commands or events");
}
