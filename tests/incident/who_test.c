/* DESIGN §5: who may do what. The whole table: every command, for everybody who could stand in some
 * relation to it, is accepted, or refused in the sentence of its level. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/decide.h"
#include "incident/events.h"
#include "incident/waits.h"

#include <string.h>

/* ana commands and bo is deputy; vp may command and holds nothing. cy and dot stand in the list of
 * the step's owner, lee is only ever assigned by name, kim has another role, pat only the plan
 * knows. sue may view, and eve isn't listed. */
static const char *const everybody[] = {"ana", "bo",  "vp",  "cy",  "dot",
                                        "lee", "kim", "pat", "sue", "eve"};

static const char roster[] =
    "roster: 1\n"
    "people:\n"
    "  ana: {may: command}\n  bo: {may: command}\n  vp: {may: command}\n"
    "  cy: {may: respond}\n  dot: {may: respond}\n  lee: {may: respond}\n  kim: {may: respond}\n"
    "  sue: {may: view}\n"
    "roles: {commander: [ana, bo], dev: [kim, lee], comms: [kim, cy]}\n";
static const char other_roster[] =
    "roster: 1\npeople: {ana: {may: command}, bo: {may: command}, vp: {may: command}}\n"
    "roles: {commander: [ana, bo]}\n";

static const char more[] =
    "escalation: [{if: not_recovered, after: 1h, to: [vp]}]\n"
    "options:\n"
    "  back: {title: All, takes: 5m, loses: much, steps: [one, hand, free]}\n"
    "  hold: {title: Hold, takes: 0s, loses: time, steps: []}\n";
static const char steps[] =
    "  - {id: one, owner: dev, box: 5m, run: [./one], needs: [], verify: {run: [./is]}, undo: x}\n"
    "  - {id: hand, owner: dev, box: 5m, manual: H, needs: []}\n"
    "  - {id: free, box: 5m, manual: F, needs: []}\n";

static const char *plan_text(const void *parent) {
    char *text = xtalloc_strdup(parent, story_plan(parent, more, steps));
    const char *before = "dev: [cy, dot]}";
    char *at = strstr(text, before);
    return xtalloc_asprintf(parent, "%.*sdev: [cy, dot], data: [pat]}%s", (int)(at - text), text,
                            at + strlen(before));
}

/* Without a plan, without a commander, or both, or as far as a decision. */
static struct story *begin_bare(const void *parent) {
    struct story *story = story_new(parent, plan_text(parent));
    story->roster_text = roster;
    story_ok(story, "ana", "roster apply roster.yaml");
    story_ok(story, "lee", "declare --title x");
    story->roster_text = other_roster;
    return story;
}

static struct story *begin_planned(const void *parent) {
    struct story *story = begin_bare(parent);
    story_ok(story, "lee", "adopt plan.yaml --accept t");
    story->plan_text = xtalloc_asprintf(parent, "version: 2\n%s", story->plan_text);
    return story;
}

static struct story *begin_commanded(const void *parent) {
    struct story *story = begin_planned(parent);
    story_ok(story, "ana", "take commander");
    story_ok(story, "bo", "take deputy");
    return story;
}

static struct story *begin_decided(const void *parent) {
    struct story *story = begin_commanded(parent);
    story_ok(story, "ana", "decide back --reason x");
    return story;
}

/* --- the table -------------------------------------------------------------------------------- */

#define RESPONDERS "ana bo vp cy dot lee kim pat"
#define LISTED     "ana bo vp cy dot lee kim"
#define COMMAND    "ana bo"
#define STEP       "ana bo cy dot"

struct row {
    struct story *(*begin)(const void *parent);
    const char *reached_by; /* by ana; "ran STEP ENDED" is the runner's; "; " separates */
    const char *words;
    const char *allowed;
    const char *refused; /* of the others; for who may only view it is always said */
};

static const char only_command[] = "only the commander or the deputy may";
static const char only_step[] = "only dev (cy or dot) or who commands (ana) may";

static const struct row table[] = {
    {begin_decided, "", "declare --title y", LISTED, NULL},
    {begin_bare, "", "adopt p.yaml --accept t", LISTED, NULL},
    {begin_planned, "", "adopt p.yaml --accept t", "", "only who commands may adopt, and nobody"},
    {begin_commanded, "", "adopt p.yaml --accept t", COMMAND, only_command},
    {begin_commanded, "", "ack", RESPONDERS, NULL},
    {begin_commanded, "ack", "unack", RESPONDERS, NULL},
    {begin_planned, "", "take commander", "ana bo vp", "not among those who can be commander"},
    {begin_commanded, "", "take commander --relieve --reason x", "ana bo vp",
     "not among those who can be commander"},
    {begin_planned, "", "take deputy", "ana bo vp", "not among those who can be deputy"},
    {begin_commanded, "", "take comms", COMMAND " vp kim cy", "not among those who can be comms"},
    {begin_commanded, "", "take scribe", RESPONDERS, NULL},
    {begin_commanded, "", "take data", COMMAND " vp pat", "not among those who can be data"},
    {begin_commanded, "", "take dev", COMMAND " vp cy dot", "not among those who can be dev"},
    {begin_decided, "", "take one", STEP, only_step},
    {begin_decided, "assign one lee", "take one", STEP " lee", only_step},
    {begin_commanded, "", "offer comms lee", COMMAND " vp kim cy", "comms is not yours to offer"},
    {begin_commanded, "", "offer comms kim", RESPONDERS, NULL},
    {begin_commanded, "", "offer commander lee", "ana", "ana is commander, and only they can"},
    {begin_planned, "", "offer commander bo", RESPONDERS, NULL},
    {begin_commanded, "offer comms lee", "accept comms", "lee", "comms was not offered to you"},
    {begin_decided, "", "assign one lee", COMMAND, only_command},
    {begin_planned, "", "decide back --reason x", "", "only who commands may decide, and nobody"},
    {begin_commanded, "", "decide back --reason x", COMMAND, only_command},
    {begin_decided, "", "start one", STEP, only_step},
    {begin_decided, "assign one lee", "start one", STEP " lee", only_step},
    {begin_decided, "", "start free", RESPONDERS, NULL},
    {begin_decided, "start hand", "done hand", STEP, only_step},
    {begin_decided, "start hand", "fail hand --reason x", STEP, only_step},
    {begin_decided, "", "skip one --reason x", COMMAND, only_command},
    {begin_decided, "assign one lee", "skip one --reason x", COMMAND, only_command},
    {begin_decided, "start one; ran one exited 1", "retry one --reason x", STEP, only_step},
    {begin_decided, "skip one --reason x", "reopen one --reason x", COMMAND, only_command},
    {begin_decided, "start one", "abort one", STEP, only_step},
    {begin_decided, "start one; ran one lost", "check one", STEP, only_step},
    {begin_decided, "start one; ran one lost", "settle one absent --evidence e", STEP, only_step},
    {begin_commanded, "", "pause", RESPONDERS, NULL},
    {begin_commanded, "pause", "resume", COMMAND, only_command},
    {begin_commanded, "", "note seen", RESPONDERS, NULL},
    {begin_commanded, "", "concern heat", RESPONDERS " sue eve", NULL},
    {begin_commanded, "concern heat", "answer 1 fans", COMMAND, only_command},
    {begin_commanded, "", "escalate", RESPONDERS, NULL},
    {begin_commanded, "", "snooze 5m --reason x", RESPONDERS, NULL},
    {begin_decided, "", "ask one", "ana bo vp dot lee kim pat", "it is yours"},
    {begin_decided, "", "eta one 5m", STEP, only_step},
    {begin_commanded, "decide hold --reason x", "recover", COMMAND, only_command},
    {begin_commanded, "decide hold --reason x; recover", "resolve", COMMAND, only_command},
    {begin_commanded, "decide hold --reason x; recover; resolve", "close", COMMAND, only_command},
    {begin_commanded, "", "abandon --reason x", COMMAND, only_command},
    {begin_commanded, "", "roster apply r.yaml", "ana bo vp", "only who may command by the roster"},
};

static void reach(struct story *story, const char *commands) {
    while (*commands) {
        size_t length = strcspn(commands, ";");
        char *words = xtalloc_strndup(story, commands, length);
        if (strcmp(words, "ran one lost") == 0)
            assert_true(story_ran(story, "one", "lost", 0));
        else if (strcmp(words, "ran one exited 1") == 0)
            assert_true(story_ran(story, "one", "exited", 1));
        else
            story_ok(story, "ana", words);
        commands += length;
        commands += strspn(commands, "; ");
    }
}

static bool lists(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

/* Whether a key may ask, before it asks questions; the words needn't be complete. */
static bool is_permitted(struct story *story, const char *who, const char *words) {
    const char *name = xtalloc_strndup(story, words, strcspn(words, " "));
    struct command *command =
        command_new(story, strcmp(name, "roster") == 0 ? "roster apply" : name, story->now_ms);
    struct question question = {.state = hub_state(story->hub), .command = command, .actor = who};
    command->incident = story->incident;
    command->step = strstr(words, "hand") ? "hand" : strstr(words, "free") ? "free" : "one";
    return command_permitted(story, &question, err_new(story));
}

static void check_refusal(struct story *story, const struct row *row, const char *who) {
    const struct state *now = hub_state(story->hub);
    const struct incident *about =
        strncmp(row->words, "declare", 7) == 0 ? NULL : story_incident(story);
    bool views =
        person_authority(now, about, who) == MAY_VIEW && strncmp(row->words, "roster", 6) != 0;
    const char *sentence = err_sentence(story, story->err);
    const char *part = views ? "may only view" : row->refused;
    if (!part || !strstr(sentence, part))
        fail_msg("%s: %s: expected \"%s\", got %s", who, row->words, part ? part : "acceptance",
                 sentence);
    assert_int_equal(story->err->code, ERR_REFUSED);
    assert_non_null(story->err->remedy);
    assert_int_equal(story->events_count, 0);
}

static void check_row(const void *parent, const struct row *row) {
    for (size_t i = 0; i < ARRAY_SIZE(everybody); i++) {
        void *scratch = talloc_new(parent);
        struct story *story = row->begin(scratch);
        const char *who = everybody[i];
        reach(story, row->reached_by);
        int64_t seq = hub_state(story->hub)->last_seq;
        bool expected = lists(row->allowed, who), permitted = is_permitted(story, who, row->words);
        bool accepted = story_do(story, who, row->words);
        if (!accepted)
            check_refusal(story, row, who);
        if (accepted != expected)
            fail_msg("%s: %s was accepted: %s", who, row->words, story->answer);
        if ((accepted && !permitted) || (!accepted && hub_state(story->hub)->last_seq != seq))
            fail_msg("%s: %s: permitted %d, accepted %d", who, row->words, permitted, accepted);
        talloc_free(scratch);
    }
}

static void test_table(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        check_row(*state, &table[i]);
}

static void test_every_command_is_in_the_table(void **state) {
    (void)state;
    for (size_t i = 0; i < command_types_count; i++) {
        const char *name = command_types[i].name;
        bool found = command_types[i].internal;
        assert_int_not_equal(command_types[i].who, WHO_NOBODY);
        for (size_t r = 0; r < ARRAY_SIZE(table) && !found; r++)
            found = strncmp(table[r].words, name, strlen(name)) == 0;
        if (!found)
            fail_msg("%s is in no row", name);
    }
}

/* "Concern: anyone, a viewer with that right too": the level is there for what they may raise. */
static void test_levels(void **state) {
    struct story *story = begin_decided(*state);
    static const struct {
        enum who who;
        const char *allowed;
    } levels[] = {
        {WHO_NOBODY, ""},
        {WHO_RUNNER, RESPONDERS " sue eve"},
        {WHO_VIEWER, RESPONDERS " sue eve"},
        {WHO_RESPONDER, RESPONDERS},
        {WHO_STEP, STEP},
        {WHO_COMMANDER, COMMAND},
        {WHO_PLANNER, COMMAND},
        {WHO_ROSTER, "ana bo vp"},
    };
    assert_int_equal(ARRAY_SIZE(levels), WHO_COUNT);
    for (size_t l = 0; l < ARRAY_SIZE(levels); l++)
        for (size_t i = 0; i < ARRAY_SIZE(everybody); i++) {
            struct act act = {.state = hub_state(story->hub),
                              .incident = story_incident(story),
                              .step = story_step(story, "one"),
                              .person = everybody[i]};
            bool may = act_role(&act, levels[l].who);
            if (may != lists(levels[l].allowed, everybody[i]))
                fail_msg("level %zu, %s: %d", l, everybody[i], may);
        }
    for (enum who who = WHO_RUNNER; who < WHO_COUNT; who++)
        assert_true(who_name(who) && *who_words(who));
}

/* "`runner`s report as whoever started them and are never stopped by roles (the work happened)" */
static void test_reports_are_never_refused(void **state) {
    struct story *story = begin_decided(*state);
    story_ok(story, "cy", "start one");
    struct command *ran = story_command(story, "ran", "one");
    ran->run = step_run(story_step(story, "one"))->id;
    ran->ended = "exited";
    assert_true(story_submit(story, "eve", ran));
    assert_string_equal(story_state(story, "one"), "verifying");
}

/* --- what a refusal says ---------------------------------------------------------------------- */

static void test_who_could_is_named(void **state) {
    struct story *story = begin_planned(*state);
    story_refused(story, "cy", "decide back --reason x", ERR_REFUSED,
                  "nobody does: INC-1; ask ana, bo or vp to take command");
    story_refused(story, "vp", "decide back --reason x", ERR_REFUSED,
                  "nobody does: INC-1; take command first: `take commander`");
    story_refused(story, "sue", "ack", ERR_REFUSED,
                  "sue may only view, by the roster: INC-1; ask ana, bo or vp");
    story_refused(story, "eve", "ack", ERR_REFUSED,
                  "eve isn't in the roster, and others may only view: INC-1; ask ana, bo or vp");
    story_refused(story, "cy", "take commander", ERR_REFUSED,
                  "ana or bo can; or its holder offers it to you");
    story_ok(story, "ana", "take commander");
    story_refused(story, "cy", "decide back --reason x", ERR_REFUSED,
                  "only the commander or the deputy may decide; ana commands: INC-1; ask ana");
    story_refused(story, "bo", "decide back --reason x", ERR_REFUSED,
                  "ask ana, or take command with --relieve");
    story_refused(story, "eve", "ack", ERR_REFUSED, "ask ana, who commands");
    story_ok(story, "ana", "decide back --reason x");
    story_refused(
        story, "kim", "start one", ERR_REFUSED,
        "only dev (cy or dot) or who commands (ana) may start it: INC-1 1 one; ask cy, or "
        "ana to `assign` it to you");
    story_refused(story, "ana", "assign one sue", ERR_REFUSED, "sue may only view");
    story_refused(story, "ana", "offer comms eve", ERR_REFUSED, "eve may only view");
}

/* Somebody who may not is told so before they are told which words are missing. */
static void test_authority_comes_before_words(void **state) {
    struct story *story = begin_decided(*state);
    struct command *skip = story_command(story, "skip", "one");
    assert_false(story_submit(story, "cy", skip));
    assert_non_null(strstr(err_sentence(story, story->err), only_command));
    assert_false(story_submit(story, "ana", skip));
    assert_int_equal(story->err->code, ERR_USAGE);
}

/* --- handing over, relieving ------------------------------------------------------------------ */

static void test_command_is_handed_over(void **state) {
    struct story *story = begin_decided(*state);
    story_ok(story, "ana", "offer commander lee");
    story_refused(story, "lee", "skip one --reason x", ERR_REFUSED, "ana commands");
    story_ok(story, "lee", "accept commander");
    story_ok(story, "lee", "skip one --reason x");
    story_refused(story, "ana", "skip hand --reason x", ERR_REFUSED, "lee commands");
    story_ok(story, "ana", "take commander --relieve --reason 'lee is asleep'");
    assert_non_null(strstr(story->events[0].body, "\"from\":\"lee\",\"reason\":\"lee is asleep\""));
    story_refused(story, "lee", "skip hand --reason x", ERR_REFUSED, "ana commands");
    story_refused(story, "bo", "take commander --relieve", ERR_USAGE,
                  "relieving somebody takes a reason");
}

/* "The plan's roles win for its incident", both ways. */
static void test_the_plan_wins(void **state) {
    struct story *story = begin_decided(*state);
    /* kim is dev by the roster only, and the plan names others. */
    story_refused(story, "kim", "start one", ERR_REFUSED, only_step);
    story_ok(story, "pat", "take data");
    story_ok(story, "lee", "declare --title y");
    story_refused(story, "pat", "ack", ERR_REFUSED, "may only view");
    story_ok(story, "kim", "take dev");
}

/* "judged at the moment of the command": what was allowed may not be any more. */
static void test_another_roster_counts_at_once(void **state) {
    struct story *story = begin_decided(*state);
    story_ok(story, "lee", "note here");
    story_ok(story, "bo", "roster apply other.yaml");
    story_refused(story, "lee", "note here", ERR_REFUSED, "lee isn't in the roster");
    story_ok(story, "cy", "start one");
    story_ok(story, "ana", "offer comms cy");
}

/* --- in which role ---------------------------------------------------------------------------- */

static const char *role_of(const struct story *story) {
    const char *at = strstr(story->events[0].body, "\"role\":\"");
    return at ? xtalloc_strndup(story, at + 8, strcspn(at + 8, "\"")) : "";
}

static void test_the_role_is_on_the_record(void **state) {
    static const struct {
        const char *who, *words, *role;
    } acts[] = {
        {"ana", "decide hold --reason x", "commander"},
        {"bo", "decide back --reason x", "deputy"},
        {"cy", "start one", ""},
        {"lee", "pause", ""},
        {"bo", "resume", "deputy"},
        {"ana", "assign hand lee", "commander"},
        {"ana", "skip free --reason x", "commander"},
        {"bo", "reopen free --reason x", "deputy"},
    };
    struct story *story = begin_commanded(*state);
    for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
        story_ok(story, acts[i].who, acts[i].words);
        if (strcmp(role_of(story), acts[i].role) != 0)
            fail_msg("%s: as \"%s\"", acts[i].words, role_of(story));
    }
    assert_true(story_ran(story, "one", "lost", 0));
    story_ok(story, "dot", "settle one absent --evidence e");
    assert_string_equal(role_of(story), "dev");
    assert_string_equal(event_sentence(*state, story_incident(story), &story->events[0]),
                        "(dev) settled 1 one as absent: \"e\"");
    story_ok(story, "ana", "abandon --reason x");
    assert_string_equal(event_sentence(*state, story_incident(story), &story->events[0]),
                        "(IC) ABANDONED: \"x\"");
}

/* SCREEN: `--as ROLE`; "The commander holds every role not handed out." */
static void test_as_a_role(void **state) {
    struct story *story = begin_decided(*state);
    struct command *settle = story_command(story, "settle", "one");
    settle->outcome = "absent", settle->evidence = "e";
    story_ok(story, "cy", "start one");
    assert_true(story_ran(story, "one", "lost", 0));
    settle->as = "deputy";
    assert_false(story_submit(story, "ana", settle));
    assert_string_equal(story->err->what, "ana may not settle as deputy");
    assert_string_equal(story->err->remedy, "as commander they may: --as commander");
    settle->as = "king";
    assert_false(story_submit(story, "ana", settle));
    settle->as = "dev";
    assert_true(story_submit(story, "ana", settle));
    assert_string_equal(role_of(story), "dev");
    struct command *note = story_command(story, "note", NULL);
    note->text = "seen";
    note->as = "ic";
    assert_true(story_submit(story, "ana", note));
    note = story_command(story, "note", NULL);
    note->text = "seen", note->as = "comms";
    assert_false(story_submit(story, "lee", note));
    assert_true(story_submit(story, "kim", note));
}

/* --- without a roster ------------------------------------------------------------------------- */

/* "Without a roster everything stays as today" */
static void test_nothing_is_enforced_without_a_roster(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(everybody); i++) {
        struct story *story = story_new(*state, plan_text(*state));
        story_ok(story, everybody[i], "declare p.yaml --accept t");
        story_ok(story, everybody[i], "decide back --reason x");
        story_ok(story, everybody[i], "skip free --reason x");
        assert_string_equal(role_of(story), "");
        story_ok(story, everybody[i], "start one");
        story_ok(story, everybody[i], "take commander");
        struct command *note = story_command(story, "note", NULL);
        note->text = "seen", note->as = "commander";
        assert_false(story_submit(story, everybody[i], note));
        assert_string_equal(story->err->what, "roles are not enforced: there is no roster");
    }
}

/* --- the YOU line ----------------------------------------------------------------------------- */

static const char *waits_on(const struct story *story, const char *who) {
    struct duties duties = incident_duties(story, story_incident(story), who);
    char *words = xtalloc_strdup(story, "");
    for (size_t i = 0; i < duties.count; i++)
        words = xtalloc_asprintf_append(words, "%s%s", i ? ", " : "", duties.list[i].words);
    return words;
}

static void test_only_what_one_may_waits_on_one(void **state) {
    struct story *story = begin_planned(*state);
    assert_string_equal(waits_on(story, "ana"), "acknowledge, take command");
    assert_string_equal(waits_on(story, "cy"), "acknowledge");
    assert_string_equal(waits_on(story, "sue"), "");
    assert_string_equal(waits_on(story, "eve"), "");
    story_ok(story, "cy", "ack");
    assert_string_equal(waits_on(story, "ana"), "take command");
    assert_string_equal(waits_on(story, "cy"), "");
    story_ok(story, "ana", "take commander");
    assert_string_equal(waits_on(story, "ana"), "decide");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "cy", "start one");
    assert_true(story_ran(story, "one", "exited", 1));
    assert_string_equal(waits_on(story, "cy"), "retry 1 one");
    assert_string_equal(waits_on(story, "ana"), "retry or skip 1 one");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_table),
        story_test(test_every_command_is_in_the_table),
        story_test(test_levels),
        story_test(test_reports_are_never_refused),
        story_test(test_who_could_is_named),
        story_test(test_authority_comes_before_words),
        story_test(test_command_is_handed_over),
        story_test(test_the_plan_wins),
        story_test(test_another_roster_counts_at_once),
        story_test(test_the_role_is_on_the_record),
        story_test(test_as_a_role),
        story_test(test_nothing_is_enforced_without_a_roster),
        story_test(test_only_what_one_may_waits_on_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
