#include "config.h"

#include "cli/families.h"

#include "base/loop.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "cli/wait.h"
#include "run/door.h"

/* A command that no other lets through for so long is given back to its asker. */
#define ANSWER_MS (10 * SECOND_MS)

/* Every command names an incident, but the one that begins it: that one may begin the store too. */
static enum store_use use_of(const struct command_type *type) {
    return type->guards & NEEDS_INCIDENT ? STORE_WRITE : STORE_MAKE;
}

/* Asked before the door: a refusal for all must not gather facts nor hold a runner. */
static bool may_write(struct call *call, const struct hub *hub, const struct command_type *type) {
    const struct err *doubt = hub_doubt(hub);
    if (doubt)
        return err_set(call->err, doubt->code, doubt->what, doubt->on, doubt->remedy);
    const char *why = hub_read_only(hub);
    bool by_choice = call->options->read_only || hub_names_lines(call->options->store);
    const char *remedy = by_choice ? "ask somebody who may write" : NULL;
    return !why ||
           err_set(call->err, ERR_ACCESS, err_fmt(call->err, "can't %s", type->name), why, remedy);
}

static void print_answer(const struct call *call, const struct hub_item *answer) {
    if (!call->options->json) {
        out_line("%s", answer->answer);
        return;
    }
    struct json_writer *writer = json_writer_new(NULL);
    json_open_object(writer, NULL);
    json_number(writer, "incident", answer->incident);
    json_number(writer, "seq", answer->seq);
    json_string(writer, "answer", answer->answer);
    json_close_object(writer);
    out_json(json_text(writer));
    talloc_free(writer);
}

static bool take_answer(struct call *call, const struct hub_item *answer) {
    if (answer->verdict == HUB_ACCEPTED) {
        print_answer(call, answer);
        out_flush();
        return true;
    }
    const struct err *err = answer->err;
    return err_set(call->err, err->code, err->what, err->on, err->remedy);
}

static bool ask(struct call *call, struct hub *hub, struct command *command) {
    struct loop *loop = loop_new(call, call->err);
    struct hub_item answer;
    if (!loop)
        return false;
    wait_for_lost(hub, loop);
    if (!door_ask(door_new(call, hub), loop, command, ANSWER_MS, &answer, call->err) ||
        !take_answer(call, &answer))
        return false;
    store_note_viewers(call, hub);
    return !command->wait || wait_for_step(call, hub, loop, command->incident, command->step);
}

bool run_command(struct call *call, const struct command_type *type) {
    struct command *command;
    struct hub *hub;
    return command_parse(call, type, (const char *const *)call->words, 0, call->now_ms, &command,
                         call->err) &&
           store_open(call, use_of(type), "line", &hub) && may_write(call, hub, type) &&
           ask(call, hub, command);
}
