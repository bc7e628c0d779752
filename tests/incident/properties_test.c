/* What holds whatever happens: properties of histories that chance makes, by several people and
 * runners over several plans. A seed that fails is named, and fails again. */
#include "config.h"

#include "tests/incident/generate.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"

#include <stdlib.h>
#include <string.h>

#define STORIES  60
#define COMMANDS 200
#define PLANS    3

struct telling {
    struct story *story;
    struct random random;
    uint64_t seed;
    const char *plans[PLANS];
    struct command *command; /* the last one */
    size_t accepted;
};

#define MUST(telling, condition)                                                                   \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("seed %llu: %s: %s", (unsigned long long)(telling)->seed,                     \
                     (telling)->command->type->name, #condition);                                  \
    } while (0)

/* --- how needs are met, said once more and in another way --------------------------------------
 */

static bool is_met(const struct incident *incident, const struct step *step) {
    if (step->record == STEP_DONE || step->record == STEP_SKIPPED)
        return true;
    if (step->record == STEP_FAILED)
        return step->spec->on_failure == FAILURE_CONTINUE;
    if (step->record != STEP_WAITING || step->chosen)
        return false;
    for (size_t i = 0; i < step->spec->needs_count; i++)
        if (!is_met(incident, &incident->steps[step->spec->needs[i]]))
            return false;
    return true;
}

static bool needs_are_met(const struct incident *incident, const struct step *step) {
    for (size_t i = 0; i < step->spec->needs_count; i++)
        if (!is_met(incident, &incident->steps[step->spec->needs[i]]))
            return false;
    return true;
}

/* --- after every command ------------------------------------------------------------------------
 */

static bool has_event(const struct story *story, const char *kind) {
    for (size_t i = 0; i < story->events_count; i++)
        if (strcmp(story->events[i].kind, kind) == 0)
            return true;
    return false;
}

/* "decide never emits what fold refuses", and a refusal is whole. */
static void check_answer(const struct telling *telling) {
    const struct story *story = telling->story;
    if (story->verdict == HUB_ACCEPTED)
        return;
    MUST(telling, story->verdict == HUB_REFUSED);
    MUST(telling, story->err->code != ERR_DAMAGED);
    MUST(telling, story->err->what && *story->err->what && story->err->on && *story->err->on);
    MUST(telling, story->events_count == 0);
}

static void check_step(const struct telling *telling, const struct incident *incident,
                       const struct step *step) {
    size_t open = 0;
    for (size_t i = 0; i < step->runs_count; i++)
        open += !step->runs[i].over;
    MUST(telling, open <= 1);
    MUST(telling, open == 0 || step_state_is_open(step->record));
    MUST(telling, incident_is_open(incident) || !step_state_is_open(step_state(incident, step)));
    MUST(telling, step->record != STEP_RUNNING || step_attempt(step)->ended_ms == 0);
    MUST(telling,
         step->record == STEP_WAITING || step->by_rule == false || step->record == STEP_SKIPPED);
}

static bool same_thing(const struct fired *a, const struct fired *b) {
    bool same_step = a->step ? b->step && strcmp(a->step, b->step) == 0 : !b->step;
    return same_step && strcmp(a->late, b->late) == 0 && a->onset_ms == b->onset_ms;
}

/* "once per level, however many": each is above those that were fired for the same thing before,
 * and none came early but by hand. */
static void check_fired(const struct telling *telling, const struct incident *incident) {
    for (size_t i = 0; i < incident->fired_count; i++) {
        const struct fired *later = &incident->fired[i];
        MUST(telling, later->by_hand || later->due_ms <= later->mark.at_ms);
        MUST(telling, later->missed >= 0);
        for (size_t j = 0; j < i; j++) {
            const struct fired *earlier = &incident->fired[j];
            bool above = later->number > earlier->number ||
                         (later->number == earlier->number && later->repeat > earlier->repeat);
            MUST(telling, above || !same_thing(earlier, later));
        }
    }
}

static void check_state(const struct telling *telling) {
    const struct state *state = hub_state(telling->story->hub);
    for (size_t n = 0; n < state->incidents_count; n++) {
        const struct incident *incident = state->incidents[n];
        for (size_t i = 0; i < incident->steps_count; i++)
            check_step(telling, incident, &incident->steps[i]);
        check_fired(telling, incident);
        MUST(telling, !incident->paused_for ||
                          incident_step(incident, incident->paused_for)->record == STEP_FAILED);
    }
}

/* What was true of the command's step before it was asked. */
struct before {
    bool exists, met, paused, other_open;
    enum step_state state;
};

static struct before look_before(const struct story *story, const struct command *command) {
    const struct incident *incident = story_incident(story);
    const struct step *step = incident ? incident_step(incident, command->step) : NULL;
    struct before before = {.exists = step};
    if (!step)
        return before;
    before.met = step->spec->handler || needs_are_met(incident, step);
    before.state = step_state(incident, step);
    before.paused = incident->paused.by && !incident->paused_for;
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *other = &incident->steps[i];
        before.other_open |= other != step && other->spec->lock && step->spec->lock &&
                             step_state_is_open(other->record);
    }
    return before;
}

/* "A step that may not be repeated is never started again by software": and no step is started but
 * by a person's start or retry, while its needs are met, while nobody paused, while its lock is
 * free. */
static void check_start(const struct telling *telling, const struct before *before) {
    const char *name = telling->command->type->name;
    bool retry = strcmp(name, "retry") == 0;
    if (!has_event(telling->story, "step.started"))
        return;
    MUST(telling, retry || strcmp(name, "start") == 0);
    MUST(telling, before->exists && !before->paused && !before->other_open);
    MUST(telling, before->state == (retry ? STEP_FAILED : STEP_READY));
    MUST(telling, retry || before->met);
}

/* "A retry of the same command appends nothing and gets the same answer; the same id with another
 * request is refused." */
static void check_again(struct telling *telling) {
    struct story *story = telling->story;
    int64_t seq = story->item.seq, incident = story->item.incident, last, now;
    char *dump = story_dump(story);
    struct command *command = command_copy(story, telling->command);
    const char *actor = xtalloc_strdup(story, story->hub->actor);
    assert_true(log_last(hub_log(story->hub), &last, story->err));
    MUST(telling, story_submit(story, actor, command));
    MUST(telling, story->item.seq == seq && story->item.incident == incident);
    command->text = "something else";
    MUST(telling, !story_submit(story, actor, command));
    MUST(telling, story->err->code == ERR_USAGE);
    assert_true(log_last(hub_log(story->hub), &now, story->err));
    MUST(telling, now == last && story->events_count == 0);
    MUST(telling, strcmp(dump, story_dump(story)) == 0);
}

/* What a key asks beforehand: where it says no, the command is refused. */
static bool is_permitted(const struct telling *telling, const char *actor) {
    struct story *story = telling->story;
    struct question question = {.state = hub_state(story->hub),
                                .command = telling->command,
                                .facts = &story->facts,
                                .actor = actor};
    void *scratch = talloc_new(NULL);
    bool permitted = command_permitted(scratch, &question, err_new(scratch));
    MUST(telling, permitted || question.state->roster);
    talloc_free(scratch);
    return permitted;
}

/* "Without a roster everything stays as today": nothing is told of roles, and nobody is refused for
 * one. With one, whoever decides, does so as somebody. */
static void check_roles(const struct telling *telling, bool enforced) {
    const struct story *story = telling->story;
    for (size_t i = 0; i < story->events_count; i++) {
        const struct event_type *type = event_type_find(story->events[i].kind);
        bool acts = type->acting && strstr(story->events[i].body, "\"role\":");
        MUST(telling, enforced || !acts);
        MUST(telling, !enforced || acts || type != &event_types[EVENT_DECIDED]);
    }
}

/* The newest, or now and then any. */
static int64_t pick_incident(struct telling *telling) {
    size_t count = hub_state(telling->story->hub)->incidents_count;
    bool any = random_below(&telling->random, 3) == 0;
    return (int64_t)(any ? 1 + random_below(&telling->random, count) : count);
}

/* Now and then somebody sets the clock, and a keeper finds out. */
static void tell_clock(struct telling *telling) {
    struct story *story = telling->story;
    int64_t by_ms = (int64_t)random_below(&telling->random, 2 * HOUR_MS) - HOUR_MS;
    story_sets_clock(story, by_ms);
    telling->command = story_command(story, "clock", NULL);
    MUST(telling, story_submit(story, generate_person(&telling->random), telling->command));
    MUST(telling, story->events_count == 0 || has_event(story, "clock.stepped"));
}

/* A courier sets out, and says how it went, or nothing. */
static void tell_page(struct telling *telling) {
    struct story *story = telling->story;
    if (!story_pages(story, "h/1"))
        return;
    story->now_ms += (int64_t)random_below(&telling->random, 60000);
    if (random_below(&telling->random, 3))
        story_paged(story, random_below(&telling->random, 2) ? "busy" : NULL);
}

static void tell_command(struct telling *telling) {
    struct story *story = telling->story;
    if (random_below(&telling->random, 40) == 0)
        tell_clock(telling);
    if (story_incident(story) && random_below(&telling->random, 6) == 0)
        story_keeps(story, generate_person(&telling->random));
    if (story_incident(story) && random_below(&telling->random, 4) == 0)
        tell_page(telling);
    story->now_ms += (int64_t)random_below(&telling->random, 60000);
    story->plan_text = telling->plans[random_below(&telling->random, PLANS)];
    if (!story_incident(story) || !incident_is_open(story_incident(story)))
        story->incident = pick_incident(telling);
    telling->command = generate_command(story, &telling->random);
    struct before before = look_before(story, telling->command);
    bool enforced = hub_state(story->hub)->roster;
    const char *actor = generate_actor(story, &telling->random, telling->command);
    bool permitted = is_permitted(telling, actor);
    bool accepted = story_submit(story, actor, telling->command);
    MUST(telling, permitted || !accepted);
    check_roles(telling, enforced);
    if (accepted && has_event(story, "incident.declared"))
        story->incident = story->item.incident;
    telling->accepted += accepted;
    check_answer(telling);
    check_start(telling, &before);
    check_state(telling);
    if (accepted && story->events_count && random_below(&telling->random, 10) == 0)
        check_again(telling);
}

static struct telling tell(const void *parent, uint64_t seed) {
    struct telling telling = {.random = {seed}, .seed = seed};
    for (size_t i = 0; i < PLANS; i++)
        telling.plans[i] = generate_plan(parent, &telling.random);
    telling.story = story_declared(parent, telling.plans[0]);
    for (size_t i = 0; i < COMMANDS; i++)
        tell_command(&telling);
    return telling;
}

/* --- of the whole history -----------------------------------------------------------------------
 */

struct history {
    struct event *events;
    size_t count;
};

static bool collect(void *data, const struct event *event) {
    struct history *history = data;
    history->events = xtalloc_realloc(NULL, history->events, struct event, history->count + 1);
    struct event *kept = &history->events[history->count++];
    *kept = *event;
    kept->command = xtalloc_strdup(history->events, event->command);
    kept->actor = xtalloc_strdup(history->events, event->actor);
    kept->via = xtalloc_strdup(history->events, event->via);
    kept->kind = xtalloc_strdup(history->events, event->kind);
    kept->body = xtalloc_strdup(history->events, event->body);
    return true;
}

static struct history history_of(const void *parent, const struct story *story) {
    struct history history = {0};
    struct err *err = err_new(parent);
    assert_true(log_read(hub_log(story->hub), 0, LOG_ANY_INCIDENT, collect, &history, err));
    talloc_steal(parent, history.events);
    return history;
}

static void fold_span(const struct telling *telling, struct state *state,
                      const struct history *history, size_t from, size_t to) {
    struct err *err = err_new(state);
    for (size_t i = from; i < to; i++)
        if (!fold(state, &history->events[i], err))
            fail_msg("seed %llu: %s", (unsigned long long)telling->seed, err_sentence(err, err));
}

/* What is shown of two texts where they part. */
#define BEFORE 200
#define SHOWN  300

static void check_same(const struct telling *telling, const char *dump, struct state *state) {
    char *other = state_dump(state, state);
    size_t same = 0;
    while (dump[same] && dump[same] == other[same])
        same++;
    size_t from = same > BEFORE ? same - BEFORE : 0;
    if (dump[same] || other[same])
        fail_msg("seed %llu:\n%.*s\n%.*s", (unsigned long long)telling->seed, SHOWN, dump + from,
                 SHOWN, other + from);
    talloc_free(state);
}

/* fold(a ++ b) = fold(fold(a), b), however often the end of a is met again. */
static void check_splits(const struct telling *telling, const struct history *history) {
    const char *dump = story_dump(telling->story);
    for (size_t split = 0; split <= history->count; split += 7) {
        struct state *state = state_new(NULL);
        size_t again = split > 20 ? split - 20 : 0;
        fold_span(telling, state, history, 0, split);
        fold_span(telling, state, history, again, history->count);
        check_same(telling, dump, state);
    }
}

/* As a console reads it: what concerns the store first, then one incident after the other. */
static void check_by_incident(const struct telling *telling, const struct history *history) {
    struct state *state = state_new(NULL);
    size_t incidents = hub_state(telling->story->hub)->incidents_count;
    for (int64_t number = 0; number <= (int64_t)incidents; number++)
        for (size_t i = 0; i < history->count; i++)
            if (history->events[i].incident == number)
                fold_span(telling, state, history, i, i + 1);
    check_same(telling, story_dump(telling->story), state);
}

/* Whatever is an instant of an incident in the text (a number of so many digits) is moved by that
 * much. */
static char *with_instants_moved(const void *parent, const char *text, int64_t by_ms) {
    const char *incidents = strstr(text, "\"incidents\"");
    char *moved = xtalloc_strndup(parent, text, (size_t)(incidents - text));
    text = incidents;
    while (*text) {
        size_t plain = strcspn(text, "0123456789");
        size_t digits = strspn(text + plain, "0123456789");
        bool instant = digits == 13 && plain > 0 && text[plain - 1] == ':';
        moved = xtalloc_check(talloc_strndup_append_buffer(moved, text, plain));
        if (instant)
            moved = xtalloc_check(talloc_asprintf_append_buffer(
                moved, "%lld", (long long)(strtoll(text + plain, NULL, 10) + by_ms)));
        else
            moved = xtalloc_check(talloc_strndup_append_buffer(moved, text + plain, digits));
        text += plain + digits;
    }
    return moved;
}

static char *clocks_words(const void *parent, const struct state *state, int64_t moved_ms) {
    char *words = xtalloc_strdup(parent, "");
    for (size_t n = 0; n < state->incidents_count; n++) {
        struct clocks clocks = incident_clocks(words, state->incidents[n]);
        for (size_t i = 0; i < clocks.count; i++)
            words =
                xtalloc_asprintf_append(words, "%s %lld %s\n", clock_label(words, &clocks.list[i]),
                                        (long long)(clocks.list[i].due_ms - moved_ms),
                                        clocks.list[i].who ? clocks.list[i].who : "");
    }
    return words;
}

static struct state *fold_stepped(const struct telling *telling, int64_t by_ms) {
    struct state *state = story_refold(telling->story);
    struct err *err = err_new(state);
    for (size_t i = 0; i < state->incidents_count; i++) {
        struct body_clock_stepped body = {by_ms};
        struct event event = {.seq = state->last_seq + 1,
                              .incident = state->incidents[i]->number,
                              .command = "c",
                              .actor = "nobody",
                              .via = "clock",
                              .kind = "clock.stepped",
                              .body = event_encode(state, EVENT_CLOCK_STEPPED, &body)};
        MUST(telling, fold(state, &event, err));
    }
    return state;
}

/* When the clock is set, everything that is counted from goes with it: clocks(fold(h + set by d))
 * are clocks(fold(h)) + d, and no instant of the state stays behind. */
static void check_clock_set(const struct telling *telling) {
    static const int64_t steps[] = {HOUR_MS, -HOUR_MS, 1, 45 * DAY_MS};
    struct state *still = fold_stepped(telling, 0);
    for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
        struct state *set = fold_stepped(telling, steps[i]);
        char *dump = with_instants_moved(set, state_dump(set, still), steps[i]);
        MUST(telling, strcmp(clocks_words(set, still, 0), clocks_words(set, set, steps[i])) == 0);
        check_same(telling, dump, set);
    }
}

static void check_index(const struct telling *telling) {
    int64_t verified;
    struct err *err = err_new(telling->story);
    if (!hub_verify(telling->story->hub, &verified, err))
        fail_msg("seed %llu: %s", (unsigned long long)telling->seed, err_sentence(err, err));
}

static void test_histories(void **state) {
    size_t accepted = 0;
    for (uint64_t seed = 1; seed <= STORIES; seed++) {
        void *scratch = talloc_new(*state);
        struct telling telling = tell(scratch, seed);
        struct history history = history_of(scratch, telling.story);
        check_same(&telling, story_dump(telling.story), story_refold(telling.story));
        check_splits(&telling, &history);
        check_by_incident(&telling, &history);
        check_index(&telling);
        check_clock_set(&telling);
        accepted += telling.accepted;
        talloc_free(scratch);
    }
    /* Chance must reach somewhere, or all of the above says nothing. */
    assert_in_range(accepted, STORIES * COMMANDS / 5, STORIES * COMMANDS);
}

/* Which kinds of events chance has told, over all stories. */
static void test_every_kind_was_told(void **state) {
    bool told[EVENT_KIND_COUNT] = {false};
    for (uint64_t seed = 1; seed <= STORIES / 2; seed++) {
        void *scratch = talloc_new(*state);
        struct telling telling = tell(scratch, seed);
        struct history history = history_of(scratch, telling.story);
        for (size_t i = 0; i < history.count; i++)
            told[event_type_find(history.events[i].kind) - event_types] = true;
        talloc_free(scratch);
    }
    told[EVENT_STORE_RESTORED] = told[EVENT_STORE_CONTINUED] = true; /* no command tells them */
    for (size_t i = 0; i < ARRAY_SIZE(told); i++)
        if (!told[i])
            fail_msg("chance never told %s", event_types[i].name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_histories),
        story_test(test_every_kind_was_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
