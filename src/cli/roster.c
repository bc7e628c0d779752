#include "config.h"

#include "cli/families.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/findings.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "roster/lint.h"
#include "roster/show.h"
#include "run/facts.h"

/* A roster file comes in by the same door as when it is applied. */
static struct lint *lint_file(struct call *call, const char *path, const struct lint_words *words) {
    struct command *command = command_new(call, "roster apply", call->now_ms);
    struct facts facts;
    (void)words;
    command->roster = path;
    if (!facts_gather(call, command, NULL, &facts, call->err))
        return NULL;
    return roster_lint(call, facts.roster_text, facts.roster_length, call->now_ms);
}

bool run_roster_lint(struct call *call) {
    return findings_run(call, lint_file);
}

bool run_roster_new(struct call *call) {
    if (!call_read(call, NULL))
        return false;
    out_page(roster_template);
    return true;
}

/* ---- roster show: as JSON ---- */

static void write_texts(struct json_writer *writer, const char *key, const char *const *texts) {
    json_open_array(writer, key);
    for (; texts && *texts; texts++)
        json_string(writer, NULL, *texts);
    json_close_array(writer);
}

static void write_person(struct json_writer *writer, const struct roster_person *person) {
    json_open_object(writer, NULL);
    json_string(writer, "id", person->id);
    json_string(writer, "name", person->name);
    json_string(writer, "may", authority_name(person->may));
    json_open_object(writer, "reach");
    for (const struct pair *pair = person->reach; pair && pair->key; pair++)
        json_string(writer, pair->key, pair->value);
    json_close_object(writer);
    json_close_object(writer);
}

static void write_role(struct json_writer *writer, const struct role_people *role) {
    json_open_object(writer, NULL);
    json_string(writer, "role", role->name);
    write_texts(writer, "people", role->people);
    json_close_object(writer);
}

static void write_channel(struct json_writer *writer, const struct channel *channel) {
    json_open_object(writer, NULL);
    json_string(writer, "channel", channel->name);
    json_string(writer, "type", channel_type_name(channel->type));
    json_close_object(writer);
}

static void write_level(struct json_writer *writer, const struct escalation_level *level) {
    json_open_object(writer, NULL);
    json_string(writer, "if", lateness_name(level->event));
    json_number(writer, "after_ms", level->after_ms);
    write_texts(writer, "to", level->to);
    json_number(writer, "repeat", level->repeat);
    json_close_object(writer);
}

static void write_lists(struct json_writer *writer, const struct roster *roster) {
    json_open_array(writer, "people");
    for (size_t i = 0; i < roster->people_count; i++)
        write_person(writer, &roster->people[i]);
    json_close_array(writer);
    json_open_array(writer, "roles");
    for (size_t i = 0; i < roster->roles.count; i++)
        write_role(writer, &roster->roles.list[i]);
    json_close_array(writer);
    json_open_array(writer, "channels");
    for (size_t i = 0; i < roster->channels_count; i++)
        write_channel(writer, &roster->channels[i]);
    json_close_array(writer);
    json_open_array(writer, "escalation");
    for (size_t i = 0; i < roster->escalation.count; i++)
        write_level(writer, &roster->escalation.levels[i]);
    json_close_array(writer);
}

/* ---- roster show ---- */

/* One of a file was applied by nobody. */
static void show(struct call *call, const struct roster *roster, const struct mark *applied) {
    struct json_writer *writer = json_writer_new(call);
    if (!call->options->json) {
        out_page(roster_show(call, roster, out_width(PAGE_CELLS)));
        if (applied)
            out_line("in force since %s, applied by %s", time_rfc3339(call, applied->at_ms),
                     applied->by);
        return;
    }
    json_open_object(writer, NULL);
    json_string(writer, "sha256", roster->sha256);
    json_string(writer, "applied_by", applied ? applied->by : NULL);
    json_string(writer, "applied_at", applied ? time_rfc3339(call, applied->at_ms) : NULL);
    json_string(writer, "others", authority_name(roster->others));
    write_lists(writer, roster);
    json_close_object(writer);
    out_json(json_text(writer));
}

const struct roster *roster_of_file(struct call *call, const char *path) {
    const struct lint *lint = lint_file(call, path, NULL);
    if (lint && !lint->errors)
        return lint->file;
    if (lint)
        err_set(call->err, ERR_USAGE, "the roster can't be used", path,
                "`backout roster lint` says why");
    return NULL;
}

static bool show_file(struct call *call, const char *path) {
    const struct roster *roster = roster_of_file(call, path);
    if (roster)
        show(call, roster, NULL);
    return roster;
}

bool run_roster_show(struct call *call) {
    struct hub *hub;
    if (!call_read(call, NULL))
        return false;
    if (call->words[0])
        return show_file(call, call->words[0]);
    if (!store_open(call, STORE_LOOK, "line", &hub))
        return false;
    const struct state *state = hub_state(hub);
    if (!state->roster)
        return err_set(call->err, ERR_NOT_FOUND, "no roster is in force", hub_store(hub),
                       "roles are not enforced; `backout roster new` prints one to begin from");
    show(call, state->roster, &state->applied);
    return true;
}
