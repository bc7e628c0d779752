#include "config.h"

#include "incident/brief.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/levels.h"
#include "incident/status.h"

#include <string.h>

/* Of what is to come so many are enough. */
#define CLOCKS 3

struct brief {
    const struct incident *incident;
    int64_t now_ms;
    struct clocks clocks;
    void *scratch;
    char *line, *text;
};

static void add(struct brief *brief, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct brief *brief, const char *format, ...) {
    va_list args;
    va_start(args, format);
    brief->line = xtalloc_check(talloc_vasprintf_append(brief->line, format, args));
    va_end(args);
}

/* No word of a title makes a line of its own. */
static void end_line(struct brief *brief) {
    char *clean = text_clean(brief->scratch, brief->line, strlen(brief->line));
    brief->text = xtalloc_asprintf_append(brief->text, "%s\n", clean);
    TALLOC_FREE(brief->line);
    brief->line = xtalloc_strdup(brief->scratch, "");
}

static const char *minute(const struct brief *brief, int64_t at_ms) {
    return time_minute(brief->scratch, at_ms);
}

/* ---- a function a line ----------------------------------------------------------------------- */

static void say_what(struct brief *brief) {
    const struct incident *incident = brief->incident;
    add(brief, "%sSEV%lld INC-%lld %s: %s%s, T+%s at %s UTC", incident->drill ? "DRILL " : "",
        (long long)incident->severity, (long long)incident->number, incident->title,
        phase_words(incident_phase(incident)), incident->paused.by ? ", PAUSED" : "",
        duration_clock(brief->scratch, incident_age_ms(incident, brief->now_ms)),
        time_clock(brief->scratch, brief->now_ms));
    end_line(brief);
}

static void say_since(struct brief *brief) {
    const struct incident *incident = brief->incident;
    if (incident->detected_ms)
        add(brief, "seen %s%s%s, ", minute(brief, incident->detected_ms),
            incident->detected_by ? " by " : "",
            incident->detected_by ? incident->detected_by : "");
    add(brief, "declared %s by %s", minute(brief, incident->declared.at_ms), incident->declared.by);
    if (incident->acknowledged.by)
        add(brief, ", acknowledged %s by %s", minute(brief, incident->acknowledged.at_ms),
            incident->acknowledged.by);
    if (incident->recovered.by)
        add(brief, ", recovered %s by %s", minute(brief, incident->recovered.at_ms),
            incident->recovered.by);
    if (*incident->service)
        add(brief, "; service %s", incident->service);
    end_line(brief);
}

static void say_people(struct brief *brief) {
    const struct incident *incident = brief->incident;
    const char *commander = incident_commander(incident);
    add(brief, "IC %s", commander ? commander : "NOBODY");
    for (size_t i = 0; i < incident->roles_count; i++) {
        const struct role_holding *holding = &incident->roles[i];
        if (holding->holder && strcmp(holding->role, "commander") != 0)
            add(brief, ", %s %s", holding->role, holding->holder);
    }
    end_line(brief);
}

static void say_decision(struct brief *brief) {
    const struct decision *decision = incident_decision(brief->incident);
    const char *back = incident_go_back(brief->scratch, brief->incident);
    if (!decision)
        add(brief, "no decision yet");
    else
        add(brief, "DECIDED %s %s: %s, \"%s\"", minute(brief, decision->at_ms), decision->by,
            decision->title ? decision->title : decision->option,
            decision->reason ? decision->reason : "");
    if (*back)
        add(brief, "; GO BACK? %s", back);
    end_line(brief);
}

/* "; RUNNING 3 undo-code (lee), 4 reset-config (lee)": the steps of one state. */
static void add_steps(struct brief *brief, enum step_state state, const char *word) {
    const struct incident *incident = brief->incident;
    const char *between = word;
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        const char *person = step_person(incident, step);
        if (step_state(incident, step) != state)
            continue;
        add(brief, "%s%s (%s)", between, step->label, person ? person : "NOBODY");
        between = ", ";
    }
}

static void say_steps(struct brief *brief) {
    static const struct {
        enum step_state state;
        const char *word;
    } told[] = {{STEP_UNKNOWN, "; UNKNOWN "},
                {STEP_FAILED, "; FAILED "},
                {STEP_RUNNING, "; runs "},
                {STEP_VERIFYING, "; verifies "},
                {STEP_READY, "; ready "}};
    struct step_counts counts = incident_counts(brief->incident);
    if (!counts.chosen)
        return;
    add(brief, "%zu of %zu steps done", counts.over, counts.chosen);
    for (size_t i = 0; i < ARRAY_SIZE(told); i++)
        add_steps(brief, told[i].state, told[i].word);
    end_line(brief);
}

static void say_late(struct brief *brief) {
    const char *between = "LATE ";
    for (size_t i = 0; i < brief->clocks.count; i++) {
        const struct clock *clock = &brief->clocks.list[i];
        const char *says = clock->step ? step_says(brief->scratch, clock->step, false) : "";
        if (clock->page || clock->due_ms >= brief->now_ms)
            continue;
        add(brief, "%s%s, %s, %s over%s%s", between, clock_label(brief->scratch, clock),
            clock->who ? clock->who : "nobody's",
            duration_clock(brief->scratch, brief->now_ms - clock->due_ms), *says ? ", " : "", says);
        between = "; ";
    }
    if (*between != ';')
        add(brief, "nothing late");
    end_line(brief);
}

static void say_next(struct brief *brief) {
    const char *between = "next ";
    size_t told = 0;
    for (size_t i = 0; i < brief->clocks.count && told < CLOCKS; i++) {
        const struct clock *clock = &brief->clocks.list[i];
        if (clock->due_ms < brief->now_ms)
            continue;
        add(brief, "%s%s %s%s%s", between, clock_label(brief->scratch, clock),
            clock_due_words(brief->scratch, clock, brief->now_ms), clock->who ? " " : "",
            clock->who ? clock->who : "");
        between = ", ";
        told++;
    }
    if (told)
        end_line(brief);
}

static void say_concerns(struct brief *brief) {
    const struct incident *incident = brief->incident;
    for (size_t i = 0; i < incident->concerns_count; i++) {
        const struct concern *concern = &incident->concerns[i];
        if (concern->answered.by)
            continue;
        add(brief, "CONCERN %lld of %s: %s", (long long)concern->number, concern->raised.by,
            concern->text);
        end_line(brief);
    }
}

/* Whom nobody can reach has to be called by other means. */
static void say_pages(struct brief *brief) {
    const struct incident *incident = brief->incident;
    for (size_t i = incident->fired_count; i-- > 0;) {
        const struct fired *fired = &incident->fired[i];
        if (!fired_is_current(incident, fired))
            continue;
        add(brief, "paged %s at %s", fired->to, minute(brief, fired->mark.at_ms));
        end_line(brief);
        return;
    }
}

static void say_where(struct brief *brief) {
    const struct plan *plan = brief->incident->plan;
    if (!plan)
        return;
    add(brief, "plan %s version %lld, %.8s", plan->id, (long long)plan->version, plan->sha256);
    if (plan->channel)
        add(brief, "; %s", plan->channel);
    if (plan->ticket)
        add(brief, "; %s", plan->ticket);
    end_line(brief);
}

static void (*const lines[])(struct brief *brief) = {say_what,  say_since, say_people, say_decision,
                                                     say_steps, say_late,  say_next,   say_concerns,
                                                     say_pages, say_where};

char *incident_brief(const void *parent, const struct incident *incident, int64_t now_ms) {
    void *scratch = talloc_new(NULL);
    struct brief brief = {.incident = incident,
                          .now_ms = now_ms,
                          .clocks = incident_clocks(scratch, incident),
                          .scratch = scratch,
                          .line = xtalloc_strdup(scratch, ""),
                          .text = xtalloc_strdup(parent, "")};
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        lines[i](&brief);
    talloc_free(scratch);
    return brief.text;
}

/* ---- with a page ----------------------------------------------------------------------------- */

static char *fired_words(const void *parent, const struct incident *incident,
                         const struct fired *fired) {
    enum lateness late;
    if (!lateness_parse(fired->late, &late))
        return xtalloc_strdup(parent, fired->late);
    return late_words(parent, late, incident_step(incident, fired->step));
}

char *page_subject(const void *parent, const struct incident *incident, const struct fired *fired) {
    void *scratch = talloc_new(NULL);
    char *subject =
        xtalloc_asprintf(scratch, "%sSEV%lld INC-%lld %s: %s", incident->drill ? "DRILL " : "",
                         (long long)incident->severity, (long long)incident->number,
                         incident->title, fired_words(scratch, incident, fired));
    char *clean = text_clean(parent, subject, strlen(subject));
    talloc_free(scratch);
    return clean;
}

char *page_message(const void *parent, const struct incident *incident, const struct fired *fired,
                   const char *person, int64_t now_ms) {
    char *subject = page_subject(NULL, incident, fired);
    char *brief = incident_brief(NULL, incident, now_ms);
    char *message = xtalloc_asprintf(parent, "%s\n\nfor %s, level %lld%s\n%s%s", subject,
                                     person ? person : fired->to, (long long)fired->number,
                                     fired->missed ? ", for nobody was called before" : "",
                                     incident->drill ? "This is a drill.\n" : "", brief);
    talloc_free(subject);
    talloc_free(brief);
    return message;
}
