/* One hub over a store: in, out, what it loads, and what it proves. */
#include "config.h"

#include "tests/hub/store.h"

#include "base/loop.h"
#include "base/xtalloc.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- in and out ------------------------------------------------------------------------------- */

static void test_events_come_before_their_answer(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    int64_t ticket = store_submit(fixture, hub, store_plan, "declare p --accept t");
    static const char *const kinds[] = {"incident.declared", "plan.frozen", "plan.adopted"};
    struct hub_item item;
    assert_int_equal(hub_period_ms(hub), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_true(hub_next(hub, AT(NOW_MS), &item));
        assert_int_equal(item.kind, HUB_EVENT);
        assert_string_equal(item.event->kind, kinds[i]);
        assert_string_equal(item.event->actor, "ana");
        assert_string_equal(item.event->via, "line");
        assert_int_equal(item.event->at_ms, NOW_MS);
        assert_int_equal(item.seq, 2 + (int64_t)i);
    }
    assert_true(hub_next(hub, AT(NOW_MS), &item));
    assert_int_equal(item.kind, HUB_ANSWER);
    assert_int_equal(item.ticket, ticket);
    assert_int_equal(item.verdict, HUB_ACCEPTED);
    assert_int_equal(item.incident, 1);
    assert_int_equal(item.seq, 4);
    assert_string_equal(item.answer, "INC-1");
    assert_false(hub_next(hub, AT(NOW_MS), &item));
    assert_true(hub_period_ms(hub) > 0);
}

static void test_commands_are_answered_in_order(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    int64_t first = store_submit(fixture, hub, store_plan, "declare --title one");
    int64_t second = store_submit(fixture, hub, store_plan, "ack 1");
    int64_t third = store_submit(fixture, hub, store_plan, "ack 1");
    assert_int_equal(store_answer(hub, first).verdict, HUB_ACCEPTED);
    assert_int_equal(store_answer(hub, second).verdict, HUB_ACCEPTED);
    struct hub_item item = store_answer(hub, third);
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_CONFLICT);
}

/* The hub's copy is its own: whoever asked may forget what it asked. */
static void test_a_submitted_command_is_copied(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    struct command *command = command_new(NULL, "declare", NOW_MS);
    command->title = xtalloc_strdup(command, "short-lived");
    int64_t ticket = hub_submit(hub, command, NULL);
    talloc_free(command);
    assert_int_equal(store_answer(hub, ticket).incident, 1);
    assert_string_equal(state_incident(hub_state(hub), 1)->title, "short-lived");
}

static void test_a_retry_gets_the_same_answer_from_any_hub(void **state) {
    struct fixture *fixture = *state;
    struct hub *one = store_open(fixture, "ana"), *two = store_open(fixture, "ana");
    struct hub *other = store_open(fixture, "bo");
    struct command *command = command_new(fixture, "declare", NOW_MS);
    command->title = "once";
    struct hub_item first = store_answer(one, hub_submit(one, command, NULL));
    struct hub_item again = store_answer(two, hub_submit(two, command, NULL));
    assert_int_equal(again.verdict, HUB_ACCEPTED);
    assert_int_equal(again.seq, first.seq);
    assert_int_equal(again.incident, first.incident);
    assert_string_equal(again.answer, "it was done already: INC-1 DECLARED once, SEV2");
    struct hub_item refused = store_answer(other, hub_submit(other, command, NULL));
    assert_int_equal(refused.verdict, HUB_REFUSED);
    assert_int_equal(refused.err->code, ERR_USAGE);
    assert_int_equal(hub_state(two)->incidents_count, 1);
}

static void test_a_read_only_hub_refuses_every_command(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    assert_null(hub_read_only(hub));
    store_ok(fixture, hub, "declare --title x");
    struct hub *viewer = store_open_read_only(fixture);
    assert_non_null(hub_read_only(viewer));
    assert_int_equal(hub_state(viewer)->incidents_count, 1);
    struct hub_item item = store_do(fixture, viewer, "note 1 hello");
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_ACCESS);
    assert_string_equal(item.err->on, "it was opened with --readonly");
}

/* --- several hubs ----------------------------------------------------------------------------- */

/* "Two people pressing the same key at once get one winner and one clear refusal." */
static void test_two_hubs_one_winner(void **state) {
    struct fixture *fixture = *state;
    struct hub *one = store_open(fixture, "cy");
    store_ok(fixture, one, "declare p --accept t");
    store_ok(fixture, one, "decide 1 back --reason x");
    struct hub *two = store_open(fixture, "dot");
    int64_t cy = store_submit(fixture, one, store_plan, "start 1 flag");
    int64_t dot = store_submit(fixture, two, store_plan, "start 1 flag");
    struct hub_item lost, won = store_answer(two, dot);
    assert_int_equal(won.verdict, HUB_ACCEPTED);
    lost = store_answer(one, cy);
    assert_int_equal(lost.verdict, HUB_REFUSED);
    assert_int_equal(lost.err->code, ERR_CONFLICT);
    assert_string_equal(lost.err->what, "dot started it at 14:08:02");
    store_check_state(fixture, one);
    store_check_state(fixture, two);
}

static int start_in_another_process(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, xtalloc_asprintf(fixture, "user%d", (int)getpid()));
    struct hub_item item = store_do(fixture, hub, "start 1 flag");
    int status = item.verdict == HUB_ACCEPTED ? 10 : (int)item.err->code;
    talloc_free(hub);
    return status;
}

static void test_many_processes_one_winner(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "decide 1 back --reason x");
    talloc_free(hub);
    pid_t children[5];
    size_t won = 0, lost = 0;
    for (size_t i = 0; i < 5; i++)
        children[i] = start_child(start_in_another_process, fixture);
    for (size_t i = 0; i < 5; i++) {
        int status = wait_for_child(children[i]);
        won += status == 10;
        lost += status == ERR_CONFLICT;
    }
    assert_int_equal(won, 1);
    assert_int_equal(lost, 4);
}

static void test_others_are_seen_at_the_next_look(void **state) {
    struct fixture *fixture = *state;
    struct hub *one = store_open(fixture, "ana"), *two = store_open(fixture, "bo");
    store_turn(two, NOW_MS + 100);
    store_ok(fixture, one, "declare --title x");
    assert_int_equal(store_turn(two, NOW_MS + 249), 0);
    assert_null(state_incident(hub_state(two), 1));
    assert_int_equal(store_turn(two, NOW_MS + 250),
                     1); /* on the beat, not so long after the last */
    assert_non_null(state_incident(hub_state(two), 1));
    assert_int_equal(store_turn(two, NOW_MS + 500), 0);
    store_ok(fixture, one, "ack 1");
    struct moment stands = {NOW_MS + 500, NOW_MS + 750},
                  set_back = {NOW_MS - HOUR_MS, NOW_MS + 751};
    struct hub_item item;
    assert_true(hub_next(two, stands, &item)); /* looked at all the same */
    assert_string_equal(item.event->kind, "incident.acknowledged");
    assert_false(hub_next(two, stands, &item));
    store_ok(fixture, one, "note 1 more");
    assert_true(hub_next(two, set_back, &item));
    assert_string_equal(item.event->kind, "note.written");
}

static void test_a_command_meets_what_others_did_first(void **state) {
    struct fixture *fixture = *state;
    struct hub *one = store_open(fixture, "ana"), *two = store_open(fixture, "bo");
    store_ok(fixture, one, "declare --title x");
    int64_t ticket = store_submit(fixture, two, store_plan, "ack 1");
    struct hub_item item;
    assert_true(hub_next(two, AT(NOW_MS), &item));
    assert_string_equal(item.event->kind, "incident.declared");
    assert_true(hub_next(two, AT(NOW_MS), &item));
    assert_string_equal(item.event->kind, "incident.acknowledged");
    assert_int_equal(store_answer(two, ticket).verdict, HUB_ACCEPTED);
    assert_int_equal(store_turn(two, NOW_MS + 300), 0); /* each event is told once */
}

/* --- what is loaded --------------------------------------------------------------------------- */

static void test_opening_folds_only_what_is_open(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    for (int i = 1; i <= 6; i++) {
        store_ok(fixture, hub, "declare --title x");
        if (i != 4)
            store_ok(fixture, hub, xtalloc_asprintf(fixture, "abandon %d --reason x", i));
    }
    struct hub *fresh = store_open(fixture, "bo");
    assert_int_equal(hub_state(fresh)->incidents_count, 1);
    assert_int_equal(hub_state(fresh)->incidents[0]->number, 4);
    assert_int_equal(hub_state(fresh)->incidents[0]->events_count, 1);
    assert_int_equal(strlen(hub_state(fresh)->store), UUID_TEXT - 1);
    assert_int_equal(hub_state(fresh)->format, 1);
    struct incident *incident;
    assert_true(hub_incident(fresh, 2, &incident, fixture->err));
    assert_int_equal(incident->events_count, 2);
    assert_false(hub_incident(fresh, 7, &incident, fixture->err));
    assert_int_equal(fixture->err->code, ERR_NOT_FOUND);
}

/* "the hub reads the latest per kind when it opens, so opening stays constant" */
static void test_the_roster_in_force_is_there_at_once(void **state) {
    struct fixture *fixture = *state;
    struct hub *ana = store_open(fixture, "ana"), *bo = store_open(fixture, "bo");
    store_ok(fixture, ana, "declare --title x");
    assert_null(hub_state(bo)->roster);
    store_ok(fixture, ana, "roster apply r.yaml");
    store_turn(bo, NOW_MS + 1000);
    assert_string_equal(hub_state(bo)->roster->sha256, hub_state(ana)->roster->sha256);
    struct hub *fresh = store_open(fixture, "cy");
    assert_string_equal(hub_state(fresh)->applied.by, "ana");
    assert_int_equal(roster_may(hub_state(fresh)->roster, "bo"), MAY_COMMAND);
    store_check_state(fixture, ana);
    int64_t verified;
    fixture_ok(fixture, hub_verify(fresh, &verified, fixture->err));
}

static void test_a_note_on_a_closed_incident_loads_it(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "abandon 1 --reason x");
    struct hub *fresh = store_open(fixture, "bo");
    assert_int_equal(hub_state(fresh)->incidents_count, 0);
    struct hub_item item = store_do(fixture, fresh, "ack 1");
    assert_string_equal(item.err->what, "it is abandoned");
    store_ok(fixture, fresh, "note 1 seen");
    assert_int_equal(state_incident(hub_state(fresh), 1)->notes_count, 1);
    item = store_do(fixture, fresh, "note 99 seen");
    assert_int_equal(item.err->code, ERR_NOT_FOUND);
    int64_t verified;
    fixture_ok(fixture, hub_verify(fresh, &verified, fixture->err));
    assert_int_equal(store_turn(hub, NOW_MS + 300), 1);
    assert_int_equal(state_incident(hub_state(hub), 1)->notes_count, 1);
}

/* A plan is frozen once per digest, also by a hub that never needed to know it. */
static void test_a_plan_that_was_frozen_long_ago_is_adopted_again(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "abandon 1 --reason x");
    int64_t ticket = store_submit(fixture, hub, store_other_plan, "declare q --accept t");
    assert_int_equal(store_answer(hub, ticket).verdict, HUB_ACCEPTED);
    struct hub *fresh = store_open(fixture, "bo");
    assert_int_equal(hub_state(fresh)->plans_count, 1);
    store_ok(fixture, fresh, "declare p --accept t");
    assert_int_equal(state_incident(hub_state(fresh), 3)->steps_count, 2);
    store_turn(hub, NOW_MS + 300);
    assert_int_equal(state_incident(hub_state(hub), 3)->steps_count, 2);
}

/* --- proof ------------------------------------------------------------------------------------ */

static void three_incidents(struct fixture *fixture, struct hub *hub) {
    for (int i = 0; i < 3; i++)
        store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "abandon 3 --reason x");
    store_ok(fixture, hub, "abandon 1 --reason x");
    store_ok(fixture, hub, "note 3 after the end");
}

static void test_an_untouched_store_is_proved(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    int64_t verified, last;
    three_incidents(fixture, hub);
    fixture_ok(fixture, hub_verify(hub, &verified, fixture->err));
    assert_true(log_last(hub_log(hub), &last, fixture->err));
    assert_int_equal(verified, last);
    store_ok(fixture, hub, "note 2 writing goes on");
}

static int write_many_notes(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "bo");
    for (int i = 0; i < 200; i++)
        store_ok(fixture, hub, i % 2 ? "note 1 even" : "note 2 odd");
    talloc_free(hub);
    return 0;
}

/* What is written meanwhile is no damage: all is read as it stood at one moment. */
static void test_a_store_is_proved_while_others_write(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "declare --title x");
    int64_t last, verified = 0, moments = 0;
    assert_true(log_last(hub_log(hub), &last, fixture->err));
    talloc_free(hub);
    pid_t child = start_child(write_many_notes, fixture);
    hub = store_open(fixture, "ana");
    for (int64_t before = 0; verified < last + 200; before = verified) {
        fixture_ok(fixture, hub_verify(hub, &verified, fixture->err));
        moments += verified > before;
    }
    assert_int_equal(wait_for_child(child), 0);
    assert_true(moments > 1);
}

static const struct {
    const char *sql, *what, *on;
} changes[] = {
    {"UPDATE incidents SET title = 'fine' WHERE number = 2", "differs", "INC-2"},
    {"UPDATE incidents SET state = 'closed' WHERE number = 3", "differs", "INC-3"},
    {"UPDATE incidents SET open = 1 WHERE number = 1", "differs", "INC-1"},
    {"UPDATE incidents SET severity = 5 WHERE number = 1", "differs", "INC-1"},
    {"UPDATE incidents SET last_seq = last_seq - 1 WHERE number = 3", "differs", "INC-3"},
    {"UPDATE incidents SET plan = '' WHERE number = 2", "differs", "INC-2"},
    {"UPDATE incidents SET closed = 5 WHERE number = 3", "differs", "INC-3"},
    {"UPDATE incidents SET drill = 1 WHERE number = 2", "differs", "INC-2"},
    {"UPDATE incidents SET drill = 2 WHERE number = 1", "differs", "INC-1"},
    {"UPDATE incidents SET open = 7 WHERE number = 2", "differs", "INC-2"},
    {"UPDATE incidents SET title = title || char(0) || 'x' WHERE number = 2", "differs", "INC-2"},
    {"DELETE FROM incidents WHERE number = 1", "missing", "INC-1"},
    {"INSERT INTO incidents SELECT 9, title, severity, state, service, plan, drill, open, opened, "
     "closed, last_seq FROM incidents WHERE number = 1",
     "differs", "INC-9"},
};

static void test_a_changed_index_is_found(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    three_incidents(fixture, hub);
    talloc_free(hub);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        run_sql(fixture->path, "CREATE TABLE kept AS SELECT * FROM incidents");
        run_sql(fixture->path, changes[i].sql);
        int64_t verified;
        hub = store_open(fixture, "ana");
        if (hub_verify(hub, &verified, fixture->err))
            fail_msg("not seen: %s", changes[i].sql);
        assert_int_equal(fixture->err->code, ERR_DAMAGED);
        assert_non_null(strstr(fixture->err->what, changes[i].what));
        assert_string_equal(fixture->err->on, changes[i].on);
        talloc_free(hub);
        run_sql(fixture->path, "DELETE FROM incidents; INSERT INTO incidents SELECT * FROM kept; "
                               "DROP TABLE kept");
    }
}

/* A log that contradicts itself is no state: said at opening, and by a hub that was open before. */
static void test_a_contradiction_is_told(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana"), *fresh = NULL;
    store_ok(fixture, hub, "declare p --accept t");
    struct log *log = fixture_open(fixture, LOG_WRITE);
    fixture_append(fixture, log, 1, "step.done", "{\"step\":\"imagined\"}");
    struct hub_item item;
    assert_true(hub_next(hub, AT(NOW_MS + 300), &item));
    assert_int_equal(item.kind, HUB_TROUBLE);
    assert_int_equal(item.err->code, ERR_DAMAGED);
    assert_false(hub_next(hub, AT(NOW_MS + 301), &item));
    assert_false(hub_next(hub, AT(NOW_MS + 900), &item)); /* said once */
    item = store_do(fixture, hub, "ack 1");
    assert_int_equal(item.verdict, HUB_REFUSED);
    struct hub_options options = {.store = fixture->path, .actor = "bo", .via = "line"};
    fixture_failed(fixture, hub_open(fixture, &options, NOW_MS, &fresh, fixture->err), ERR_DAMAGED);
}

/* Half an incident is worse than none. */
static void test_a_contradiction_in_a_closed_incident_stays_there(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "abandon 1 --reason x");
    struct log *log = fixture_open(fixture, LOG_WRITE);
    fixture_append(fixture, log, 1, "step.done", "{\"step\":\"imagined\"}");
    struct hub *fresh = store_open(fixture, "bo");
    struct incident *incident;
    fixture_failed(fixture, hub_incident(fresh, 1, &incident, fixture->err), ERR_DAMAGED);
    assert_null(state_incident(hub_state(fresh), 1));
    store_ok(fixture, fresh, "declare --title on");
}

/* --- line mode -------------------------------------------------------------------------------- */

static void test_ask_waits_for_its_answer(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    struct loop *loop = loop_new(fixture, fixture->err);
    struct command *command = command_new(fixture, "declare", NOW_MS);
    struct hub_item item;
    command->title = "asked";
    store_submit(fixture, hub, store_plan, "declare --title before");
    fixture_ok(fixture, hub_ask(hub, loop, command, NULL, 2000, &item, fixture->err));
    assert_string_equal(item.answer, "INC-2");
    command = command_new(fixture, "ack", NOW_MS);
    command->incident = 9;
    fixture_ok(fixture, hub_ask(hub, loop, command, NULL, 2000, &item, fixture->err));
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_NOT_FOUND);
}

static int ready_pipe[2], go_pipe[2];

/* Holds the lock until it is told to go. */
static int hold_lock(struct fixture *fixture) {
    char byte = 'r';
    struct log *log = fixture_open(fixture, LOG_WRITE);
    fixture_begin(fixture, log);
    close(go_pipe[1]);
    if (write(ready_pipe[1], &byte, 1) != 1)
        return 1;
    return read(go_pipe[0], &byte, 1) == 0 ? 0 : 1;
}

/* "what was not begun by then is taken back" */
static void test_a_command_that_got_no_lock_never_happens(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    talloc_free(hub);
    char byte;
    assert_int_equal(pipe(ready_pipe) + pipe(go_pipe), 0);
    pid_t child = start_child(hold_lock, fixture);
    assert_int_equal(read(ready_pipe[0], &byte, 1), 1);
    hub = store_open(fixture, "ana");
    struct loop *loop = loop_new(fixture, fixture->err);
    struct command *command = command_new(fixture, "ack", NOW_MS);
    struct hub_item item;
    command->incident = 1;
    fixture_failed(fixture, hub_ask(hub, loop, command, NULL, 60, &item, fixture->err),
                   ERR_UNAVAILABLE);
    assert_string_equal(fixture->err->what, "the store is busy");
    assert_string_equal(fixture->err->on, "held by test");
    close(go_pipe[1]);
    assert_int_equal(wait_for_child(child), 0);
    store_turn(hub, NOW_MS + 300);
    assert_null(state_incident(hub_state(hub), 1)->acknowledged.by);
    store_ok(fixture, hub, "ack 1");
    close(ready_pipe[0]), close(ready_pipe[1]), close(go_pipe[0]);
}

/* "After 2 s say who holds it" */
static void test_who_waits_long_is_told_for_whom(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    talloc_free(hub);
    char byte;
    assert_int_equal(pipe(ready_pipe) + pipe(go_pipe), 0);
    pid_t child = start_child(hold_lock, fixture);
    assert_int_equal(read(ready_pipe[0], &byte, 1), 1);
    hub = store_open(fixture, "ana");
    struct command *command = command_new(fixture, "ack", NOW_MS);
    struct hub_item item;
    command->incident = 1;
    int64_t ticket = hub_submit(hub, command, NULL);
    assert_false(hub_next(hub, AT(NOW_MS), &item));
    assert_false(hub_next(hub, AT(NOW_MS + 1999), &item));
    assert_true(hub_next(hub, AT(NOW_MS + 2000), &item));
    assert_int_equal(item.kind, HUB_WAITING);
    assert_int_equal(item.ticket, ticket);
    assert_string_equal(item.err->on, "held by test");
    assert_false(hub_next(hub, AT(NOW_MS + 5000), &item));
    close(go_pipe[1]);
    assert_int_equal(wait_for_child(child), 0);
    store_turn(hub, NOW_MS + 5300);
    assert_non_null(state_incident(hub_state(hub), 1)->acknowledged.by);
    close(ready_pipe[0]), close(ready_pipe[1]), close(go_pipe[0]);
}

/* One that was long because somebody read for long. */
static void test_a_quiet_hub_shortens_the_wal(void **state) {
    struct fixture *fixture = *state;
    char *wal = talloc_asprintf(fixture, "%s-wal", fixture->path);
    struct hub *hub = store_open(fixture, "ana");
    struct stat status;
    store_ok(fixture, hub, "declare --title one");
    assert_int_equal(truncate(wal, 9 << 20), 0);
    for (int64_t looks = 1; looks <= 25; looks++)
        store_turn(hub, NOW_MS + 300 * looks);
    assert_int_equal(stat(wal, &status), 0);
    assert_int_equal(status.st_size, 0);
    store_ok(fixture, hub, "ack 1");
    store_check_state(fixture, hub);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_a_quiet_hub_shortens_the_wal),
        store_test(test_events_come_before_their_answer),
        store_test(test_commands_are_answered_in_order),
        store_test(test_a_submitted_command_is_copied),
        store_test(test_a_retry_gets_the_same_answer_from_any_hub),
        store_test(test_a_read_only_hub_refuses_every_command),
        store_test(test_two_hubs_one_winner),
        store_test(test_many_processes_one_winner),
        store_test(test_others_are_seen_at_the_next_look),
        store_test(test_a_command_meets_what_others_did_first),
        store_test(test_opening_folds_only_what_is_open),
        store_test(test_the_roster_in_force_is_there_at_once),
        store_test(test_a_note_on_a_closed_incident_loads_it),
        store_test(test_a_plan_that_was_frozen_long_ago_is_adopted_again),
        store_test(test_an_untouched_store_is_proved),
        store_test(test_a_store_is_proved_while_others_write),
        store_test(test_a_changed_index_is_found),
        store_test(test_a_contradiction_is_told),
        store_test(test_a_contradiction_in_a_closed_incident_stays_there),
        store_test(test_ask_waits_for_its_answer),
        store_test(test_a_command_that_got_no_lock_never_happens),
        store_test(test_who_waits_long_is_told_for_whom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
