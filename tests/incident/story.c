#include "config.h"

#include "tests/incident/story.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/deliveries.h"
#include "incident/levels.h"

#include <string.h>

int story_setup(void **state) {
    *state = talloc_new(NULL);
    return digest_init() && text_init() ? 0 : -1;
}

int story_teardown(void **state) {
    talloc_free(*state);
    return 0;
}

struct story *story_over(const void *parent, struct log *log, const char *plan_text) {
    static const struct hub_options options = {.actor = "nobody", .via = "line"};
    struct story *story = xtalloc_zero(parent, struct story);
    story->err = err_new(story);
    story->now_ms = STORY_BEGAN_MS;
    story->plan_text = plan_text;
    story->facts = (struct facts){.plan_folder = "/srv/plans",
                                  .host = "ops1",
                                  .boot = "boot-1",
                                  .pid = 4122,
                                  .free_bytes = INT64_C(1) << 40,
                                  .person_exists = true};
    if (!hub_over(story, &options, log, story->now_ms, &story->hub, story->err))
        fail_msg("%s", err_sentence(story, story->err));
    return story;
}

struct story *story_new(const void *parent, const char *plan_text) {
    return story_over(parent, log_open_memory(parent, STORY_BEGAN_MS), plan_text);
}

struct story *story_declared(const void *parent, const char *plan_text) {
    struct story *story = story_new(parent, plan_text);
    story_ok(story, "ana", "declare plan.yaml --accept 'a test'");
    return story;
}

struct story *story_decided(const void *parent, const char *more, const char *steps) {
    struct story *story = story_declared(parent, story_plan(parent, more, steps));
    story_ok(story, "ana", "take commander");
    story_ok(story, "ana", "decide back --reason errors");
    return story;
}

const char *story_plan(const void *parent, const char *more, const char *steps) {
    return xtalloc_asprintf(parent,
                            "backout: 1\n"
                            "plan: shop-1\n"
                            "title: Shop is slow\n"
                            "service: shop\n"
                            "why: Orders\n"
                            "roles: {commander: [ana, bo], dev: [cy, dot]}\n"
                            "%ssteps:\n%s",
                            more, steps);
}

const char *story_roster(const void *parent, const char *more) {
    return xtalloc_asprintf(parent,
                            "roster: 1\n"
                            "people:\n"
                            "  ana: {name: Ana Costa, may: command}\n"
                            "  bo: {name: Bo Lindqvist, may: command}\n"
                            "  cy: {name: Cy Moreau, may: respond}\n"
                            "  dot: {may: respond}\n"
                            "  kim: {may: respond}\n"
                            "  sue: {name: Sue Park, may: view}\n"
                            "roles: {commander: [ana, bo], dev: [cy, dot], comms: [kim, cy]}\n%s",
                            more);
}

/* --- commands --------------------------------------------------------------------------------- */

/* Cuts at spaces outside of quotes; the words are ended by NULL. */
static const char **split_words(const void *parent, const char *text) {
    const char **words = xtalloc_zero_array(parent, const char *, strlen(text) + 1);
    size_t count = 0;
    while (*(text += strspn(text, " "))) {
        bool quoted = *text == '\'';
        text += quoted;
        size_t length = strcspn(text, quoted ? "'" : " ");
        words[count++] = xtalloc_strndup(words, text, length);
        text += length + quoted;
    }
    return words;
}

static void remember_event(struct story *story, const struct event *event) {
    story->events = xtalloc_realloc(story, story->events, struct event, story->events_count + 1);
    struct event *kept = &story->events[story->events_count++];
    *kept = *event;
    kept->kind = xtalloc_strdup(story->events, event->kind);
    kept->body = xtalloc_strdup(story->events, event->body);
    kept->actor = xtalloc_strdup(story->events, event->actor);
}

static void take_answer(struct story *story, const struct hub_item *item) {
    story->item = *item;
    story->verdict = item->verdict;
    TALLOC_FREE(story->answer);
    story->answer = xtalloc_strdup(story, item->answer ? item->answer : "");
    err_clear(story->err);
    if (item->err)
        err_set(story->err, item->err->code, item->err->what, item->err->on, item->err->remedy);
}

bool story_submit(struct story *story, const char *who, const struct command *command) {
    struct hub_item item;
    story->hub->actor = xtalloc_strdup(story, who);
    story->facts.plan_text = story->plan_text;
    story->facts.plan_length = story->plan_text ? strlen(story->plan_text) : 0;
    story->facts.roster_text = story->roster_text;
    story->facts.roster_length = story->roster_text ? strlen(story->roster_text) : 0;
    memcpy(story->last_id, command->id, sizeof(story->last_id));
    TALLOC_FREE(story->events);
    story->events_count = 0;
    int64_t ticket = hub_submit(story->hub, command, &story->facts);
    struct moment now = {story->now_ms, story->now_ms - story->ahead_ms};
    while (hub_next(story->hub, now, &item)) {
        if (item.kind == HUB_EVENT)
            remember_event(story, item.event);
        if (item.kind == HUB_ANSWER && item.ticket == ticket)
            take_answer(story, &item);
    }
    return story->verdict == HUB_ACCEPTED;
}

bool story_do(struct story *story, const char *who, const char *text) {
    void *scratch = talloc_new(story);
    const char **words = split_words(scratch, text);
    size_t name_words;
    const struct command_type *type = command_of_words(words, &name_words);
    struct command *command;
    if (!type)
        fail_msg("there is no command %s", words[0]);
    story->verdict = HUB_REFUSED;
    bool ok = command_parse(scratch, type, words + name_words, story->incident, story->now_ms,
                            &command, story->err) &&
              story_submit(story, who, command);
    if (ok && strcmp(type->name, "declare") == 0)
        story->incident = story->item.incident;
    talloc_free(scratch);
    return ok;
}

void story_ok(struct story *story, const char *who, const char *words) {
    if (!story_do(story, who, words))
        fail_msg("%s: %s: %s", who, words, err_sentence(story, story->err));
}

void story_refused(struct story *story, const char *who, const char *words, enum err_code code,
                   const char *part) {
    if (story_do(story, who, words))
        fail_msg("%s: %s was accepted: %s", who, words, story->answer);
    const char *sentence = err_sentence(story, story->err);
    if (story->err->code != code || !strstr(sentence, part))
        fail_msg("%s: %s: expected %s with \"%s\", got %s: %s", who, words, err_code_name(code),
                 part, err_code_name(story->err->code), sentence);
}

struct command *story_command(struct story *story, const char *name, const char *step) {
    struct command *command = command_new(story, name, story->now_ms);
    command->incident = story->incident;
    command->step = step;
    return command;
}

static const char *current_run(const struct story *story, const char *step) {
    const struct run *run = step_run(story_step(story, step));
    return run ? run->id : "1.none.1";
}

/* Runners have a door of their own, and the name of who started them: here always ana. */
static bool report(struct story *story, const struct command *command) {
    const char *via = story->hub->via;
    story->hub->via = "runner";
    bool accepted = story_submit(story, "ana", command);
    story->hub->via = via;
    return accepted;
}

bool story_ran(struct story *story, const char *step, const char *ended, int64_t status) {
    struct command *command = story_command(story, "ran", step);
    command->run = current_run(story, step);
    command->ended = ended;
    command->status = status;
    return report(story, command);
}

bool story_verified(struct story *story, const char *step, const char *verdict) {
    struct command *command = story_command(story, "verified", step);
    command->run = current_run(story, step);
    command->verdict = verdict;
    return report(story, command);
}

size_t story_keeps(struct story *story, const char *who) {
    struct levels levels = incident_levels(story, story_incident(story), story->now_ms);
    size_t fired = 0;
    for (size_t i = 0; i < levels.count; i++)
        if (levels.list[i].due_ms <= story->now_ms)
            fired += story_submit(
                story, who,
                level_command(story, story_incident(story), &levels.list[i], story->now_ms));
    return fired;
}

bool story_pages(struct story *story, const char *courier) {
    const struct incident *incident = story_incident(story);
    struct delivery_tries tries = incident_delivery_tries(story, incident);
    if (!tries.count || tries.list[0].due_ms > story->now_ms)
        return false;
    story->page = page_command(story, incident, &tries.list[0], courier, story->now_ms);
    return story_submit(story, "kay", story->page);
}

bool story_paged(struct story *story, const char *why) {
    return story_submit(story, "kay", paged_command(story, story->page, why, story->now_ms));
}

void story_passes(struct story *story, int64_t ms) {
    story->now_ms += ms;
}

void story_sets_clock(struct story *story, int64_t by_ms) {
    story->now_ms += by_ms;
    story->ahead_ms += by_ms;
}

/* --- what is true ----------------------------------------------------------------------------- */

const struct incident *story_incident(const struct story *story) {
    return state_incident(hub_state(story->hub), story->incident);
}

const struct step *story_step(const struct story *story, const char *id) {
    const struct step *step = incident_step(story_incident(story), id);
    if (!step)
        fail_msg("there is no step %s", id);
    return step;
}

const char *story_state(const struct story *story, const char *id) {
    return step_state_name(step_state(story_incident(story), story_step(story, id)));
}

char *story_dump(const struct story *story) {
    return state_dump(story, hub_state(story->hub));
}

const char *story_kinds(const struct story *story) {
    char *kinds = xtalloc_strdup(story, "");
    for (size_t i = 0; i < story->events_count; i++)
        kinds = xtalloc_asprintf_append(kinds, "%s%s", i ? " " : "", story->events[i].kind);
    return kinds;
}

struct folded {
    struct state *state;
    struct err *err;
};

static bool fold_event(void *data, const struct event *event) {
    struct folded *folded = data;
    if (!fold(folded->state, event, folded->err))
        fail_msg("%s", err_sentence(folded->err, folded->err));
    return true;
}

struct state *story_refold(const struct story *story) {
    struct folded folded = {state_new(story), err_new(story)};
    log_read(hub_log(story->hub), 0, LOG_ANY_INCIDENT, fold_event, &folded, folded.err);
    return folded.state;
}
