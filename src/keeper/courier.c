#include "config.h"

#include "keeper/courier.h"

#include "base/host.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/brief.h"
#include "run/environment.h"
#include "run/exec.h"
#include "run/hold.h"
#include "run/redact.h"
#include "run/secrets.h"
#include "run/worker.h"

#include <string.h>
#include <unistd.h>

/* Between TERM and KILL; short, for its time on the log ends soon after its channel's. */
#define GRACE_MS (5 * SECOND_MS)

/* What was done is worth telling for as long as a store may be in trouble. */
#define TELL_FOR_MS HOUR_MS

/* Of what a program says, its last line is told, and so much of it. */
#define TAIL_BYTES 2048
#define WHY_CELLS  120

struct courier {
    struct worker worker;
    struct command *page; /* NULL until it is found */
    const char *const *argv;
    const char *message;
    char *const *environment;
    int64_t timeout_ms;
    struct redact *redact;
    char tail[TAIL_BYTES]; /* the end of what the program said */
    size_t tail_length;
};

/* ---- who may ----------------------------------------------------------------------------------
 */

static bool can_run(const char *const *argv) {
    static const struct pair *const nothing[] = {NULL};
    char **environment = environment_make(NULL, nothing);
    char *program = environment_find_program(environment, environment, argv[0]);
    bool can = program && access(program, X_OK) == 0;
    talloc_free(environment);
    return can;
}

bool courier_can_serve(const struct roster *roster, const struct channel **channel) {
    *channel = NULL;
    for (size_t i = 0; roster && i < roster->channels_count && !*channel; i++)
        if (channel_needs_courier(&roster->channels[i]) && !can_run(roster->channels[i].run))
            *channel = &roster->channels[i];
    return !*channel;
}

/* ---- sending one out --------------------------------------------------------------------------
 */

/* Nothing is on the log yet: it says itself that it sets out, so a courier that never gets as far
 * leaves no trace. */
bool courier_send(const char *store, const struct command *page, struct err *err) {
    struct held_run *held;
    int64_t pid;
    bool sent =
        run_hold(NULL, "courier", store, &held, &pid, err) && run_let_go(held, page->id, err);
    talloc_free(held);
    return sent;
}

/* ---- what it carries --------------------------------------------------------------------------
 */

static const struct pair *address_pairs(struct courier *courier, const struct incident *incident,
                                        const struct delivery_try *try) {
    const struct pair pairs[] = {
        {"BACKOUT_INCIDENT", xtalloc_asprintf(courier, "%lld", (long long)incident->number)},
        {"BACKOUT_CHANNEL", xtalloc_strdup(courier, try->channel->name)},
        {"BACKOUT_PERSON", xtalloc_strdup(courier, try->person ? try->person : "")},
        {"BACKOUT_ADDRESS", xtalloc_strdup(courier, try->address ? try->address : "")},
        {"BACKOUT_SUBJECT", page_subject(courier, incident, try->fired)},
        {"BACKOUT_SEVERITY", xtalloc_asprintf(courier, "%lld", (long long)incident->severity)},
        {"BACKOUT_DRILL", incident->drill ? "1" : ""},
        /* The same for every try, where the other side knows what it had already. */
        {"BACKOUT_KEY", xtalloc_asprintf(courier, "%s/%lld", hub_state(courier->worker.hub)->store,
                                         (long long)try->fired->seq)},
        {NULL, NULL},
    };
    return xtalloc_memdup(courier, pairs, sizeof(pairs));
}

static const char *const *copy_words(const void *parent, const char *const *words) {
    size_t count = 0;
    while (words[count])
        count++;
    const char **copy = xtalloc_zero_array(parent, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        copy[i] = xtalloc_strdup(copy, words[i]);
    return copy;
}

/* All that it needs later, copied: the next turn may make the state anew. */
static void pack(struct courier *courier, const struct incident *incident,
                 const struct delivery_try *try, struct command *page) {
    const struct pair *const lists[] = {address_pairs(courier, incident, try), NULL};
    courier->page = page;
    courier->argv = copy_words(courier, try->channel->run);
    courier->timeout_ms = try->channel->timeout_ms;
    courier->environment = environment_make(courier, lists);
    courier->message =
        page_message(courier, incident, try->fired, try->person, loop_now_ms(courier->worker.loop));
    if (incident->plan)
        secrets_redact(incident->plan, incident->plan_folder, courier->redact);
}

static bool find_in(struct courier *courier, const struct incident *incident, const char *id,
                    const char *me) {
    struct delivery_tries tries = incident_delivery_tries(courier, incident);
    for (size_t i = 0; i < tries.count; i++) {
        struct command *page =
            page_command(courier, incident, &tries.list[i], me, loop_now_ms(courier->worker.loop));
        if (strcmp(page->id, id) != 0)
            continue;
        pack(courier, incident, &tries.list[i], page);
        return true;
    }
    return false;
}

/* The page that its keeper meant; another courier may have it by now. */
static bool find_page(struct courier *courier, const char *id, struct err *err) {
    const struct state *state = hub_state(courier->worker.hub);
    char *host = host_name(courier);
    char *me = xtalloc_asprintf(courier, "%s/%lld", host, (long long)getpid());
    for (size_t i = 0; i < state->incidents_count; i++)
        if (find_in(courier, state->incidents[i], id, me))
            return true;
    return err_set(err, ERR_CONFLICT, "this page is not to be sent", id, NULL);
}

/* ---- bringing it ------------------------------------------------------------------------------
 */

/* Only the end is kept. */
static void keep_tail(void *data, enum sink_stream stream, const char *bytes, size_t length,
                      int64_t now_ms) {
    struct courier *courier = data;
    (void)stream;
    (void)now_ms;
    if (length > TAIL_BYTES) {
        bytes += length - TAIL_BYTES;
        length = TAIL_BYTES;
    }
    size_t kept = courier->tail_length;
    if (kept + length > TAIL_BYTES)
        kept = TAIL_BYTES - length;
    memmove(courier->tail, courier->tail + courier->tail_length - kept, kept);
    memcpy(courier->tail + kept, bytes, length);
    courier->tail_length = kept + length;
}

/* The last line that isn't empty, without what is secret in it, as one line to read; "" where its
 * beginning isn't kept, for a secret that was cut can't be known. */
static char *last_line(const struct courier *courier) {
    const char *bytes = courier->tail;
    size_t end = courier->tail_length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r'))
        end--;
    size_t begin = end;
    while (begin > 0 && bytes[begin - 1] != '\n')
        begin--;
    if (begin == 0 && courier->tail_length == TAIL_BYTES)
        return xtalloc_strdup(courier, "");
    struct buffer out = {.parent = courier};
    struct redact_state state = {0};
    redact_line(courier->redact, &state, bytes + begin, end - begin, end - begin, true, &out);
    char *line = text_clean(NULL, out.bytes ? out.bytes : "", out.length);
    char *cut = xtalloc_strndup(courier, line, text_fit(line, WHY_CELLS, NULL));
    talloc_free(line);
    return cut;
}

/* NULL: it was sent. */
static const char *judge(const struct courier *courier, const struct exec_end *end) {
    if (strcmp(end->ended, "exited") == 0 && end->status == 0)
        return NULL;
    const char *line = last_line(courier);
    const char *between = *line ? ": " : "";
    if (strcmp(end->ended, "exited") == 0)
        return xtalloc_asprintf(courier, "exit status %lld%s%s", (long long)end->status, between,
                                line);
    if (strcmp(end->ended, "signalled") == 0)
        return xtalloc_asprintf(courier, "killed by signal %lld, it may have arrived%s%s",
                                (long long)end->status, between, line);
    char *limit = duration_unit(NULL, courier->timeout_ms);
    char *why =
        xtalloc_asprintf(courier, "no end after %s, it may have arrived%s%s", limit, between, line);
    talloc_free(limit);
    return why;
}

static const char *bring(struct courier *courier) {
    const struct launch launch = {
        .argv = courier->argv, .environment = courier->environment, .input = courier->message};
    const struct exec_limits limits = {.timeout_ms = courier->timeout_ms, .grace_ms = GRACE_MS};
    const struct sink sink = {keep_tail, courier};
    struct err *err = err_new(courier);
    struct exec *exec;
    if (!exec_start(courier, courier->worker.loop, &launch, &limits, sink, &exec, err))
        return err_sentence(courier, err);
    while (!exec_over(exec))
        worker_turn(&courier->worker);
    struct exec_end end = exec_end(exec);
    talloc_free(exec);
    return judge(courier, &end);
}

static void perform(struct courier *courier) {
    struct worker *worker = &courier->worker;
    if (!worker_say(worker, courier->page, NULL, MINUTE_MS))
        return;
    const char *why = bring(courier);
    worker_say(worker, paged_command(courier, courier->page, why, loop_now_ms(worker->loop)), NULL,
               TELL_FOR_MS);
}

int courier_main(const char *store, int pipe_fd) {
    struct courier *courier = xtalloc_zero(NULL, struct courier);
    struct err *err = err_new(courier);
    char *id = run_wait(courier, pipe_fd);
    close(pipe_fd);
    courier->redact = redact_new(courier);
    if (id && worker_begin(&courier->worker, courier, err) &&
        worker_open(&courier->worker, courier, store, "courier", err) &&
        find_page(courier, id, err))
        perform(courier);
    int status = (int)err->code;
    talloc_free(courier);
    return status;
}
