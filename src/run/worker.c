#include "config.h"

#include "run/worker.h"

#include "base/array.h"
#include "base/host.h"
#include "base/syslog.h"
#include "base/text.h"
#include "base/time.h"
#include "run/exec.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

/* A store that can't be opened stays so for a while: what is to be done was promised, so it is
 * worth waiting, but not longer than people would wait before they look. */
#define OPEN_FOR_MS (30 * SECOND_MS)

/* From one try to say something to the next. */
#define WAIT_MS  SECOND_MS
#define WAIT_MAX MINUTE_MS

/* ---- what an answer means -------------------------------------------------------------------- */

/* A rule that says no will say so again; anything else may pass. */
static enum fate fate_of(const struct hub_item *answer) {
    static const enum err_code for_good[] = {ERR_CONFLICT, ERR_USAGE, ERR_REFUSED, ERR_NOT_FOUND};
    if (answer->verdict == HUB_ACCEPTED)
        return FATE_TAKEN;
    for (size_t i = 0; answer->verdict == HUB_REFUSED && i < ARRAY_SIZE(for_good); i++)
        if (answer->err != NULL && answer->err->code == for_good[i])
            return FATE_STALE;
    return FATE_PENDING;
}

/* ---- turns ----------------------------------------------------------------------------------- */

void worker_turn(struct worker *worker) {
    struct hub_item item;
    loop_turn(worker->loop, hub_period_ms(worker->hub));
    while (hub_next(worker->hub, loop_moment(worker->loop), &item)) {
        if (item.kind != HUB_ANSWER || item.ticket != worker->ticket)
            continue;
        worker->fate = fate_of(&item);
        worker->ticket = 0;
    }
}

static void take_signal(void *data, int number) {
    struct worker *worker = data;
    (void)number;
    worker->terminated = true;
}

static void set_flag(void *data, int64_t now_ms) {
    bool *flag = data;
    (void)now_ms;
    *flag = true;
}

/* A pause that ends early when somebody wants the process gone. */
static void rest(struct worker *worker, int64_t ms) {
    bool over = false;
    struct loop_timer *timer = loop_timer(worker->loop, set_flag, &over);
    loop_timer_set(timer, ms);
    while (!over && !worker->terminated) {
        if (worker->hub != NULL)
            worker_turn(worker);
        else
            loop_turn(worker->loop, -1);
    }
    talloc_free(timer);
}

/* ---- what it says ---------------------------------------------------------------------------- */

static enum fate ask_once(struct worker *worker, const struct command *command,
                          const struct facts *facts) {
    worker->ticket = hub_submit(worker->hub, command, facts);
    while (worker->ticket != 0)
        worker_turn(worker);
    return worker->fate;
}

/* A SIGTERM that came before is no reason to keep back what was done. */
bool worker_say(struct worker *worker, const struct command *command, const struct facts *facts,
                int64_t for_ms) {
    int64_t wait_ms = WAIT_MS;
    int64_t waited_ms = 0;
    bool asked_to_go = worker->terminated;
    worker->terminated = false;
    enum fate fate = ask_once(worker, command, facts);
    while (fate == FATE_PENDING && waited_ms < for_ms && !worker->terminated) {
        rest(worker, wait_ms);
        waited_ms += wait_ms;
        wait_ms = 2 * wait_ms < WAIT_MAX ? 2 * wait_ms : WAIT_MAX;
        fate = ask_once(worker, command, facts);
    }
    worker->terminated = worker->terminated || asked_to_go;
    return fate == FATE_TAKEN;
}

/* ---- its life -------------------------------------------------------------------------------- */

bool worker_begin(struct worker *worker, const void *parent, struct err *err) {
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    if (chdir("/") < 0) /* keeps no folder busy */
        return err_errno(err, errno, "can't enter the root folder", NULL, NULL);
    text_init();
    if (!digest_init())
        return err_set(err, ERR_UNAVAILABLE, "no random numbers", NULL, NULL);
    worker->loop = loop_new(parent, err);
    return worker->loop != NULL && exec_adopt(err) &&
           loop_signal(worker->loop, SIGTERM, take_signal, worker, err);
}

/* Nothing is begun that couldn't be reported. */
bool worker_open(struct worker *worker, const void *parent, const char *store, const char *via,
                 struct err *err) {
    const struct hub_options options = {
        .store = store, .actor = host_user(parent), .via = via, .syslog = syslog_path()};
    int64_t end_ms = loop_moment(worker->loop).boot_ms + OPEN_FOR_MS;
    while (!worker->terminated && loop_moment(worker->loop).boot_ms < end_ms) {
        err_clear(err);
        if (hub_open(parent, &options, loop_now_ms(worker->loop), &worker->hub, err) &&
            !hub_read_only(worker->hub)) {
            hub_join(worker->hub, worker->loop);
            return true;
        }
        TALLOC_FREE(worker->hub);
        rest(worker, SECOND_MS);
    }
    return false;
}
