#include "config.h"

#include "tests/hub/store.h"

#include "base/text.h"
#include "base/xtalloc.h"

#include <string.h>

#define PLAN(id)                                                                                   \
    "backout: 1\nplan: " id "\ntitle: Shop is slow\nservice: shop\nwhy: Orders\n"                  \
    "roles: {commander: [ana, bo], dev: [cy, dot]}\nsteps:\n"                                      \
    "  - {id: flag, owner: dev, box: 5m, run: [./flag], undo: x}\n"                                \
    "  - {id: look, owner: dev, box: 5m, manual: Look}\n"

const char store_plan[] = PLAN("shop-1");
const char store_other_plan[] = PLAN("shop-2");

const char store_roster[] = "roster: 1\npeople: {ana: {may: command}, bo: {may: command}}\n"
                            "roles: {commander: [ana, bo]}\n";

int store_setup(void **state) {
    return text_init() ? fixture_setup(state) : -1;
}

static struct hub *open_hub(struct fixture *fixture, const struct hub_options *options) {
    struct hub *hub = NULL;
    fixture_ok(fixture, hub_open(fixture, options, NOW_MS, &hub, fixture->err));
    return hub;
}

struct hub *store_open(struct fixture *fixture, const char *who) {
    struct hub_options options = {
        .store = fixture->path, .actor = who, .via = "line", .create = true};
    return open_hub(fixture, &options);
}

struct hub *store_open_read_only(struct fixture *fixture) {
    struct hub_options options = {
        .store = fixture->path, .actor = "eve", .via = "line", .read_only = true};
    return open_hub(fixture, &options);
}

static struct command *parse(struct fixture *fixture, const char *words) {
    const char *list[16] = {NULL};
    size_t count = 0;
    char *rest = xtalloc_strdup(fixture, words);
    for (char *word; (word = strsep(&rest, " ")) && count < 15;)
        list[count++] = word;
    struct command *command = NULL;
    size_t name_words;
    const struct command_type *type = command_of_words(list, &name_words);
    fixture_ok(fixture,
               command_parse(fixture, type, list + name_words, 0, NOW_MS, &command, fixture->err));
    return command;
}

int64_t store_submit(struct fixture *fixture, struct hub *hub, const char *plan_text,
                     const char *words) {
    struct facts facts = {.plan_text = plan_text,
                          .plan_length = strlen(plan_text),
                          .roster_text = store_roster,
                          .roster_length = strlen(store_roster),
                          .plan_folder = "/srv/plans",
                          .host = "ops1",
                          .boot = "b1",
                          .pid = 7,
                          .free_bytes = -1,
                          .person_exists = true};
    return hub_submit(hub, parse(fixture, words), &facts);
}

struct hub_item store_answer(struct hub *hub, int64_t ticket) {
    struct hub_item item = {0};
    for (size_t turns = 0; turns < 1000; turns++)
        if (hub_next(hub, AT(NOW_MS), &item) && item.kind == HUB_ANSWER && item.ticket == ticket)
            return item;
    fail_msg("no answer to ticket %lld", (long long)ticket);
    return item;
}

struct hub_item store_do(struct fixture *fixture, struct hub *hub, const char *words) {
    return store_answer(hub, store_submit(fixture, hub, store_plan, words));
}

struct hub_item store_ok(struct fixture *fixture, struct hub *hub, const char *words) {
    struct hub_item item = store_do(fixture, hub, words);
    if (item.verdict != HUB_ACCEPTED)
        fail_msg("%s: %s", words, err_sentence(fixture, item.err));
    return item;
}

size_t store_turn(struct hub *hub, int64_t now_ms) {
    struct hub_item item;
    size_t events = 0;
    while (hub_next(hub, AT(now_ms), &item))
        events += item.kind == HUB_EVENT;
    return events;
}

void store_check_state(struct fixture *fixture, struct hub *hub) {
    struct hub *fresh = store_open(fixture, "fresh");
    assert_string_equal(state_dump(fixture, hub_state(hub)), state_dump(fixture, hub_state(fresh)));
    talloc_free(fresh);
}
