/* Incidents as words: one in full, or one a line. */
#include "config.h"

#include "cli/status.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/table.h"
#include "incident/clocks.h"
#include "incident/deliveries.h"
#include "incident/events.h"
#include "incident/invocation.h"
#include "incident/levels.h"
#include "incident/status.h"
#include "run/sweep.h"

#include <stdlib.h>
#include <string.h>

#define LOG_LINES 8

/* ---- words that both forms use ---- */

static char *age_words(const void *parent, const struct incident *incident, int64_t now_ms) {
    return xtalloc_asprintf(parent, "T+%s",
                            duration_clock(parent, incident_age_ms(incident, now_ms)));
}

static char *severity_words(const void *parent, const struct incident *incident) {
    return xtalloc_asprintf(parent, "SEV%lld%s", (long long)incident->severity,
                            incident->drill ? " DRILL" : "");
}

static const char *state_words(const void *parent, const struct incident *incident) {
    const char *words = phase_words(incident_phase(incident));
    return incident->paused.by ? xtalloc_asprintf(parent, "%s, PAUSED", words) : words;
}

/* ---- all that are open ---- */

static const char *const headings[] = {"INCIDENT", "SEVERITY", "TITLE", "STATE",
                                       "IC",       "STEPS",    "CLOCK", "AGE"};
#define COLUMNS ARRAY_SIZE(headings)

/* The clock that is longest late, else the next one that is due. */
static const char *clock_cell(const void *parent, const struct incident *incident, int64_t now_ms) {
    struct clocks clocks = incident_clocks(parent, incident);
    const struct clock *next = clocks_next(&clocks);
    if (!next)
        return NULL;
    return xtalloc_asprintf(parent, "%s %s", clock_due_words(parent, next, now_ms),
                            clock_label(parent, next));
}

static void add_row(struct table *table, const struct incident *incident, int64_t now_ms) {
    struct step_counts counts = incident_counts(incident);
    table_cell(table, xtalloc_asprintf(table, "INC-%lld", (long long)incident->number));
    table_cell(table, severity_words(table, incident));
    table_cell(table, incident->title);
    table_cell(table, state_words(table, incident));
    table_cell(table, incident_commander(incident));
    table_cell(table, xtalloc_asprintf(table, "%zu/%zu", counts.over, counts.chosen));
    table_cell(table, clock_cell(table, incident, now_ms));
    table_cell(table, age_words(table, incident, now_ms));
}

/* Live before drill, then by severity, then the newer one first. */
static int by_worse(const void *a, const void *b) {
    const struct incident *left = *(struct incident *const *)a;
    const struct incident *right = *(struct incident *const *)b;
    if (left->drill != right->drill)
        return left->drill ? 1 : -1;
    if (left->severity != right->severity)
        return left->severity < right->severity ? -1 : 1;
    return left->number > right->number ? -1 : 1;
}

void status_print_all(struct incident *const *incidents, size_t count, int64_t now_ms) {
    struct table *table = table_new(NULL, COLUMNS, 0);
    struct incident **open = xtalloc_zero_array(table, struct incident *, count + 1);
    size_t open_count = 0;
    for (size_t i = 0; i < count; i++)
        if (incident_is_open(incidents[i]))
            open[open_count++] = incidents[i];
    qsort(open, open_count, sizeof(struct incident *), by_worse);
    for (size_t i = 0; i < COLUMNS; i++)
        table_cell(table, headings[i]);
    for (size_t i = 0; i < open_count; i++)
        add_row(table, open[i], now_ms);
    if (open_count)
        table_print(table);
    else
        out_line("no open incident");
    talloc_free(table);
}

/* ---- one in full: a function a paragraph ---- */

struct page {
    const struct incident *incident;
    int64_t now_ms;
    void *scratch;
};

static void print_head(const struct page *page) {
    const struct incident *incident = page->incident;
    out_line("%s INC-%lld %s  %s  %s", severity_words(page->scratch, incident),
             (long long)incident->number, incident->title, state_words(page->scratch, incident),
             age_words(page->scratch, incident, page->now_ms));
    out_line("declared %s by %s%s%s", time_rfc3339(page->scratch, incident->declared.at_ms),
             incident->declared.by, *incident->service ? ", service " : "", incident->service);
}

static void print_mark(const struct page *page, const char *what, const struct mark *mark) {
    if (mark->by)
        out_line("%s %s by %s%s%s", what, time_clock(page->scratch, mark->at_ms), mark->by,
                 mark->reason ? ": " : "", mark->reason ? mark->reason : "");
}

static void print_marks(const struct page *page) {
    const struct incident *incident = page->incident;
    print_mark(page, "acknowledged", &incident->acknowledged);
    print_mark(page, "PAUSED", &incident->paused);
    print_mark(page, "recovered", &incident->recovered);
    print_mark(page, "resolved", &incident->resolved);
    print_mark(page, "closed", &incident->closed);
    print_mark(page, "abandoned", &incident->abandoned);
}

static void print_people(const struct page *page) {
    const struct incident *incident = page->incident;
    const char *commander = incident_commander(incident);
    out_line("IC %s", commander ? commander : "nobody: take N commander");
    for (size_t i = 0; i < incident->roles_count; i++) {
        const struct role_holding *holding = &incident->roles[i];
        if (holding->holder && strcmp(holding->role, "commander") != 0)
            out_line("%s %s", holding->role, holding->holder);
        if (holding->offered_to)
            out_line("%s is offered to %s by %s", holding->role, holding->offered_to,
                     holding->offered_by);
    }
}

static void print_decision(const struct page *page) {
    const struct incident *incident = page->incident;
    const struct decision *decision = incident_decision(incident);
    const char *back = incident_go_back(page->scratch, incident);
    if (incident->plan)
        out_line("PLAN %s version %lld, %.8s", incident->plan->id,
                 (long long)incident->plan->version, incident->plan->sha256);
    if (incident->accepted)
        out_line("  taken with errors: %s", incident->accepted);
    if (decision)
        out_line("DECIDED %s %s: %s, \"%s\"", time_minute(page->scratch, decision->at_ms),
                 decision->by, decision->title ? decision->title : decision->option,
                 decision->reason ? decision->reason : "");
    else
        out_line("no decision yet");
    if (*back)
        out_line("GO BACK? %s", back);
}

static void print_late(const struct page *page, const struct clock *worst) {
    if (!worst) {
        out_line("nothing late");
        return;
    }
    const char *says = worst->step ? step_says(page->scratch, worst->step, false) : "";
    out_line("LATE %s, %s, %s over%s%s", clock_label(page->scratch, worst),
             worst->who ? worst->who : "nobody's",
             duration_clock(page->scratch, page->now_ms - worst->due_ms), *says ? ", " : "", says);
}

/* What of a page can't be brought to its channel: whoever reads this calls them otherwise. */
static void print_deliveries(const struct page *page, const struct fired *fired) {
    const struct incident *incident = page->incident;
    for (size_t i = 0; i < incident->deliveries_count; i++) {
        const struct delivery *delivery = &incident->deliveries[i];
        if (delivery->fired == fired->seq && delivery->record == DELIVERY_FAILED)
            out_line("PAGE%s%s by %s FAILED%s, try %lld: %s", delivery->person ? " to " : "",
                     delivery->person ? delivery->person : "", delivery->channel,
                     delivery_is_given_up(delivery) ? " for good" : "", (long long)delivery->try,
                     delivery->why ? delivery->why : "");
    }
}

/* Whom a keeper or somebody by hand called for what is still so, and what was put off. */
static void print_escalations(const struct page *page) {
    const struct incident *incident = page->incident;
    const struct snooze *snooze = &incident->snooze;
    for (size_t i = 0; i < incident->fired_count; i++) {
        const struct fired *fired = &incident->fired[i];
        enum lateness late;
        if (!fired_is_current(incident, fired) || !lateness_parse(fired->late, &late))
            continue;
        const char *what = late_words(page->scratch, late, incident_step(incident, fired->step));
        out_line("PAGED %s %s: %s, level %lld", fired->to,
                 time_minute(page->scratch, fired->mark.at_ms), what, (long long)fired->number);
        print_deliveries(page, fired);
    }
    if (snooze->by && snooze->until_ms > page->now_ms)
        out_line("SNOOZED until %s by %s: %s", time_minute(page->scratch, snooze->until_ms),
                 snooze->by, snooze->reason);
}

static void print_concerns(const struct page *page) {
    const struct incident *incident = page->incident;
    for (size_t i = 0; i < incident->concerns_count; i++) {
        const struct concern *concern = &incident->concerns[i];
        if (!concern->answered.by)
            out_line("CONCERN %lld of %s, %s: %s", (long long)concern->number, concern->raised.by,
                     time_minute(page->scratch, concern->raised.at_ms), concern->text);
    }
}

static void print_clocks(const struct page *page) {
    struct clocks clocks = incident_clocks(page->scratch, page->incident);
    struct table *table = table_new(page->scratch, 3, 1);
    print_late(page, clocks_worst(&clocks, page->now_ms));
    if (!clocks.count)
        return;
    out_line("CLOCKS");
    for (size_t i = 0; i < clocks.count; i++) {
        table_cell(table, clock_due_words(table, &clocks.list[i], page->now_ms));
        table_cell(table, clock_label(table, &clocks.list[i]));
        table_cell(table, clocks.list[i].who);
    }
    table_print(table);
}

static const char *attempt_words(const void *parent, const struct step *step) {
    if (!step->attempts_count)
        return "";
    return xtalloc_asprintf(parent, "attempt %zu", step->attempts_count);
}

/* Who only looks writes nothing, so it is still running on the record. */
static const char *lost_words(const struct page *page, const struct step *step) {
    return xtalloc_asprintf(
        page->scratch, "its runner (pid %lld) is gone: `backout check %lld %s` finds out",
        (long long)step_run(step)->pid, (long long)page->incident->number, step->spec->id);
}

/* When it will be done, why it waits, or why it is as it is. */
static const char *step_why(const struct page *page, const struct step *step) {
    if (run_is_lost(step_run(step), page->now_ms))
        return lost_words(page, step);
    const char *waits = step_waits_for(page->scratch, page->incident, step);
    const char *says = step_says(page->scratch, step, false);
    if (*says)
        return says;
    if (*waits)
        return waits;
    return step->reason ? step->reason : "";
}

static void print_steps(const struct page *page) {
    const struct incident *incident = page->incident;
    struct step_counts counts = incident_counts(incident);
    struct table *table = table_new(page->scratch, 6, 1);
    if (!incident->steps_count)
        return;
    out_line("STEPS %zu of %zu done, %zu runs, %zu unknown, %zu failed", counts.over, counts.chosen,
             counts.running, counts.unknown, counts.failed);
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        table_cell(table, step->label);
        table_cell(table, plan_words(table, incident, step->spec->title));
        table_cell(table, step_state_name(step_state(incident, step)));
        table_cell(table, step_person(incident, step));
        table_cell(table, attempt_words(table, step));
        table_cell(table, step_why(page, step));
    }
    table_print(table);
}

static void print_log(const struct page *page) {
    const struct incident *incident = page->incident;
    size_t first = incident->events_count > LOG_LINES ? incident->events_count - LOG_LINES : 0;
    struct table *table = table_new(page->scratch, 3, 1);
    out_line("LOG");
    for (size_t i = first; i < incident->events_count; i++) {
        const struct event *event = &incident->events[i];
        table_cell(table, time_clock(table, event->at_ms));
        table_cell(table, event_doer(event));
        table_cell(table, event_sentence(table, incident, event));
    }
    table_print(table);
}

static void (*const paragraphs[])(const struct page *page) = {
    print_head,        print_marks,    print_people, print_decision, print_clocks,
    print_escalations, print_concerns, print_steps,  print_log};

void status_print(const struct incident *incident, int64_t now_ms) {
    struct page page = {incident, now_ms, talloc_new(NULL)};
    for (size_t i = 0; i < ARRAY_SIZE(paragraphs); i++)
        paragraphs[i](&page);
    talloc_free(page.scratch);
}
