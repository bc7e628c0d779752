/* Lines 2–5 of a view: who is on it and what it costs, what was decided and whether there is a way
 * back, what is late, what waits on me. None of them is ever left blank. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/deliveries.h"
#include "incident/levels.h"
#include "incident/status.h"
#include "incident/waits.h"
#include "ui/line.h"
#include "ui/step_words.h"

#include <string.h>

/* Below these widths a line says the same in fewer words; from the last one on, more. */
#define BRIEF_COLS 50
#define ROOMY_COLS 70
#define WIDE_COLS  110
/* Room for "  +2" behind what is shown. */
#define MORE_CELLS 5
/* With less room than this a pause is said by line 1 alone. */
#define PAUSED_CELLS 18

/* ---- line 2: who, and what it costs ---------------------------------------------------------- */

static const struct {
    const char *role, *word;
    bool glares; /* unfilled, it is a danger and not only a gap */
} seats[] = {
    {"commander", "IC", true},
    {"deputy", "deputy", false},
    {"comms", "comms", false},
    {"scribe", "scribe", false},
};

static void draw_seat(struct frame *frame, struct line *line, const char *word, const char *role,
                      bool glares) {
    const struct role_holding *holding = incident_role(frame->incident, role);
    const char *holder = holding ? holding->holder : NULL;
    line_left(line, ROLE_DIM, "%s ", word);
    if (!holder)
        line_left(line, glares ? ROLE_LATE : ROLE_WARN, glares ? "NOBODY" : "—");
    else
        line_left(line, ROLE_STRONG, "%s", holder);
    if (holder && strcmp(holder, frame->me) == 0)
        line_left(line, ROLE_STRONG, " (you)");
    if (holding && holding->offered_to)
        line_left(line, ROLE_WARN, " → %s?", holding->offered_to);
}

/* A seat is shown whole or not at all; the first always. */
static void seat(struct frame *frame, struct line *line, int cols, const char *word,
                 const char *role, bool glares) {
    size_t place = line_place(line);
    if (place)
        line_left(line, ROLE_TEXT, "  ");
    draw_seat(frame, line, word, role, glares);
    if (place && line_room(line, cols) < 0)
        line_back(line, place);
}

static bool is_seat(const char *role) {
    for (size_t i = 0; i < ARRAY_SIZE(seats); i++)
        if (strcmp(seats[i].role, role) == 0)
            return true;
    return false;
}

/* "111k", "4.1k", "812": what a glance can take in. */
static char *money(struct frame *frame, int64_t minor) {
    int64_t units = minor / 100;
    if (units >= 10000)
        return xtalloc_asprintf(frame->scratch, "%lldk", (long long)(units / 1000));
    if (units >= 1000)
        return xtalloc_asprintf(frame->scratch, "%lld.%lldk", (long long)(units / 1000),
                                (long long)(units % 1000 / 100));
    return xtalloc_asprintf(frame->scratch, "%lld", (long long)units);
}

static void cost(struct frame *frame, struct line *line, int cols) {
    const struct plan *plan = frame->incident->plan;
    if (!plan || cols < BRIEF_COLS)
        return;
    if (plan->cost_minor_per_minute)
        line_right(line, ROLE_WARN, "cost ~%s %s",
                   money(frame, incident_cost(frame->incident, frame->now_ms)),
                   plan->cost_currency ? plan->cost_currency : "");
    if (plan->cost_minor_per_minute && cols >= ROOMY_COLS)
        line_right(line, ROLE_DIM, " by plan, %s/min", money(frame, plan->cost_minor_per_minute));
    if (plan->channel && cols >= WIDE_COLS)
        line_right(line, ROLE_DIM, "   %s", plan->channel);
}

static void line_who(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    const struct incident *incident = frame->incident;
    cost(frame, line, area.cols);
    for (size_t i = 0; i < ARRAY_SIZE(seats); i++)
        seat(frame, line, area.cols, seats[i].word, seats[i].role, seats[i].glares);
    for (size_t i = 0; i < incident->roles_count; i++)
        if (!is_seat(incident->roles[i].role))
            seat(frame, line, area.cols, incident->roles[i].role, incident->roles[i].role, false);
    line_draw(line, frame->canvas, area, row);
}

/* ---- line 3: decided, and whether we can still go back --------------------------------------- */

static void way_back(struct frame *frame, struct line *line, bool brief) {
    static const char yes[] = "yes, ";
    const char *back = incident_go_back(frame->scratch, frame->incident);
    bool no = strncmp(back, "NO", 2) == 0;
    if (!*back)
        return;
    if (brief && strncmp(back, yes, strlen(yes)) == 0)
        back += strlen(yes);
    line_right(line, ROLE_DIM, brief ? "BACK? " : "GO BACK? ");
    line_right(line, no ? ROLE_LATE : ROLE_OK, "%s", back);
}

/* The plan's other options, on the incident's own view: its reason has a line there. */
static void decided_over(struct frame *frame, struct line *line, const struct decision *decision) {
    const struct plan *plan = frame->incident->plan;
    const char *between = ", over ";
    for (size_t i = 0; plan && i < plan->options_count; i++) {
        if (strcmp(plan->options[i].id, decision->option) == 0)
            continue;
        line_left(line, ROLE_DIM, "%s%s", between, plan->options[i].id);
        between = ", ";
    }
}

static void line_decided(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    const struct decision *decision = incident_decision(frame->incident);
    const struct plan *plan = frame->incident->plan;
    bool brief = area.cols < BRIEF_COLS;
    if (decision) {
        line_left(line, ROLE_DIM, brief ? "" : "DECIDED ");
        line_left(line, ROLE_TEXT, "%s %s: ", time_minute(frame->scratch, decision->at_ms),
                  decision->by);
        line_left(line, ROLE_STRONG, "%s", decision->title ? decision->title : decision->option);
        if (frame->page->view == &incident_view)
            decided_over(frame, line, decision);
        else
            line_left(line, ROLE_DIM, ", \"%s\"", decision->reason);
    } else {
        line_left(line, ROLE_WARN, "no decision yet");
        line_left(line, ROLE_KEY, ": %s", keys_for(frame->scratch, frame->keys, "any", "call"));
        line_left(line, ROLE_DIM, "  %s%s", plan ? "plan " : "no plan adopted",
                  plan ? plan->id : "");
    }
    way_back(frame, line, brief);
    line_draw(line, frame->canvas, area, row);
}

/* ---- lists on one line: the first always, others while they fit whole ------------------------ */

struct listing {
    struct line *line;
    int cols;
    size_t shown, left_out;
    bool late; /* the word was said */
};

/* Takes back what was appended since `place` where it doesn't fit. */
static void listed(struct listing *listing, size_t place) {
    bool fits = line_room(listing->line, listing->cols) >= MORE_CELLS;
    if (listing->shown && (!fits || listing->left_out)) {
        line_back(listing->line, place);
        listing->left_out++;
    } else {
        listing->shown++;
    }
}

/* Behind what is shown where there is room, in as many words; else at the edge, where it stays. */
static void list_end(struct listing *listing) {
    struct line *line = listing->line;
    size_t place = line_place(line);
    for (size_t i = 0; listing->left_out && i < 2; i++) {
        line_left(line, ROLE_STRONG, i ? "  +%zu" : "  +%zu more", listing->left_out);
        if (line_room(line, listing->cols) >= 0)
            return;
        line_back(line, place);
    }
    if (listing->left_out)
        line_right(line, ROLE_STRONG, " +%zu", listing->left_out);
}

/* ---- line 4: late ---------------------------------------------------------------------------- */

/* What nobody knows and what failed is worse than late. */
static void trouble_here(struct frame *frame, struct listing *listing) {
    static const struct {
        enum step_state state;
        const char *word;
    } troubles[] = {{STEP_UNKNOWN, "UNKNOWN"}, {STEP_FAILED, "FAILED"}};
    const struct incident *incident = frame->incident;
    for (size_t t = 0; t < ARRAY_SIZE(troubles); t++)
        for (size_t i = 0; i < incident->steps_count; i++) {
            const struct step *step = &incident->steps[i];
            size_t place = line_place(listing->line);
            if (step->record != troubles[t].state || step->spec->on_failure == FAILURE_CONTINUE)
                continue;
            const char *person = step_person(incident, step);
            line_left(listing->line, step_look(step->record).role, "%s%s %s",
                      listing->shown ? "; " : "! ", troubles[t].word, step->label);
            line_left(listing->line, ROLE_TEXT, ", %s", person ? person : "nobody");
            listed(listing, place);
        }
}

/* What is late stands whole; what is said about it in as many words as there is room for. */
static void add_says(struct frame *frame, const struct listing *listing, const struct step *step) {
    size_t place = line_place(listing->line);
    for (int brief = 0; brief <= 1; brief++) {
        const char *says = step_says(frame->scratch, step, brief);
        line_left(listing->line, ROLE_TEXT, "%s%s", *says ? ", " : "", says);
        if (line_room(listing->line, listing->cols) >= MORE_CELLS)
            return;
        line_back(listing->line, place);
    }
}

/* `other`: an incident that isn't the one shown, and must not hide behind it. */
static void late_clock(struct frame *frame, struct listing *listing, const struct clock *clock,
                       const struct incident *other) {
    struct line *line = listing->line;
    const char *over = duration_clock(frame->scratch, frame->now_ms - clock->due_ms);
    size_t place = line_place(line);
    line_left(line, ROLE_LATE, listing->shown ? "; %s" : "! %s ", listing->late ? "" : "LATE ");
    listing->late = true;
    if (other)
        line_left(line, ROLE_LATE, "INC-%lld ", (long long)other->number);
    line_left(line, ROLE_LATE, "%s", clock_label(frame->scratch, clock));
    line_left(line, ROLE_TEXT, ", %s, ", clock->who ? clock->who : "nobody");
    line_left(line, ROLE_LATE, "%s over", over);
    if (clock->step)
        add_says(frame, listing, clock->step);
    listed(listing, place);
}

/* When what is longest late here was due; INT64_MAX where nothing is. */
static int64_t late_here_since_ms(struct frame *frame, const struct clocks *clocks) {
    const struct clock *worst = clocks_worst(clocks, frame->now_ms);
    return worst ? worst->due_ms : INT64_MAX;
}

/* The others that are late: those that are later than what is late here (a drill never is), or the
 * rest. */
static void late_elsewhere(struct frame *frame, struct listing *listing, int64_t here_ms,
                           bool later) {
    for (size_t i = 0; i < frame->state->incidents_count; i++) {
        const struct incident *other = frame->state->incidents[i];
        if (other == frame->incident || !incident_is_open(other))
            continue;
        const struct clock *worst = clocks_worst(frame_clocks(frame, other), frame->now_ms);
        if (worst && later == (worst->due_ms < here_ms && !other->drill))
            late_clock(frame, listing, worst, other);
    }
}

static void list_late(struct frame *frame, struct listing *listing) {
    const struct clocks *clocks = frame_clocks(frame, frame->incident);
    int64_t here_ms = late_here_since_ms(frame, clocks);
    late_elsewhere(frame, listing, here_ms, true);
    for (size_t i = 0; i < clocks->count && clocks->list[i].due_ms < frame->now_ms; i++)
        if (!clocks->list[i].page)
            late_clock(frame, listing, &clocks->list[i], NULL);
    late_elsewhere(frame, listing, here_ms, false);
}

/* The failure that paused it stands before; a person is named. */
static void line_paused(struct frame *frame, struct line *line, int cols) {
    const struct incident *incident = frame->incident;
    const struct mark *paused = &incident->paused;
    if (!paused->by || line_room(line, cols) < PAUSED_CELLS)
        return;
    line_left(line, ROLE_WARN, line_place(line) ? "  " : "");
    if (incident->paused_for)
        line_left(line, ROLE_WARN, "the rest is PAUSED");
    else
        line_left(line, ROLE_WARN, "PAUSED by %s%s%s", paused->by, paused->reason ? ": " : "",
                  paused->reason ? paused->reason : "");
    line_left(line, ROLE_TEXT, "  ");
}

/* The last page for what is still so; NULL where there was none. */
static const struct fired *last_page(const struct incident *incident) {
    for (size_t i = incident->fired_count; i > 0; i--)
        if (fired_is_current(incident, &incident->fired[i - 1]))
            return &incident->fired[i - 1];
    return NULL;
}

/* Who is paged next for what is late already, and soon; or who was last. */
static void line_page(struct frame *frame, struct line *line) {
    const struct incident *incident = frame->incident;
    struct levels levels = incident_levels(frame->scratch, incident, frame->now_ms);
    const struct level *next = levels_worst(&levels, frame->now_ms);
    const struct fired *last = last_page(incident);
    int64_t left = next ? next->due_ms - frame->now_ms : INT64_MAX;
    if (left < HOUR_MS) {
        line_right(line, left < 0 ? ROLE_LATE : ROLE_DIM, "  pages %s %s%s",
                   level_called(frame->scratch, incident, next).words, left < 0 ? "+" : "in ",
                   duration_clock(frame->scratch, left));
    } else if (last) {
        line_right(line, ROLE_WARN, "  paged %s %s", last->to,
                   time_minute(frame->scratch, last->mark.at_ms));
    }
}

/* Somebody was called and doesn't know it: call them otherwise. */
static bool line_unreached(struct frame *frame, struct line *line) {
    const struct delivery *failing = incident_delivery_failing(frame->incident);
    if (failing)
        line_right(line, ROLE_LATE, "  %s NOT REACHED%s%s%s",
                   failing->person ? failing->person : failing->channel,
                   failing->person ? " by " : "", failing->person ? failing->channel : "",
                   delivery_is_given_up(failing) ? "" : " yet");
    return failing;
}

static void line_late(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    struct listing listing = {.line = line, .cols = area.cols};
    if (area.cols >= ROOMY_COLS && !line_unreached(frame, line))
        line_page(frame, line);
    trouble_here(frame, &listing);
    list_late(frame, &listing);
    list_end(&listing);
    line_paused(frame, line, area.cols);
    if (!listing.shown)
        line_left(line, ROLE_DIM, "nothing late");
    line_draw(line, frame->canvas, area, row);
}

/* ---- line 5: you ----------------------------------------------------------------------------- */

static void line_you(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    struct listing listing = {.line = line, .cols = area.cols};
    struct duties duties = incident_duties(frame->scratch, frame->incident, frame->me);
    if (duties.count == 0)
        line_left(line, ROLE_DIM, "nothing waits on you");
    else
        line_left(line, ROLE_YOU, "► YOU");
    for (size_t i = 0; i < duties.count; i++) {
        size_t place = line_place(line);
        line_left(line, ROLE_TEXT, area.cols < BRIEF_COLS ? " " : "   ");
        if (!frame->link.read_only) /* there it waits too, but no key does it */
            line_left(line, ROLE_KEY, "%zu ", i + 1);
        line_left(line, ROLE_STRONG, "%s", duties.list[i].words);
        listed(&listing, place);
    }
    list_end(&listing);
    line_draw(line, frame->canvas, area, row);
}

/* ---- the head -------------------------------------------------------------------------------- */

static void line_calm(struct frame *frame, struct area area, int row) {
    static const char *const words[] = {"", "declares an incident when something is wrong",
                                        "no decision to make", "nothing late",
                                        "nothing waits on you"};
    struct line *line = line_new(frame->scratch);
    if (row == 1)
        line_left(line, ROLE_KEY, "%s ", keys_for(frame->scratch, frame->keys, "any", "declare"));
    line_left(line, ROLE_DIM, "%s", words[row]);
    line_draw(line, frame->canvas, area, row);
}

void zone_head(struct frame *frame, struct area area) {
    static void (*const lines[])(struct frame *, struct area,
                                 int) = {zone_title, line_who, line_decided, line_late, line_you};
    for (int row = 0; row < area.rows && row < (int)ARRAY_SIZE(lines); row++)
        (frame->incident || row == 0 ? lines[row] : line_calm)(frame, area, row);
}
