/* Files of events, and what is expected of them: what people read in the timeline, what follows,
 * and the whole state. UPDATE=1 rewrites what is expected; review it as a diff.
 *
 * A line of .events is INCIDENT KIND ACTOR MINUTES BODY, with minutes since 14:00; "#" begins a
 * comment. "plan FILE" freezes a plan file of the folder, and $PLAN in later bodies is its digest;
 * "roster FILE ACTOR MINUTES" puts a roster file of the folder in force.
 */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/waits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TWO_O_CLOCK_MS (STORY_BEGAN_MS - 8 * MINUTE_MS - 2 * SECOND_MS)

struct telling {
    void *scratch;
    struct state *state;
    struct err *err;
    char *plan; /* digest of the last one frozen */
    char *text; /* what is compared */
    int64_t seq;
};

/* --- files ------------------------------------------------------------------------------------ */

static char *path_of(const void *parent, const char *name, const char *suffix) {
    const char *source = getenv("SRCDIR");
    return xtalloc_asprintf(parent, "%s/tests/incident/fold/%s%s", source ? source : ".", name,
                            suffix);
}

/* NULL when there is no such file. */
static char *read_whole(const void *parent, const char *path) {
    char piece[4096];
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    char *text = xtalloc_strdup(parent, "");
    for (size_t got; (got = fread(piece, 1, sizeof(piece), file)) > 0;)
        text = xtalloc_strndup_append(text, piece, got);
    fclose(file);
    return text;
}

static void write_whole(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) == EOF || fclose(file) != 0)
        fail_msg("can't write %s", path);
}

/* --- one line of events ----------------------------------------------------------------------- */

static char *with_plan(const struct telling *telling, const char *body) {
    char *text = xtalloc_strdup(telling->scratch, "");
    for (const char *at; (at = strstr(body, "$PLAN")); body = at + strlen("$PLAN")) {
        text = xtalloc_strndup_append(text, body, (size_t)(at - body));
        text = xtalloc_strdup_append(text, telling->plan);
    }
    return xtalloc_strdup_append(text, body);
}

static void say(struct telling *telling, const char *actor, const struct event *event,
                const char *sentence) {
    char *at = time_minute(telling->scratch, event->at_ms);
    telling->text = xtalloc_asprintf_append(telling->text, "%s %s %s\n", at, actor, sentence);
}

static void apply(struct telling *telling, struct event event) {
    event.seq = ++telling->seq;
    event.command = "c";
    event.via = "line";
    if (fold(telling->state, &event, telling->err)) {
        const struct incident *incident = state_incident(telling->state, event.incident);
        say(telling, event.actor, &event, event_sentence(telling->scratch, incident, &event));
    } else {
        say(telling, event.actor, &event, err_sentence(telling->scratch, telling->err));
    }
}

static const char *text_of(const struct telling *telling, const char *file, char *hex) {
    const char *text = read_whole(telling->scratch, path_of(telling->scratch, file, ""));
    if (!text)
        fail_msg("there is no %s", file);
    struct digest digest = digest_sha256(text, strlen(text));
    digest_hex(&digest, hex);
    return text;
}

static void put_in_force(struct telling *telling, const char *file, const char *actor,
                         int64_t minutes) {
    char hex[DIGEST_HEX];
    struct body_roster_applied body = {hex, text_of(telling, file, hex)};
    struct event event = {.kind = "roster.applied",
                          .actor = actor,
                          .at_ms = TWO_O_CLOCK_MS + minutes * MINUTE_MS,
                          .body = event_encode(telling->scratch, EVENT_ROSTER_APPLIED, &body)};
    apply(telling, event);
}

static void freeze(struct telling *telling, const char *file) {
    char hex[DIGEST_HEX];
    struct body_plan_frozen body = {hex, text_of(telling, file, hex)};
    telling->plan = xtalloc_strdup(telling->scratch, hex);
    struct event event = {.kind = "plan.frozen",
                          .actor = "ana",
                          .at_ms = TWO_O_CLOCK_MS,
                          .body = event_encode(telling->scratch, EVENT_PLAN_FROZEN, &body)};
    apply(telling, event);
}

static void read_line(struct telling *telling, char *line) {
    char file[64], kind[64], actor[32];
    long long incident, minutes;
    int body = 0;
    if (!*line || *line == '#')
        return;
    if (sscanf(line, "plan %63s", file) == 1) {
        freeze(telling, file);
        return;
    }
    if (sscanf(line, "roster %63s %31s %lld", file, actor, &minutes) == 3) {
        put_in_force(telling, file, actor, minutes);
        return;
    }
    if (sscanf(line, "%lld %63s %31s %lld %n", &incident, kind, actor, &minutes, &body) < 4 ||
        !body)
        fail_msg("not a line of events: %s", line);
    apply(telling, (struct event){.incident = incident,
                                  .kind = kind,
                                  .actor = actor,
                                  .at_ms = TWO_O_CLOCK_MS + minutes * MINUTE_MS,
                                  .body = with_plan(telling, line + body)});
}

/* --- what is told of the end ------------------------------------------------------------------ */

static void tell_steps(struct telling *telling, const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        const char *person = step_person(incident, step);
        const char *waits = step_waits_for(telling->scratch, incident, step);
        telling->text =
            xtalloc_asprintf_append(telling->text, "  %s: %s, %s%s%s\n", step->label,
                                    step_state_name(step_state(incident, step)),
                                    person ? person : "nobody", *waits ? ", " : "", waits);
    }
}

static void tell_incident(struct telling *telling, const struct incident *incident) {
    struct clocks clocks = incident_clocks(telling->scratch, incident);
    const char *commander = incident_commander(incident);
    const char *back = incident_go_back(telling->scratch, incident);
    telling->text =
        xtalloc_asprintf_append(telling->text, "\nINC-%lld %s, %s, commander %s, go back: %s\n",
                                (long long)incident->number, phase_words(incident_phase(incident)),
                                phase_customer_word(incident_phase(incident)),
                                commander ? commander : "nobody", *back ? back : "-");
    tell_steps(telling, incident);
    for (size_t i = 0; i < clocks.count; i++)
        telling->text =
            xtalloc_asprintf_append(telling->text, "  %s %s\n", clocks.list[i].what,
                                    time_minute(telling->scratch, clocks.list[i].due_ms));
}

/* One value a line, so that a diff says what moved. */
static char *indented(const void *parent, const char *json) {
    char *text = xtalloc_strdup(parent, "");
    int depth = 0;
    bool quoted = false;
    for (const char *at = json; *at; at++) {
        bool opens = !quoted && strchr("{[", *at), closes = !quoted && strchr("}]", *at);
        bool empty = opens && strchr("}]", at[1]);
        quoted = quoted != (*at == '"' && at[-1] != '\\');
        depth += opens - closes;
        if (closes && !strchr("{[", at[-1]))
            text = xtalloc_asprintf_append(text, "\n%*s", depth, "");
        text = xtalloc_strndup_append(text, at, 1);
        if ((opens && !empty) || (!quoted && *at == ','))
            text = xtalloc_asprintf_append(text, "\n%*s", depth, "");
    }
    return text;
}

static char *tell(void *scratch, const char *name) {
    struct telling telling = {.scratch = scratch,
                              .state = state_new(scratch),
                              .err = err_new(scratch),
                              .plan = xtalloc_strdup(scratch, ""),
                              .text = xtalloc_strdup(scratch, "")};
    char *events = read_whole(scratch, path_of(scratch, name, ".events"));
    if (!events)
        fail_msg("there is no %s.events", name);
    for (char *rest = events, *line; (line = strsep(&rest, "\n"));)
        read_line(&telling, line);
    for (size_t i = 0; i < telling.state->incidents_count; i++)
        tell_incident(&telling, telling.state->incidents[i]);
    return xtalloc_asprintf_append(telling.text, "\n%s\n",
                                   indented(scratch, state_dump(scratch, telling.state)));
}

static void check(void **state, const char *name) {
    char *told = tell(*state, name);
    char *path = path_of(*state, name, ".expected");
    if (getenv("UPDATE"))
        write_whole(path, told);
    char *expected = read_whole(*state, path);
    assert_non_null(expected);
    assert_string_equal(told, expected);
}

static void test_rollback(void **state) {
    check(state, "rollback");
}

static void test_restored(void **state) {
    check(state, "restored");
}

static void test_continued(void **state) {
    check(state, "continued");
}

static void test_handover(void **state) {
    check(state, "handover");
}

static void test_unknown(void **state) {
    check(state, "unknown");
}

static void test_another_plan(void **state) {
    check(state, "another_plan");
}

static void test_newer_program(void **state) {
    check(state, "newer_program");
}

static void test_roster(void **state) {
    check(state, "roster");
}

static void test_reports(void **state) {
    check(state, "reports");
}

static void test_escalations(void **state) {
    check(state, "escalations");
}

static void test_pages(void **state) {
    check(state, "pages");
}

static void test_contradictions(void **state) {
    check(state, "contradictions");
}

/* --- what no file can say --------------------------------------------------------------------- */

static struct story *declared(const void *parent) {
    struct story *story = story_new(parent, NULL);
    story_ok(story, "ana", "declare --title x");
    return story;
}

/* "False … state is then unchanged but for last_seq." */
static void test_a_refused_event_leaves_no_trace(void **state) {
    static const char *const refused[][2] = {
        {"plan.frozen", "{\"sha256\":\"ab\",\"text\":\"plan: x\\nsteps: []\\n\"}"},
        {"plan.frozen", "{\"sha256\":\"ab\",\"text\":\"[\"}"},
        {"roster.applied", "{\"sha256\":\"ab\",\"text\":\"roster: 1\\npeople: {}\\n\"}"},
        {"roster.applied", "{\"sha256\":\"ab\",\"text\":\"[\"}"},
        {"roster.applied", "{\"sha256\":\"ab\"}"},
        {"plan.adopted", "{\"sha256\":\"ab\"}"},
        {"incident.declared", "{\"title\":\"again\"}"},
        {"incident.decided", "{}"},
        {"role.taken", "{}"},
        {"role.offered", "{\"role\":\"comms\"}"},
        {"step.started", "{\"step\":\"gone\",\"attempt\":1}"},
        {"step.done", "{}"},
        {"concern.raised", "{\"number\":1}"},
        {"concern.raised", "{\"number\":2,\"text\":\"x\"}"},
        {"concern.answered", "{\"concern\":1}"},
        {"escalation.fired", "{\"late\":\"undecided\"}"},
        {"escalation.fired", "{\"level\":1}"},
        {"page.begun", "{\"fired\":1,\"try\":1}"},
        {"page.begun", "{\"fired\":1,\"channel\":\"pager\"}"},
        {"page.sent", "{\"fired\":1,\"channel\":\"pager\",\"try\":1}"},
        {"page.failed", "{}"},
        {"clock.stepped", "{\"by_ms\":-9000000000000000}"},
        {"incident.paused", "[]"},
        {"incident.paused", "{\"reason\":3}"},
        {"incident.paused", "{\"reason\":\"a\",\"reason\":\"b\"}"},
        {"store.created", "{\"store\":\"0123456789012345678901234567890123456789\"}"},
    };
    struct story *story = declared(*state);
    struct state *folded = story_refold(story);
    struct err *err = err_new(*state);
    folded->last_seq = 1000;
    char *before = state_dump(*state, folded);
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        struct event event = {.seq = 1000,
                              .kind = refused[i][0],
                              .incident = event_type_find(refused[i][0])->of_store ? 0 : 1,
                              .actor = "eve",
                              .body = refused[i][1]};
        if (fold(folded, &event, err))
            fail_msg("%s %s was folded", refused[i][0], refused[i][1]);
        assert_int_equal(err->code, ERR_DAMAGED);
        assert_string_equal(state_dump(*state, folded), before);
    }
}

/* An index that lies may lead to an event as if it were of the store, or of another incident. */
static void test_every_kind_has_its_place(void **state) {
    struct state *folded = story_refold(declared(*state));
    struct err *err = err_new(*state);
    folded->last_seq = 1000;
    char *before = state_dump(*state, folded);
    for (size_t i = 0; i < EVENT_KIND_COUNT; i++) {
        struct event event = {.seq = 1000,
                              .kind = event_types[i].name,
                              .incident = event_types[i].of_store ? 1 : 0,
                              .actor = "eve",
                              .body = "{}"};
        assert_false(fold(folded, &event, err));
        assert_int_equal(err->code, ERR_DAMAGED);
        assert_non_null(strstr(err->on, "its kind can't stand there"));
        assert_string_equal(state_dump(*state, folded), before);
    }
}

static void test_events_of_what_is_not_loaded_are_passed_over(void **state) {
    struct state *folded = state_new(*state);
    struct err *err = err_new(*state);
    static const char *const kinds[] = {"note.written", "step.approved"};
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct event event = {
            .seq = 7, .kind = kinds[i], .incident = 3, .actor = "ana", .body = "{}"};
        assert_true(fold(folded, &event, err));
    }
    assert_int_equal(folded->incidents_count, 0);
    assert_int_equal(folded->unknown_events, 0);
    assert_int_equal(folded->last_seq, 7);
}

/* Loaded, forgotten and loaded again: counted once. */
static void test_unknown_events_go_with_their_incident(void **state) {
    struct story *story = declared(*state);
    struct state *folded = story_refold(story);
    struct err *err = err_new(*state);
    struct event event = {.seq = 1000,
                          .kind = "step.approved",
                          .incident = 1,
                          .actor = "ana",
                          .command = "c",
                          .via = "line",
                          .body = "{}"};
    assert_true(fold(folded, &event, err));
    assert_int_equal(folded->unknown_events, 1);
    assert_true(fold(folded, &event, err));
    assert_int_equal(folded->unknown_events, 1);
    state_drop(folded, 1);
    assert_int_equal(folded->unknown_events, 0);
    assert_null(state_incident(folded, 1));
    state_drop(folded, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_rollback),
        story_test(test_restored),
        story_test(test_continued),
        story_test(test_handover),
        story_test(test_unknown),
        story_test(test_another_plan),
        story_test(test_newer_program),
        story_test(test_roster),
        story_test(test_reports),
        story_test(test_escalations),
        story_test(test_pages),
        story_test(test_contradictions),
        story_test(test_a_refused_event_leaves_no_trace),
        story_test(test_every_kind_has_its_place),
        story_test(test_events_of_what_is_not_loaded_are_passed_over),
        story_test(test_unknown_events_go_with_their_incident),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
