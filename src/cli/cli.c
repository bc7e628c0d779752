#include "config.h"

#include "cli/cli.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/families.h"
#include "cli/out.h"
#include "cli/store_open.h"

#include <string.h>

static bool refuse_json(struct call *call, const char *name) {
    return err_set(call->err, ERR_USAGE, "it has no answer in JSON", name, "leave --json away");
}

static bool refuse_unknown(struct call *call) {
    return options_none_left(NULL, call->words, "`backout help` lists what there is", call->err) &&
           subcommand_unknown(call, call->words, call->err);
}

static bool call_run(struct call *call, bool help) {
    size_t name_words, command_words;
    const struct command_type *type =
        command_of_words((const char *const *)call->words, &command_words);
    call->subcommand = subcommand_find((const char *const *)call->words, &name_words);
    if (!call->words[0] && help)
        return help_all(call);
    if (!call->subcommand && !type)
        return refuse_unknown(call);
    call->words += type ? command_words : name_words;
    if (type)
        return help ? help_command(call, type) : run_command(call, type);
    if (help)
        return help_subcommand(call, call->subcommand);
    if (call->options->json && !call->subcommand->json)
        return refuse_json(call, call->subcommand->name);
    return call->subcommand->run(call);
}

static bool call_begin(struct call *call, char **words) {
    struct cli_globals *globals = xtalloc_zero(call, struct cli_globals);
    call->words = words;
    call->options = &globals->options;
    if (!options_take(global_options, globals, words, call->err))
        return false;
    out_begin(globals->options.ascii);
    if (globals->version) {
        out_line("backout %s", PACKAGE_VERSION);
        return true;
    }
    return store_choose(call, globals->store, &globals->options, call->err) &&
           call_run(call, globals->help);
}

int cli_main(int argc, char **argv, const struct cli_screen *screen) {
    struct call *call = xtalloc_zero(NULL, struct call);
    call->screen = screen;
    const struct moment now = time_moment();
    call->now_ms = now.wall_ms;
    call->boot_ms = now.boot_ms;
    call->err = err_new(call);
    out_begin(false);
    if (!call_begin(call, argv + (argc > 0))) {
        out_problem(call->err);
        call->status = (int)call->err->code;
    }
    int status = call->status;
    talloc_free(call);
    return out_end(status);
}
