#include "config.h"

#include "ui/step_words.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"

static const struct state_look looks[STEP_STATE_COUNT] = {
    [STEP_WAITING] = {"·", ROLE_DIM},       [STEP_GATED] = {"▲", ROLE_WARN},
    [STEP_READY] = {"○", ROLE_READY},       [STEP_RUNNING] = {"►", ROLE_RUNNING},
    [STEP_VERIFYING] = {"►", ROLE_RUNNING}, [STEP_UNKNOWN] = {"?", ROLE_UNKNOWN},
    [STEP_FAILED] = {"✗", ROLE_LATE},       [STEP_DONE] = {"✓", ROLE_OK},
    [STEP_SKIPPED] = {"-", ROLE_DIM},       [STEP_NOT_CHOSEN] = {"-", ROLE_DIM},
};

struct state_look step_look(enum step_state state) {
    return looks[state];
}

static int64_t spent_ms(const struct frame *frame, const struct step *step) {
    const struct attempt *attempt = step_attempt(step);
    if (!attempt)
        return 0;
    return (attempt->ended_ms ? attempt->ended_ms : frame->now_ms) - attempt->started_ms;
}

static int64_t over_ms(const struct frame *frame, const struct step *step) {
    return step->spec->box_ms ? spent_ms(frame, step) - step->spec->box_ms : 0;
}

enum role step_role(const struct frame *frame, const struct step *step) {
    enum step_state state = step_state(frame->incident, step);
    bool at_work = state == STEP_RUNNING || state == STEP_VERIFYING;
    return at_work && over_ms(frame, step) > 0 ? ROLE_LATE : looks[state].role;
}

/* ---- the words of each state: the longest that is worth saying first ------------------------- */

typedef const char *words_fn(struct frame *frame, const struct step *step, int cells);

/* The first of the phrases that fits, or the last. */
static const char *fitting(struct frame *frame, int cells, const char *const *phrases,
                           size_t count) {
    for (size_t i = 0; i + 1 < count; i++)
        if (text_width(text_clean_z(frame->scratch, phrases[i])) <= cells)
            return phrases[i];
    return phrases[count - 1];
}

#define FITTING(...)                                                                               \
    fitting(frame, cells, (const char *const[]){__VA_ARGS__},                                      \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const char *words_waiting(struct frame *frame, const struct step *step, int cells) {
    (void)cells;
    return step_waits_for(frame->scratch, frame->incident, step);
}

static const char *words_ready(struct frame *frame, const struct step *step, int cells) {
    if (step->when_why)
        return FITTING("READY, can't judge `when`", "READY, when is ?", "READY?");
    if (step_is_paused(frame->incident, step))
        return FITTING("READY, but paused", "READY, paused");
    return FITTING("READY, not started", "READY");
}

static const char *words_at_work(struct frame *frame, const struct step *step, int cells) {
    const char *spent = duration_clock(frame->scratch, spent_ms(frame, step));
    const char *words = xtalloc_asprintf(frame->scratch, "%5s", spent);
    int64_t over = over_ms(frame, step);
    if (step->spec->box_ms)
        words = xtalloc_asprintf(frame->scratch, "%s / %5s", words,
                                 duration_clock(frame->scratch, step->spec->box_ms));
    if (step->record == STEP_VERIFYING)
        return over > 0 ? FITTING(xtalloc_asprintf(frame->scratch, "%s verifying, LATE", words),
                                  xtalloc_asprintf(frame->scratch, "%s check", words),
                                  xtalloc_asprintf(frame->scratch, "%s !", words))
                        : FITTING(xtalloc_asprintf(frame->scratch, "%s verifying", words),
                                  xtalloc_asprintf(frame->scratch, "%s check", words), words);
    if (over <= 0)
        return words;
    const char *late = duration_clock(frame->scratch, over);
    return FITTING(xtalloc_asprintf(frame->scratch, "%s +%s LATE", words, late),
                   xtalloc_asprintf(frame->scratch, "%s +%s", words, late),
                   xtalloc_asprintf(frame->scratch, "%s !", words));
}

static const char *words_unknown(struct frame *frame, const struct step *step, int cells) {
    if (step_run(step))
        return FITTING("UNKNOWN, being checked", "UNKNOWN, checked", "UNKNOWN");
    return FITTING("UNKNOWN: settle it", "UNKNOWN");
}

static const char *words_failed(struct frame *frame, const struct step *step, int cells) {
    (void)cells;
    return xtalloc_asprintf(frame->scratch, "FAILED%s%s", step->reason ? ": " : "",
                            step->reason ? step->reason : "");
}

/* How long it took against its box; where nothing was attempted, since when it is so. */
static const char *words_done(struct frame *frame, const struct step *step, int cells) {
    const char *spent = duration_clock(frame->scratch, spent_ms(frame, step));
    const char *at = time_minute(frame->scratch, step->changed_ms);
    if (!step_attempt(step) || !step->spec->box_ms)
        return xtalloc_asprintf(frame->scratch, "done %s", at);
    const char *box = duration_clock(frame->scratch, step->spec->box_ms);
    return FITTING(xtalloc_asprintf(frame->scratch, "%5s / %5s  %s", spent, box, at),
                   xtalloc_asprintf(frame->scratch, "%5s / %5s", spent, box));
}

static const char *words_skipped(struct frame *frame, const struct step *step, int cells) {
    const char *by = step->by_rule ? "by its `when`" : step->ended_by;
    return FITTING(xtalloc_asprintf(frame->scratch, "skipped %s%s", step->by_rule ? "" : "by ", by),
                   "skipped");
}

static const char *words_not_chosen(struct frame *frame, const struct step *step, int cells) {
    (void)cells;
    (void)frame;
    return step->spec->handler ? "if it fails" : "not chosen";
}

static words_fn *const words[STEP_STATE_COUNT] = {
    [STEP_WAITING] = words_waiting,   [STEP_GATED] = words_waiting,
    [STEP_READY] = words_ready,       [STEP_RUNNING] = words_at_work,
    [STEP_VERIFYING] = words_at_work, [STEP_UNKNOWN] = words_unknown,
    [STEP_FAILED] = words_failed,     [STEP_DONE] = words_done,
    [STEP_SKIPPED] = words_skipped,   [STEP_NOT_CHOSEN] = words_not_chosen,
};

const char *step_words(struct frame *frame, const struct step *step, int cells) {
    return words[step_state(frame->incident, step)](frame, step, cells);
}
