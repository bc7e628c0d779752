/* Line 1 of every view: what is wrong, how bad, how far, how long, and how fresh this is. */
#include "config.h"

#include "ui/view.h"

#include "base/time.h"
#include "incident/clocks.h"
#include "incident/status.h"
#include "ui/line.h"

/* From these widths on there is room for the usual words, for all of them, and for the hour. */
#define BRIEF_COLS 50
#define ROOMY_COLS 70
#define HOUR_COLS  110
/* What terminals have when nobody asks: here a badge is whole as long as it takes no more than this
 * from the title. */
#define USUAL_COLS      80
#define TITLE_CUT_CELLS 16

/* The same line in more and in fewer words. */
enum fullness { TERSE, BRIEF, FULL, HOURLY };

static enum fullness fullness_of(int cols) {
    return cols >= HOUR_COLS    ? HOURLY
           : cols >= ROOMY_COLS ? FULL
           : cols >= BRIEF_COLS ? BRIEF
                                : TERSE;
}

static void badge_link(struct frame *frame, struct line *line, enum fullness fullness) {
    if (frame->link.doubted) {
        line_right(line, ROLE_LATE, fullness == TERSE ? "  ✗ LOG" : "  ✗ OTHER LOG");
        return;
    }
    if (!frame->link.stale_since_ms) {
        line_right(line, ROLE_OK, fullness == TERSE ? "  ●" : "  ● LIVE");
        return;
    }
    char *age = duration_clock(frame->scratch, frame->now_ms - frame->link.stale_since_ms);
    line_right(line, ROLE_LATE, "  ○ STALE %s", age);
}

static const char *const viewers_words[] = {
    [TERSE] = "v!", [BRIEF] = "viewers!", [FULL] = "viewers!", [HOURLY] = "viewers behind"};

static const char *const unkept_words[] = {
    [TERSE] = "t!", [BRIEF] = "no keeper", [FULL] = "no keeper", [HOURLY] = "nobody keeps time"};

static const char *const undelivered_words[] = {
    [TERSE] = "p!", [BRIEF] = "no pages", [FULL] = "no pages", [HOURLY] = "nobody delivers"};

static void badges(struct frame *frame, struct line *line, enum fullness fullness) {
    const struct incident *incident = frame->incident;
    if (incident && incident->drill)
        line_right(line, ROLE_DRILL, "  DRILL");
    if (frame->link.read_only)
        line_right(line, ROLE_DRILL, "  RO");
    else if (frame_is_viewers(frame))
        line_right(line, ROLE_DRILL, "  VIEW");
    if (frame->link.viewers_behind)
        line_right(line, ROLE_LATE, "  %s", viewers_words[fullness]);
    if (frame->link.unkept)
        line_right(line, ROLE_LATE, "  %s", unkept_words[fullness]);
    else if (frame->link.undelivered)
        line_right(line, ROLE_LATE, "  %s", undelivered_words[fullness]);
    if (!frame->state->roster)
        line_right(line, ROLE_DIM, fullness >= FULL ? "  roles not enforced" : "  no roles");
    badge_link(frame, line, fullness);
    if (fullness == HOURLY)
        line_right(line, ROLE_DIM, "   %s", frame->me);
}

static void age(struct frame *frame, struct line *line) {
    const struct incident *incident = frame->incident;
    line_right(line, ROLE_TITLE, "  T+%s",
               duration_clock(frame->scratch, incident_age_ms(incident, frame->now_ms)));
}

/* Paused is said instead of the phase where there is room for only one of them. */
static void phase_and_age(struct frame *frame, struct line *line, enum fullness fullness) {
    const struct incident *incident = frame->incident;
    enum phase phase = incident_phase(incident);
    bool paused = incident->paused.by && incident_is_open(incident);
    if (paused)
        line_right(line, ROLE_WARN, fullness == HOURLY ? "PAUSED  " : "PAUSED");
    if (!paused || fullness == HOURLY)
        line_right(line, phase >= PHASE_WELL ? ROLE_OK : ROLE_STRONG, "%s", phase_words(phase));
    if (fullness != TERSE)
        age(frame, line);
    if (fullness < HOURLY)
        return;
    /* In the look of the other clocks that tick: a change of it is more bytes than the digit. */
    line_right(line, ROLE_TITLE, "  %s", time_clock(frame->scratch, frame->now_ms));
    line_right(line, ROLE_DIM, " UTC");
}

static struct line *title_line(struct frame *frame, enum fullness fullness) {
    struct line *line = line_new(frame->scratch);
    const struct incident *incident = frame->incident;
    if (incident) {
        line_left(line, ROLE_SEVERITY, "SEV%lld", (long long)incident->severity);
        line_left(line, ROLE_TITLE, " INC-%lld %s", (long long)incident->number, incident->title);
        phase_and_age(frame, line, fullness);
    } else {
        line_left(line, ROLE_OK, "nothing is wrong");
        if (fullness != TERSE)
            line_left(line, ROLE_TEXT, ", no open incident");
    }
    badges(frame, line, fullness);
    return line;
}

/* On a narrow screen what is wrong is worth more than a badge in many words. */
void zone_title(struct frame *frame, struct area area, int row) {
    enum fullness fullness = fullness_of(area.cols);
    struct line *line = title_line(frame, fullness);
    int cut = area.cols < USUAL_COLS ? 0 : TITLE_CUT_CELLS;
    if (fullness == FULL && line_room(line, area.cols) < -cut)
        line = title_line(frame, BRIEF);
    line_draw(line, frame->canvas, area, row);
}
