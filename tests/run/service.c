#include "config.h"

#include "tests/run/service.h"

#include "base/host.h"
#include "run/hold.h"
#include "run/processes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every step says in a file of its name that it ran, so that a second time shows. */
static const char plan[] =
    "backout: 1\n"
    "plan: runner-test\n"
    "title: Steps that a runner performs\n"
    "service: test\n"
    "why: Proof.\n"
    "roles: {commander: [root, bo], ops: [root, bo]}\n"
    "secrets: {word: {env: TEST_SECRET}, absent: {env: TEST_NO_SECRET}}\n"
    "defaults: {timeout: 20s}\n"
    "steps:\n"
    "  - {id: quick, owner: ops, box: 5m, needs: [], env: {SECRET: '${secrets.word}'},\n"
    "     run: 'echo ran >> quick.ran; echo revision 12 of $BACKOUT_INCIDENT.$BACKOUT_STEP."
    "$BACKOUT_ATTEMPT; echo secret $SECRET >&2', outputs: {revision: 'revision ([0-9]+)'}}\n"
    "  - {id: slow, owner: ops, box: 5m, needs: [],\n"
    "     run: 'echo ran >> slow.ran; while ! test -e slow.go; do sleep 0.01; done'}\n"
    "  - {id: counted, owner: ops, box: 5m, needs: [],\n"
    "     run: 'echo $BACKOUT_ATTEMPT >> counted.ran; sleep 0.03; echo end'}\n"
    "  - {id: fails, owner: ops, box: 5m, needs: [], on_failure: continue, run: 'exit 9'}\n"
    "  - {id: missing, owner: ops, box: 5m, needs: [], on_failure: continue,\n"
    "     run: [./no/such/program]}\n"
    "  - {id: keyless, owner: ops, box: 5m, needs: [], on_failure: continue,\n"
    "     env: {KEY: '${secrets.absent}'}, run: 'echo ran >> keyless.ran'}\n"
    "  - {id: verified, owner: ops, box: 5m, needs: [], run: 'echo ran >> verified.ran',\n"
    "     verify: {run: [test, -e, well], within: 20s, every: 1s}}\n"
    "  - {id: unverified, owner: ops, box: 5m, needs: [], on_failure: continue,\n"
    "     run: 'echo done', verify: {run: 'echo still v4; exit 1', within: 1s, every: 1s}}\n"
    "  - {id: broken, owner: ops, box: 5m, needs: [], run: 'echo done',\n"
    "     verify: {run: [./no/such/check], within: 0s, every: 1s}}\n"
    "  - {id: matched, owner: ops, box: 5m, needs: [], run: 'echo all good',\n"
    "     verify: {matches: 'all g[o]+d$'}}\n"
    "  - {id: mismatched, owner: ops, box: 5m, needs: [], on_failure: continue,\n"
    "     run: 'echo all bad', verify: {matches: 'all good'}}\n"
    "  - {id: times-out, owner: ops, box: 5m, needs: [], timeout: 1s, grace: 1s,\n"
    "     run: 'echo ran >> times-out.ran; sleep 60'}\n"
    "  - {id: waits, owner: ops, box: 5m, needs: [], wait: 1s}\n"
    "  - {id: looks, owner: ops, box: 5m, needs: [], manual: Look.,\n"
    "     verify: {run: [test, -e, well], within: 20s, every: 1s}}\n";

char *service_path(const struct service *service, const char *name) {
    return xtalloc_asprintf(service->bench, "%s/%s", service->folder, name);
}

static void open_hub(struct service *service, bool create) {
    struct bench *bench = service->bench;
    const struct hub_options options = {
        .store = service->store, .actor = host_user(bench), .via = "console", .create = create};
    if (!hub_open(bench, &options, time_now_ms(), &service->hub, bench->err))
        fail_msg("%s", err_sentence(bench, bench->err));
    service->door = door_new(service->hub, service->hub);
}

int service_setup(void **state) {
    void *bench;
    bench_setup(&bench);
    struct service *service = xtalloc_zero(NULL, struct service);
    service->bench = bench;
    service->folder = xtalloc_strdup(bench, service->bench->path);
    service->store = service_path(service, "store.db");
    setenv("TEST_SECRET", "swordfish-9", 1);
    unsetenv("TEST_NO_SECRET");
    file_write(service_path(service, "plan.yaml"), plan);
    open_hub(service, true);
    DO(service, "declare", service_path(service, "plan.yaml"), "--accept", "a test");
    DO(service, "take", "1", "commander");
    DO(service, "decide", "1", "back", "--reason", "a test");
    *state = service;
    return 0;
}

int service_teardown(void **state) {
    struct service *service = *state;
    void *bench = service->bench;
    talloc_free(service->hub);
    talloc_free(service);
    processes_kill_descendants(); /* runners that a failed test left: we adopt them */
    processes_reap(0);
    return bench_teardown(&bench);
}

int service_runner(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "runner") == 0)
        return runner_main(argv[3], HOLD_FD);
    return -1;
}

void service_reopen(struct service *service) {
    talloc_free(service->hub);
    open_hub(service, false);
}

struct hub_item service_try(struct service *service, const char *const *words) {
    struct bench *bench = service->bench;
    const struct command_type *type = command_find(words[0]);
    struct command *command;
    struct hub_item answer = {.kind = HUB_ANSWER};
    assert_non_null(type);
    if (!command_parse(bench, type, words + 1, 0, time_now_ms(), &command, bench->err) ||
        !door_ask(service->door, bench->loop, command, LIMIT_MS, &answer, bench->err))
        fail_msg("%s: %s", words[0], err_sentence(bench, bench->err));
    return answer;
}

void service_do(struct service *service, const char *const *words) {
    struct hub_item answer = service_try(service, words);
    if (answer.verdict != HUB_ACCEPTED)
        fail_msg("%s: %s", words[0], err_sentence(service->bench, answer.err));
}

struct step *service_step(const struct service *service, const char *id) {
    return incident_step(state_incident(hub_state(service->hub), 1), id);
}

void service_turn(struct service *service) {
    struct hub_item item;
    loop_turn(service->bench->loop, 10);
    while (hub_next(service->hub, time_moment(), &item))
        door_item(service->door, &item);
    processes_reap(0);
}

void service_until(struct service *service, const char *id, enum step_state state) {
    int64_t end_ms = time_boot_ms() + LIMIT_MS;
    while (service_step(service, id)->record != state) {
        if (time_boot_ms() > end_ms)
            fail_msg("%s is in state %d, not %d", id, (int)service_step(service, id)->record,
                     (int)state);
        service_turn(service);
    }
}

void service_until_ended(struct service *service, const char *id) {
    int64_t end_ms = time_boot_ms() + LIMIT_MS;
    while (step_run(service_step(service, id)) != NULL) {
        assert_true(time_boot_ms() < end_ms);
        service_turn(service);
    }
}

size_t service_ran(const struct service *service, const char *file) {
    char *text = file_text(service->bench, service_path(service, file));
    size_t count = 0;
    for (const char *at = text; at != NULL && (at = strchr(at, '\n')) != NULL; at++)
        count++;
    return count;
}
