#include "config.h"

#include "cli/families.h"

#include "base/loop.h"
#include "cli/store_open.h"
#include "incident/command.h"
#include "run/sweep.h"

#include <sched.h>
#include <unistd.h>

static bool need_terminal(struct call *call) {
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return true;
    return err_set(call->err, ERR_USAGE, "the console needs a terminal", NULL,
                   "`backout status` and `backout help` do without");
}

static bool show(struct call *call, struct hub *hub, int64_t incident) {
    struct loop *loop = loop_new(call, call->err);
    if (!loop)
        return false;
    run_sweep(hub, call->now_ms);
    const struct cli_options *options = call->options;
    call->status = call->screen->open(loop, hub, options->ascii, options->read_only, incident,
                                      hub_read_only(hub));
    return true;
}

bool run_console(struct call *call) {
    struct hub *hub;
    return call_read(call, NULL) && need_terminal(call) &&
           store_open(call, STORE_SHOW, "console", &hub) && show(call, hub, 0);
}

/* ---- watch ----------------------------------------------------------------------------------- */

/* An incident, or a file: nothing is both. */
static bool read_word(struct call *call, const char **file, int64_t *incident) {
    const char *word = call->words[0];
    *incident = 0;
    *file = word && hub_names_lines(word) ? word : NULL;
    if (!word || hub_names_lines(word) || incident_number_parse(word, incident))
        return true;
    return err_set(call->err, ERR_USAGE, "that is neither an incident nor a file of lines", word,
                   "give one as 41 or INC-41, or the other as FILE.ndjson");
}

/* Who only looks doesn't take the processor from who works: a batch process preempts nobody when it
 * wakes (sched(7)), and a commit wakes everybody who looks. On a machine with room it is the same.
 */
static void give_way(void) {
    const struct sched_param none = {0};
    sched_setscheduler(0, SCHED_BATCH, &none);
}

bool run_watch(struct call *call) {
    struct hub *hub;
    struct incident *incident;
    const char *file;
    int64_t number;
    give_way();
    return call_read(call, NULL) && read_word(call, &file, &number) &&
           store_watch(call, file, &hub) &&
           (!number || hub_incident(hub, number, &incident, call->err)) && need_terminal(call) &&
           show(call, hub, number);
}
