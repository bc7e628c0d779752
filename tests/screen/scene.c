#include "config.h"

#include "tests/screen/scene.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "ui/hints.h"
#include "ui/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char checkout_plan[] =
    "backout: 1\n"
    "plan: checkout-2026-47\n"
    "title: Take checkout 4.12 back\n"
    "service: checkout\n"
    "version: 3\n"
    "ticket: CHG-20931\n"
    "why: Every order passes through checkout\n"
    "links: {channel: '#inc-41'}\n"
    "cost: {per_minute: 4100 EUR}\n"
    "rto: 60m\n"
    "point_of_no_return: {step: db-down, note: Orders placed after it are lost}\n"
    "escalation:\n"
    "  - {if: undecided, after: 10m, to: [cto]}\n"
    "  - {if: step_late, after: 5m, to: [vp-eng]}\n"
    "  - {if: step_late, after: 20m, to: [cto, vp-eng]}\n"
    "roles: {commander: [ana, bo], code: [lee], dba: [ivo], data: [joana], comms: [kim]}\n"
    "options:\n"
    "  flag-only: {title: flag off and wait, takes: 2 minutes, steps: [kill-switch, soak]}\n"
    "  back: {title: roll back to v4.11.6, takes: 45 minutes, loses: express orders, all: true}\n"
    "  hotfix: {title: hotfix 4.12.1, takes: 2 hours, steps: [soak]}\n"
    "steps:\n"
    "  - {id: kill-switch, title: Turn off split tender, phase: contain, owner: commander,"
    " box: 5m, run: [flag, split-tender, 'off'], undo: flag on, idempotent: true}\n"
    "  - {id: stop-writers, title: Pause settlement worker, phase: contain, owner: commander,"
    " box: 8m, run: [queue, pause, settlement], undo: queue resume, idempotent: true}\n"
    "  - id: undo-code\n"
    "    title: Put v4.11.6 back\n"
    "    why: 4.12 charges some baskets twice; every minute is 4.1k EUR\n"
    "    customers: baskets kept; people in the pay sheet must start it again\n"
    "    phase: code\n"
    "    owner: code\n"
    "    box: 6m\n"
    "    timeout: 15m\n"
    "    run: [kubectl, -n, checkout, rollout, undo, deploy/checkout, --to-revision=211]\n"
    "    verify: {run: [./bin/image-is, checkout, v4.11.6], within: 6m}\n"
    "    undo: kubectl -n checkout rollout undo deploy/checkout --to-revision=212\n"
    "    runbook: 'https://rb.internal/checkout/undo'\n"
    "  - {id: reset-config, title: Gateway timeouts, phase: config, owner: code, box: 4m,"
    " needs: [stop-writers], run: [./bin/gateway, '4.11'], undo: ./bin/gateway 4.12,"
    " idempotent: true}\n"
    "  - {id: backup, title: 'Back up, prove it restores', phase: data, owner: dba, box: 10m,"
    " needs: [undo-code], run: [./bin/backup, --prove], undo: nothing}\n"
    "  - {id: db-down, title: Schema 88 → 87, phase: data, owner: dba, box: 8m,"
    " destructive: true, confirm: {type: DOWN}, run: [./bin/migrate, '87'], undo: restore}\n"
    "  - {id: reconcile, title: Ledger equals orders, phase: data, owner: data, box: 5m,"
    " needs: [db-down], manual: 'Compare ledger and orders, both by day and by shop'}\n"
    "  - {id: soak, title: Exit signals quiet 5 min, phase: verify, owner: commander, box: 10m,"
    " needs: [reset-config, reconcile], manual: Watch the exit signals for five minutes,"
    " evidence: {prompt: what do the signals say, required: true}}\n"
    "  - {id: all-clear, title: Tell customers, phase: tell, owner: comms, box: 5m,"
    " manual: Send the notice resolved}\n";

static const char drill_plan[] =
    "backout: 1\nplan: db-down-drill\ntitle: quarterly db-down drill\nservice: orders\n"
    "why: Practice\nrto: 70m\nroles: {commander: [cy]}\nsteps:\n"
    "  - {id: one, owner: commander, box: 9m, manual: x}\n"
    "  - {id: two, owner: commander, box: 9m, manual: x}\n"
    "  - {id: three, owner: commander, box: 9m, manual: x}\n";

static const char search_plan[] =
    "backout: 1\nplan: search-flag\ntitle: search latency\nservice: search\nwhy: Search\n"
    "roles: {commander: [bo]}\nsteps:\n"
    "  - {id: one, owner: commander, box: 9m, manual: x}\n"
    "  - {id: two, owner: commander, box: 9m, manual: x}\n"
    "  - {id: three, owner: commander, box: 9m, manual: x}\n"
    "  - {id: four, owner: commander, box: 9m, manual: x}\n"
    "  - {id: five, owner: commander, box: 9m, manual: x}\n"
    "  - {id: six, owner: commander, box: 9m, manual: x}\n";

/* ---- times ----------------------------------------------------------------------------------- */

static void go_to(struct scene *scene, const char *time) {
    struct err *err = err_new(scene);
    int64_t day_end_ms = STORY_BEGAN_MS + 9 * HOUR_MS;
    if (!time_parse(time, day_end_ms, &scene->story->now_ms, err))
        fail_msg("%s", err_sentence(err, err));
    talloc_free(err);
}

void scene_at(struct scene *scene, const char *time, const char *who, const char *words) {
    go_to(scene, time);
    story_ok(scene->story, who, words);
}

void scene_ran(struct scene *scene, const char *time, const char *step, const char *ended,
               int64_t status) {
    go_to(scene, time);
    assert_true(story_ran(scene->story, step, ended, status));
}

/* ---- histories ------------------------------------------------------------------------------- */

struct scene *scene_new(const void *parent) {
    struct scene *scene = xtalloc_zero(parent, struct scene);
    struct err *err = err_new(scene);
    struct settings settings = settings_default;
    scene->story = story_new(scene, NULL);
    scene->me = "ana";
    scene->page = (struct page){.view = &board_view, .follow = true};
    scene->keys = keys_new(scene);
    scene->told = told_new(scene);
    if (!keys_read(scene->keys, &settings, "keys.conf", keys_default, NULL, NULL, err))
        fail_msg("%s", err_sentence(err, err));
    go_to(scene, "09:00");
    return scene;
}

static void declare(struct scene *scene, const char *time, const char *who, const char *plan,
                    const char *words) {
    scene->story->plan_text = plan;
    scene_at(scene, time, who,
             xtalloc_asprintf(scene, "declare %s%s", plan ? "plan.yaml --accept 'as drawn' " : "",
                              words));
}

struct scene *scene_calm(const void *parent) {
    struct scene *scene = scene_new(parent);
    declare(scene, "09:00", "ana", NULL, "--title 'nothing much'");
    scene_at(scene, "09:01", "ana", "abandon --reason 'false alarm'");
    return scene;
}

/* Numbers begin at 1: 38 times it was nothing. (The order of the log is not that of its times.) */
static struct scene *busy_store(const void *parent) {
    struct scene *scene = scene_new(parent);
    for (int i = 0; i < 38; i++) {
        declare(scene, "09:00", "ana", NULL, "--title 'false alarm'");
        scene_at(scene, "09:01", "ana", "abandon --reason nothing");
    }
    declare(scene, "13:02:04", "cy", drill_plan, "--title 'quarterly db-down drill' --drill");
    scene_at(scene, "13:03", "cy", "take commander");
    scene_at(scene, "13:03", "cy", "ack");
    scene_at(scene, "13:04", "cy", "decide back --reason practice");
    for (int i = 1; i <= 2; i++) {
        scene_at(scene, "13:30", "cy", xtalloc_asprintf(scene, "start %d", i));
        scene_at(scene, "13:36", "cy", xtalloc_asprintf(scene, "done %d --evidence ok", i));
    }
    declare(scene, "14:01:52", "bo", search_plan, "--title 'search latency' --severity 2");
    scene_at(scene, "14:02", "bo", "ack");
    scene_at(scene, "14:02", "bo", "take commander");
    return scene;
}

static void declare_checkout(struct scene *scene, const char *plan) {
    declare(scene, "13:41", "ana", plan,
            "--title 'checkout 5xx after 4.12' --severity 1 --detected-at 13:38"
            " --detected-by monitor");
    scene_at(scene, "13:42:10", "lee", "ack");
    scene_at(scene, "13:42:30", "ana", "take commander");
}

struct scene *scene_declared(const void *parent) {
    struct scene *scene = busy_store(parent);
    declare_checkout(scene, NULL);
    go_to(scene, "13:43");
    return scene;
}

struct scene *scene_decided(const void *parent) {
    struct scene *scene = busy_store(parent);
    declare_checkout(scene, checkout_plan);
    scene_at(scene, "13:42:40", "bo", "take deputy");
    scene_at(scene, "13:42:50", "kim", "take comms");
    scene_at(scene, "13:43:00", "ivo", "take dba");
    scene_at(scene, "13:46", "ana",
             "decide back --reason 'errors climb with the flag off; look again at 14:10'");
    return scene;
}

struct scene *scene_checkout(const void *parent) {
    struct scene *scene = scene_decided(parent);
    scene_at(scene, "13:46:20", "ana", "start kill-switch");
    scene_ran(scene, "13:46:32", "kill-switch", "exited", 0);
    scene_at(scene, "13:49:30", "ana", "start stop-writers");
    scene_ran(scene, "13:50:01", "stop-writers", "exited", 0);
    scene_at(scene, "14:00:41", "raj", "concern 'refunds queue grows too'");
    scene_at(scene, "14:01:20", "lee", "start undo-code");
    scene_at(scene, "14:01:20", "ana", "ask undo-code --every 3m");
    scene_at(scene, "14:05:10", "kim", "note 'drafted notice rolling_back'");
    scene_at(scene, "14:07:10", "lee", "eta undo-code 3m 'adding two nodes'");
    go_to(scene, "14:08:02");
    return scene;
}

static const char roster[] =
    "roster: 1\n"
    "people:\n"
    "  ana: {name: Ana Costa, may: command}\n"
    "  bo: {name: Bo Lindqvist, may: command}\n"
    "  lee: {name: Lee Tanaka, may: respond}\n"
    "  ivo: {name: Ivo Horvat, may: respond}\n"
    "  joana: {name: Joana Reis, may: respond}\n"
    "  kim: {name: Kim Jansen, may: respond}\n"
    "  sue: {name: Sue Park, may: view}\n"
    "others: view\n"
    "roles: {commander: [ana, bo], deputy: [bo, ana], comms: [kim, joana], code: [lee, ivo],"
    " support: [joana, kim]}\n";

void scene_enforce(struct scene *scene) {
    int64_t now_ms = scene->story->now_ms;
    scene->story->roster_text = roster;
    scene_at(scene, "09:00", "ana", "roster apply roster.yaml");
    scene->story->now_ms = now_ms;
}

/* ---- output ---------------------------------------------------------------------------------- */

/* What is polled once is kept: the files may go at once. */
void scene_write(struct scene *scene, const char *run, const char *step, const char *lines) {
    char *folder =
        xtalloc_asprintf(scene, "%s/scene.XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(folder));
    char *path = xtalloc_asprintf(scene, "%s/%s", folder, run);
    assert_int_equal(mkdir(path, 0700), 0);
    char *file = xtalloc_asprintf(scene, "%s/out", path);
    FILE *out = fopen(file, "we");
    assert_non_null(out);
    fputs(lines, out);
    fclose(out);
    scene->output = run_output_open(scene, folder, run);
    run_output_poll(scene->output);
    scene->output_step = step;
    unlink(file);
    rmdir(path);
    rmdir(folder);
}

/* ---- looking --------------------------------------------------------------------------------- */

void scene_look(struct scene *scene, const struct view *view, const char *step) {
    scene->page = (struct page){
        .view = view, .incident = scene->story->incident, .step = step, .follow = true};
}

void scene_select(struct scene *scene, size_t pane, const char *key) {
    scene->page.pane = pane;
    scene->page.cursors[pane].key = xtalloc_strdup(scene, key);
}

void scene_say(struct scene *scene, const char *time, bool refused, const char *text) {
    int64_t now_ms = scene->story->now_ms;
    go_to(scene, time);
    scene->messages =
        xtalloc_realloc(scene, scene->messages, struct message, scene->messages_count + 1);
    scene->messages[scene->messages_count++] =
        (struct message){scene->story->now_ms, refused, text};
    scene->story->now_ms = now_ms;
}

struct canvas *scene_draw(struct scene *scene, int rows, int cols, bool ascii) {
    void *scratch = talloc_new(scene);
    const struct state *state = hub_state(scene->story->hub);
    const struct incident *incident =
        scene->page.incident ? state_incident(state, scene->page.incident) : state_worst(state);
    struct frame frame = {
        .canvas = canvas_new(scene, rows, cols, ascii),
        .scratch = scratch,
        .now_ms = scene->story->now_ms,
        .state = state,
        .incident = incident,
        .step = scene->page.step && incident ? incident_step(incident, scene->page.step) : NULL,
        .me = scene->me,
        .link = scene->link,
        .page = &scene->page,
        .output = scene->output,
        .output_step = scene->output_step,
        .keys = scene->keys,
        .messages = scene->messages,
        .messages_count = scene->messages_count,
        .told = scene->told,
    };
    struct area screen = canvas_area(frame.canvas);
    view_draw(&frame, area_top(screen, rows - 1));
    hints_draw(&frame, area_below(screen, rows - 1));
    scene->drawn_bytes = talloc_total_size(scratch);
    talloc_free(scratch);
    return frame.canvas;
}
