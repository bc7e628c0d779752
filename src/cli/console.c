#include "config.h"

#include "cli/families.h"

#include "base/loop.h"
#include "cli/store_open.h"
#include "run/sweep.h"

#include <unistd.h>

bool run_console(struct call *call) {
    struct hub *hub;
    struct loop *loop = NULL;
    if (!call_read(call, NULL))
        return false;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(call->err, ERR_USAGE, "the console needs a terminal", NULL,
                       "`backout status` and `backout help` do without");
    if (!store_open(call, STORE_MAKE, "console", &hub) || !(loop = loop_new(call, call->err)))
        return false;
    run_sweep(hub, call->now_ms);
    call->status = call->screen->open(loop, hub, call->options->ascii, 0, hub_read_only(hub));
    return true;
}
