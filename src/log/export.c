#include "config.h"

#include "log/export.h"

#include "log/line.h"

#include <talloc.h>

struct exporting {
    log_line_fn *fn;
    void *data;
    void *scratch; /* of one line */
    bool stopped;
};

static bool tell(struct exporting *exporting, const char *line) {
    exporting->stopped = !exporting->fn(exporting->data, line);
    talloc_free_children(exporting->scratch);
    return !exporting->stopped;
}

static bool tell_event(void *data, const struct event *event) {
    struct exporting *exporting = data;
    return tell(exporting, line_encode(exporting->scratch, event));
}

static bool tell_all(struct exporting *exporting, struct log *log, struct log_head *head,
                     struct err *err) {
    return log_head(log, head, err) &&
           tell(exporting, line_encode_export(exporting->scratch, head)) &&
           log_read(log, 0, LOG_ANY_INCIDENT, tell_event, exporting, err) && !exporting->stopped;
}

bool log_export(struct log *log, log_line_fn *fn, void *data, struct log_head *head,
                struct err *err) {
    struct exporting exporting = {.fn = fn, .data = data, .scratch = talloc_new(NULL)};
    bool told = false;
    if (log_hold(log, err)) {
        told = tell_all(&exporting, log, head, err);
        log_let_go(log);
    }
    talloc_free(exporting.scratch);
    return told;
}
