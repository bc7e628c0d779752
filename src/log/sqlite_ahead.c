/* Looking up every row in every index takes half as long as proving the rows. So it is begun ahead,
 * by a thread, and takes no time where there is a second processor.
 * The thread has a connection of its own, prepared before it begins and closed when it has ended,
 * and takes one step of one statement: it shares nothing, and allocates nothing of ours. */
#include "config.h"

#include "log/sqlite.h"

#include "base/xtalloc.h"

#include <pthread.h>
#include <signal.h>

struct sqlite_ahead {
    struct sqlite_log *beside;
    sqlite3_stmt *check;
    pthread_t thread;
    bool runs;
    int code; /* of the step */
};

static void *step(void *data) {
    struct sqlite_ahead *ahead = data;
    ahead->code = sqlite3_step(ahead->check);
    return NULL;
}

/* Signals are for the thread that turns the loop. */
static bool start(struct sqlite_ahead *ahead) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&ahead->thread, NULL, step, ahead) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void wait_for(struct sqlite_ahead *ahead) {
    if (ahead->runs)
        pthread_join(ahead->thread, NULL);
    ahead->runs = false;
}

/* Nobody wants to know any more. */
static int end(struct sqlite_ahead *ahead) {
    if (ahead->runs)
        sqlite3_interrupt(ahead->beside->database);
    wait_for(ahead);
    return 0;
}

static struct sqlite_ahead *begin(struct sqlite_log *store) {
    struct err *ignored = err_new(NULL);
    struct sqlite_ahead *ahead = xtalloc_zero(store, struct sqlite_ahead);
    talloc_set_destructor(ahead, end);
    ahead->beside = sqlite_beside(ahead, store, ignored);
    if (ahead->beside)
        ahead->check = sqlite_take(ahead->beside, STATEMENT_CHECK, ignored);
    ahead->runs = ahead->check && start(ahead);
    talloc_free(ignored);
    return ahead;
}

void sqlite_check_ahead(struct log *log, bool wanted) {
    struct sqlite_log *store = sqlite_of(log);
    TALLOC_FREE(store->ahead);
    if (wanted)
        store->ahead = begin(store);
}

/* What was looked at may be another file by now. */
bool sqlite_checked_ahead(struct sqlite_log *store) {
    struct sqlite_ahead *ahead = store->ahead;
    bool ran = ahead && ahead->runs;
    if (ran)
        wait_for(ahead);
    bool right = ran && ahead->code == SQLITE_ROW && sqlite_is_ok(ahead->check) &&
                 !sqlite_moved(&ahead->beside->log);
    TALLOC_FREE(store->ahead);
    return right;
}
