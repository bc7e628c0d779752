#include "config.h"

#include "tests/bench/history.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "hub/local.h"
#include "incident/status.h"
#include "tests/base/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BEGAN_MS       INT64_C(1735689600000) /* 2025-01-01T00:00:00Z */
#define COMMIT_EVENTS  5000
#define BY_ITSELF      150 /* events: each command about the last ones has a commit of its own */
#define ATTEMPTS_MOST  3
#define PICK(of, list) (list)[random_below(&(of)->random, ARRAY_SIZE(list))]

/* An incident that is being told. */
struct tale {
    int64_t number;
    int64_t events, quota; /* appended so far, and meant to be; a tale may need some more */
    bool stays_open;
};

struct writing {
    const struct history *history;
    struct random random;
    struct log *log;
    struct state *state;
    int64_t now_ms;
    int64_t written;             /* in the log */
    int64_t uncommitted;         /* of those */
    int64_t declared, promised;  /* incidents, and the events of all their tales */
    struct tale *tales;          /* that are being told */
    size_t tales_count, room;    /* and how many at a time */
    const void *scratch;         /* of one command */
    struct tale *tale;           /* it is about */
    const struct incident *told; /* its incident; NULL before its declaration */
    struct err *err;
};

static bool chance(struct writing *writing, size_t percent) {
    return random_below(&writing->random, 100) < percent;
}

/* ---- plans ----------------------------------------------------------------------------------- */

static const char *const plan_names[] = {"web-release.yaml", "web-release.yaml", "search-flag.yaml",
                                         "checkout.yaml"};

static bool read_plan(struct writing *writing, struct facts *facts) {
    const char *path = xtalloc_asprintf(writing->scratch, "%s/%s", writing->history->plans,
                                        PICK(writing, plan_names));
    char *text = xtalloc_array(writing->scratch, char, 1 << 16);
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(writing->err, ERR_NOT_FOUND, "can't read a plan", path,
                       "name the folder of the example plans");
    facts->plan_length = fread(text, 1, 1 << 16, file);
    facts->plan_text = text;
    fclose(file);
    return true;
}

/* ---- one command, from decide to the log ----------------------------------------------------- */

/* A UUIDv7 as uuid7 makes them, but of the seed. */
static void name_command(struct writing *writing, struct command *command) {
    uint64_t at = (uint64_t)writing->now_ms, random = random_next(&writing->random);
    snprintf(command->id, sizeof(command->id),
             "%08" PRIx64 "-%04" PRIx64 "-7%03x-8%03x-%012" PRIx64, at >> 16, at & 0xffff,
             (unsigned)(random & 0xfff), (unsigned)(random >> 12 & 0xfff), random >> 16);
}

static struct command *new_command(struct writing *writing, const char *name) {
    struct command *command = command_new(writing->scratch, name, writing->now_ms);
    name_command(writing, command);
    command->incident = writing->told ? writing->told->number : 0;
    return command;
}

/* What the events of one command have in common. */
struct asked {
    const struct command *command;
    const char *who;
    struct digest request;
    int64_t part;
    int64_t incident;
};

static bool append(struct writing *writing, struct asked *asked, const struct outcome *outcome) {
    for (size_t i = 0; i < outcome->count; i++) {
        const struct decided_event *decided = &outcome->events[i];
        struct event event = {
            .command = asked->command->id,
            .part = asked->part++,
            .request = asked->request,
            .incident = decided->incident,
            .at_ms = writing->now_ms,
            .actor = asked->who,
            .via = asked->command->type->internal ? "runner" : "console",
            .kind = event_types[decided->kind].name,
            .body = decided->body,
        };
        if (!log_append(writing->log, &event, writing->err) ||
            !fold(writing->state, &event, writing->err))
            return false;
        asked->incident = decided->incident ? decided->incident : asked->incident;
    }
    return true;
}

static bool append_consequences(struct writing *writing, struct asked *asked) {
    struct outcome outcome;
    do {
        decide_consequences(writing->scratch, writing->state, asked->incident, writing->now_ms,
                            &outcome);
        if (!append(writing, asked, &outcome))
            return false;
    } while (outcome.count);
    return true;
}

static bool put_index(struct writing *writing, const struct asked *asked) {
    struct log_incident row = index_row(state_incident(writing->state, asked->incident));
    return log_index_put(writing->log, &row, writing->err);
}

static bool keep(struct writing *writing, struct asked *asked, const struct outcome *outcome) {
    if (!append(writing, asked, outcome) || !append_consequences(writing, asked) ||
        !put_index(writing, asked))
        return false;
    writing->tale->number = asked->incident;
    writing->tale->events += asked->part;
    writing->written += asked->part;
    writing->uncommitted += asked->part;
    return true;
}

/* *accepted false: it was refused, and nothing happened. */
static bool ask(struct writing *writing, const char *who, const struct command *command,
                const struct facts *facts, bool *accepted) {
    struct outcome outcome = {0};
    struct question question = {.state = writing->state,
                                .command = command,
                                .facts = facts,
                                .actor = who,
                                .now_ms = writing->now_ms,
                                .next_incident = writing->declared + 1};
    struct asked asked = {.command = command,
                          .who = who,
                          .request = command_request(command, who),
                          .incident = command->incident};
    struct err *refusal = err_new(writing->scratch);
    *accepted = decide(writing->scratch, &question, &outcome, refusal);
    return !*accepted || keep(writing, &asked, &outcome);
}

/* ---- who says what --------------------------------------------------------------------------- */

static const char *somebody(struct writing *writing) {
    static const char *const people[] = {"ana", "bo", "cy", "dot", "kim", "lee", "mia", "raj"};
    return PICK(writing, people);
}

static const char *commander(const struct writing *writing) {
    const char *name = writing->told ? incident_commander(writing->told) : NULL;
    return name ? name : "ana";
}

static const char *sentence(struct writing *writing) {
    static const char *const about[] = {
        "errors in the EU",       "the payment queue",  "p95 latency",
        "one shard of orders",    "größere Warenkörbe", "the status page",
        "support's ticket count", "the cache"};
    static const char *const does[] = {"is going down since", "looks the same as", "doubled after",
                                       "is back to where it was before", "needs a second look at"};
    static const char *const when[] = {"the flag went off", "the last deploy", "five minutes ago",
                                       "the EU was switched", "lee restarted the workers"};
    return xtalloc_asprintf(writing->scratch, "%s %s %s, %d of %d", PICK(writing, about),
                            PICK(writing, does), PICK(writing, when),
                            (int)random_below(&writing->random, 40), 40);
}

/* ---- the deeds, in the order in which they are thought of -------------------------------------
 */

/* What is asked next, by whom; its command NULL when this deed has nothing to do now. */
struct deed {
    const char *who;
    struct command *command;
};

static struct deed no_deed(void) {
    return (struct deed){0};
}

static struct deed by(const char *who, struct command *command) {
    return (struct deed){who, command};
}

static struct deed acknowledge(struct writing *writing) {
    bool due = !writing->told->acknowledged.by;
    return due ? by(somebody(writing), new_command(writing, "ack")) : no_deed();
}

static struct deed take_command(struct writing *writing) {
    if (incident_commander(writing->told))
        return no_deed();
    struct command *command = new_command(writing, "take");
    command->role = "commander";
    return by(chance(writing, 70) ? "ana" : "bo", command);
}

static struct deed make_the_call(struct writing *writing) {
    if (incident_decision(writing->told))
        return no_deed();
    struct command *command = new_command(writing, "decide");
    command->option = chance(writing, 92) ? "back" : "forward";
    command->reason = sentence(writing);
    return by(commander(writing), command);
}

static const struct step *find_step(const struct writing *writing, enum step_state state) {
    for (size_t i = 0; i < writing->told->steps_count; i++)
        if (step_state(writing->told, &writing->told->steps[i]) == state)
            return &writing->told->steps[i];
    return NULL;
}

static struct command *about_step(struct writing *writing, const char *name,
                                  const struct step *step) {
    struct command *command = new_command(writing, name);
    command->step = step->spec->id;
    command->reason = sentence(writing);
    command->evidence = sentence(writing);
    return command;
}

/* What a runner reports of the step's run. */
static struct command *report(struct writing *writing, const char *name, const struct step *step) {
    struct command *command = about_step(writing, name, step);
    command->reason = command->evidence = NULL;
    command->run = step_run(step)->id;
    return command;
}

static struct deed end_run(struct writing *writing, const struct step *step) {
    static const char *const hash =
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    struct command *command = report(writing, "ran", step);
    command->ended = chance(writing, 98) ? "exited" : "lost";
    command->status = chance(writing, 93) ? 0 : 1;
    command->output_sha256 = hash;
    command->output_bytes = (int64_t)random_below(&writing->random, 20000);
    return by(step_run(step)->by, command);
}

static struct deed end_running(struct writing *writing) {
    const struct step *step = find_step(writing, STEP_RUNNING);
    if (!step)
        return no_deed();
    if (step_run(step))
        return end_run(writing, step);
    return by(somebody(writing), about_step(writing, "done", step));
}

static struct deed end_verifying(struct writing *writing) {
    const struct step *step = find_step(writing, STEP_VERIFYING);
    if (!step || !step_run(step))
        return no_deed();
    struct command *command = report(writing, "verified", step);
    command->verdict = chance(writing, 95) ? "passed" : "not_yet";
    return by(step_run(step)->by, command);
}

static struct deed settle_unknown(struct writing *writing) {
    const struct step *step = find_step(writing, STEP_UNKNOWN);
    if (!step)
        return no_deed();
    struct command *command = about_step(writing, "settle", step);
    command->outcome = chance(writing, 60) ? "happened" : "absent";
    return by("kim", command);
}

static struct deed retry_failed(struct writing *writing) {
    const struct step *step = find_step(writing, STEP_FAILED);
    if (!step)
        return no_deed();
    const char *name = step->attempts_count < ATTEMPTS_MOST ? "retry" : "skip";
    return by(commander(writing), about_step(writing, name, step));
}

static struct deed start_ready(struct writing *writing) {
    const struct step *step = find_step(writing, STEP_READY);
    return step ? by(somebody(writing), about_step(writing, "start", step)) : no_deed();
}

/* What this version can't perform was done by hand, as its refusal advises. */
static struct deed skip_refused(struct writing *writing) {
    const struct step *step = find_step(writing, STEP_READY);
    return step ? by(commander(writing), about_step(writing, "skip", step)) : no_deed();
}

static struct deed recover(struct writing *writing) {
    bool due = !writing->told->recovered.by;
    return due ? by(commander(writing), new_command(writing, "recover")) : no_deed();
}

static struct deed resolve(struct writing *writing) {
    bool due = !writing->told->resolved.by;
    return due ? by(commander(writing), new_command(writing, "resolve")) : no_deed();
}

static struct deed write_note(struct writing *writing) {
    struct command *command = new_command(writing, "note");
    command->text = sentence(writing);
    return by(somebody(writing), command);
}

static struct deed close_told(struct writing *writing) {
    return by(commander(writing), new_command(writing, "close"));
}

static bool offer(struct writing *writing, struct deed deed, bool *accepted) {
    struct facts facts = {.host = "ops1",
                          .boot = "5d41402a-bc4b-4a76-b971-9d911017c592",
                          .pid = 1000 + (int64_t)random_below(&writing->random, 30000),
                          .free_bytes = -1,
                          .person_exists = true};
    *accepted = false;
    return !deed.command || ask(writing, deed.who, deed.command, &facts, accepted);
}

/* The first of these that has something to do, and isn't refused, is done. */
static bool do_next(struct writing *writing) {
    static struct deed (*const deeds[])(struct writing * writing) = {
        acknowledge, take_command, make_the_call, retry_failed, settle_unknown, end_verifying,
        start_ready, end_running,  skip_refused,  recover,      resolve,        close_told};
    bool accepted = false;
    for (size_t i = 0; i < ARRAY_SIZE(deeds) && !accepted; i++)
        if (!offer(writing, deeds[i](writing), &accepted))
            return false;
    return accepted || err_set(writing->err, ERR_REFUSED, "the tale is stuck", writing->told->title,
                               "see its plan and the deeds");
}

static bool do_note(struct writing *writing) {
    bool accepted;
    return offer(writing, write_note(writing), &accepted);
}

/* ---- tales ----------------------------------------------------------------------------------- */

/* On average so many events are left for each; those that stay open are half told, and count half.
 */
static int64_t average_left(const struct writing *writing) {
    const struct history *history = writing->history;
    int64_t left = history->events - writing->written - writing->promised;
    int64_t halves = 2 * (history->incidents - writing->declared);
    halves -= halves > 2 * history->open ? history->open : halves / 2;
    return left > 0 ? 2 * left / halves : 0;
}

/* From half of the average to one and a half of it; of those that stay open, up to all of it. */
static int64_t draw_quota(struct writing *writing, bool stays_open) {
    int64_t average = average_left(writing);
    return (stays_open ? 0 : average / 2) +
           (int64_t)random_below(&writing->random, (size_t)average + 1);
}

/* Events that the tale still has to come. */
static int64_t promise(const struct tale *tale) {
    return tale->quota > tale->events ? tale->quota - tale->events : 0;
}

static bool declare(struct writing *writing) {
    struct facts facts = {.host = "ops1", .free_bytes = -1};
    bool accepted = false;
    writing->tale = &writing->tales[writing->tales_count];
    writing->told = NULL;
    bool stays_open = writing->declared >= writing->history->incidents - writing->history->open;
    *writing->tale =
        (struct tale){.quota = draw_quota(writing, stays_open), .stays_open = stays_open};
    struct command *command = new_command(writing, "declare");
    command->plan = "plan.yaml";
    command->severity = 1 + (int64_t)random_below(&writing->random, 4);
    command->accept = "no time for more";
    command->drill = chance(writing, 5);
    if (!read_plan(writing, &facts) || !ask(writing, somebody(writing), command, &facts, &accepted))
        return false;
    writing->promised += promise(writing->tale);
    writing->declared++;
    writing->tales_count++;
    return accepted || err_set(writing->err, ERR_REFUSED, "an example plan can't be declared",
                               writing->history->plans, "lint it");
}

static bool is_at_its_end(const struct writing *writing) {
    return writing->told->resolved.by != NULL;
}

/* Notes come in between, and fill up what is missing before the end. */
static bool wants_note(struct writing *writing) {
    if (writing->tale->events >= writing->tale->quota)
        return false;
    return is_at_its_end(writing) ? true : chance(writing, 60);
}

static void forget(struct writing *writing) {
    state_drop(writing->state, writing->tale->number);
    *writing->tale = writing->tales[--writing->tales_count];
}

static bool is_told(const struct writing *writing, const struct tale *tale) {
    const struct incident *incident = state_incident(writing->state, tale->number);
    return tale->stays_open && (tale->events >= tale->quota || incident->resolved.by);
}

static bool all_are_told(const struct writing *writing) {
    for (size_t i = 0; i < writing->tales_count; i++)
        if (!is_told(writing, &writing->tales[i]))
            return false;
    return true;
}

static bool tell(struct writing *writing, bool note) {
    int64_t promised = promise(writing->tale);
    if (!(note || wants_note(writing) ? do_note(writing) : do_next(writing)))
        return false;
    writing->promised += promise(writing->tale) - promised;
    if (!incident_is_open(writing->told))
        forget(writing);
    return true;
}

/* What is told to its end waits till all are; then notes fill up what is missing. */
static bool turn(struct writing *writing) {
    bool may_declare = writing->declared < writing->history->incidents;
    writing->now_ms += 500 + (int64_t)random_below(&writing->random, 120000);
    if (may_declare && writing->tales_count < writing->room)
        return declare(writing);
    writing->tale = &writing->tales[random_below(&writing->random, writing->tales_count)];
    writing->told = state_incident(writing->state, writing->tale->number);
    bool told = is_told(writing, writing->tale);
    return told && !all_are_told(writing) ? true : tell(writing, told);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool begin(struct writing *writing) {
    enum log_begin begun;
    do {
        begun = log_begin(writing->log, "history", writing->err);
    } while (begun == LOG_BUSY);
    writing->uncommitted = 0;
    return begun == LOG_BEGUN;
}

static bool is_near_the_end(const struct writing *writing) {
    return writing->written > writing->history->events - BY_ITSELF;
}

static bool commit_when_due(struct writing *writing) {
    bool doubt;
    if (writing->uncommitted < (is_near_the_end(writing) ? 1 : COMMIT_EVENTS))
        return true;
    return log_commit(writing->log, &doubt, writing->err) && begin(writing);
}

static bool tell_all(struct writing *writing) {
    bool ok = begin(writing);
    while (ok && writing->written < writing->history->events) {
        void *scratch = talloc_new(writing->log);
        writing->scratch = scratch;
        ok = turn(writing) && commit_when_due(writing);
        talloc_free(scratch);
    }
    bool doubt;
    return ok && log_commit(writing->log, &doubt, writing->err);
}

static bool all_was_told(const struct writing *writing) {
    const struct history *history = writing->history;
    return (writing->written == history->events && writing->declared == history->incidents &&
            (int64_t)writing->tales_count == history->open) ||
           err_set(writing->err, ERR_REFUSED, "so many incidents can't be told in so few events",
                   history->store, "ask for more events, or for fewer incidents");
}

bool history_write(const struct history *history, struct err *err) {
    struct writing writing = {.history = history,
                              .random = {history->seed},
                              .now_ms = BEGAN_MS,
                              .written = 1, /* store.created */
                              .room = (size_t)history->open + 8,
                              .err = err};
    if (!log_open(NULL, history->store, LOG_CREATE, BEGAN_MS, &writing.log, err))
        return false;
    writing.state = state_new(writing.log);
    writing.tales = xtalloc_zero_array(writing.log, struct tale, writing.room);
    bool written = tell_all(&writing) && all_was_told(&writing);
    talloc_free(writing.log);
    return written;
}
