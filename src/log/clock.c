/* The pair of clocks that is kept beside the lock. */
#include "config.h"

#include "log/log_ops.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <assert.h>
#include <string.h>

/* "clock WALL BOOTTIME BOOT": the line that is kept. */
#define WORD "clock"

/* No clock reads more, so that differences of what somebody wrote there stay numbers. */
#define FAR_MS (INT64_C(1) << 53)

static void keep(struct log *log, struct moment at, const char *boot) {
    char *text = xtalloc_asprintf(NULL, WORD " %lld %lld %s", (long long)at.wall_ms,
                                  (long long)at.boot_ms, boot);
    log->ops->keep(log, text);
    talloc_free(text);
}

static bool read_number(char **rest, int64_t *value) {
    const char *word = strsep(rest, " ");
    return word && number_parse(word, -FAR_MS, FAR_MS, value);
}

/* False where nothing was kept that can be read; the strings live in `scratch`. */
static bool read_kept(const void *scratch, struct log *log, struct log_clock *kept) {
    char *rest = log->ops->kept(scratch, log);
    const char *word = strsep(&rest, " ");
    if (!word || strcmp(word, WORD) != 0 || !read_number(&rest, &kept->at.wall_ms) ||
        !read_number(&rest, &kept->at.boot_ms))
        return false;
    kept->boot = rest ? rest : "";
    return true;
}

void log_clock_begin(struct log *log, const struct log_clock *clock) {
    assert(log->begun);
    keep(log, clock->at, clock->boot);
}

static bool is_step(int64_t by_ms) {
    return by_ms > LOG_CLOCK_STEP_MS || by_ms < -LOG_CLOCK_STEP_MS;
}

enum log_clock_look log_clock_look(struct log *log, const struct log_clock *clock,
                                   struct moment *since, int64_t *by_ms) {
    assert(log->begun);
    void *scratch = talloc_new(NULL);
    struct log_clock kept;
    if (!read_kept(scratch, log, &kept) || strcmp(kept.boot, clock->boot) != 0)
        keep(log, kept.at = clock->at, clock->boot);
    talloc_free(scratch);
    int64_t passed_ms = clock->at.boot_ms - kept.at.boot_ms;
    *since = kept.at;
    *by_ms = (clock->at.wall_ms - kept.at.wall_ms) - passed_ms;
    if (passed_ms >= 0 && is_step(*by_ms))
        return LOG_CLOCK_SET;
    *by_ms = 0;
    return passed_ms < 0 ? LOG_CLOCK_PAST : LOG_CLOCK_SAME;
}

/* Moved on to now as well, for a clock that is set to and fro must not come back to a moment that
 * has named a step before. */
void log_clock_settle(struct log *log, int64_t by_ms, int64_t boot_ms) {
    assert(log->begun);
    void *scratch = talloc_new(NULL);
    struct log_clock kept;
    if (read_kept(scratch, log, &kept)) {
        kept.at.wall_ms += by_ms + (boot_ms - kept.at.boot_ms);
        kept.at.boot_ms = boot_ms;
        keep(log, kept.at, kept.boot);
    }
    talloc_free(scratch);
}
