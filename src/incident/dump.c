/* The whole state as JSON in a fixed order: what tests and `verify` compare. */
#include "config.h"

#include "incident/fold.h"

#include "base/json.h"
#include "base/xtalloc.h"
#include "incident/status.h"

static void dump_mark(struct json_writer *writer, const char *key, const struct mark *mark) {
    if (!mark->by)
        return;
    json_open_object(writer, key);
    json_string(writer, "by", mark->by);
    json_number(writer, "at", mark->at_ms);
    json_string(writer, "reason", mark->reason);
    json_close_object(writer);
}

static void dump_pairs(struct json_writer *writer, const char *key, const struct pair *pairs) {
    json_open_object(writer, key);
    for (; pairs && pairs->key; pairs++)
        json_string(writer, pairs->key, pairs->value);
    json_close_object(writer);
}

static void dump_concern(struct json_writer *writer, const struct concern *concern) {
    json_open_object(writer, NULL);
    json_number(writer, "number", concern->number);
    json_string(writer, "text", concern->text);
    dump_mark(writer, "raised", &concern->raised);
    dump_mark(writer, "answered", &concern->answered);
    json_close_object(writer);
}

static void dump_texts(struct json_writer *writer, const char *key, const char *const *texts) {
    json_open_array(writer, key);
    for (; *texts; texts++)
        json_string(writer, NULL, *texts);
    json_close_array(writer);
}

static void dump_fired(struct json_writer *writer, const struct fired *fired) {
    json_open_object(writer, NULL);
    json_string(writer, "late", fired->late);
    json_string(writer, "step", fired->step);
    json_number(writer, "onset", fired->onset_ms);
    json_number(writer, "level", fired->number);
    json_number(writer, "repeat", fired->repeat);
    json_number(writer, "due", fired->due_ms);
    json_number(writer, "missed", fired->missed);
    json_string(writer, "to", fired->to);
    dump_texts(writer, "people", fired->people);
    dump_texts(writer, "channels", fired->channels);
    dump_mark(writer, "fired", &fired->mark);
    json_flag(writer, "by_hand", fired->by_hand);
    json_number(writer, "seq", fired->seq);
    json_close_object(writer);
}

static void dump_delivery(struct json_writer *writer, const struct delivery *delivery) {
    json_open_object(writer, NULL);
    json_number(writer, "fired", delivery->fired);
    json_string(writer, "channel", delivery->channel);
    json_string(writer, "person", delivery->person);
    json_number(writer, "try", delivery->try);
    json_number(writer, "record", (int64_t)delivery->record);
    json_string(writer, "courier", delivery->courier);
    json_number(writer, "at", delivery->at_ms);
    json_number(writer, "until", delivery->until_ms);
    json_string(writer, "why", delivery->why);
    json_close_object(writer);
}

static void dump_snooze(struct json_writer *writer, const struct snooze *snooze) {
    if (!snooze->by)
        return;
    json_open_object(writer, "snooze");
    json_string(writer, "by", snooze->by);
    json_string(writer, "reason", snooze->reason);
    json_number(writer, "until", snooze->until_ms);
    json_close_object(writer);
}

static void dump_reports(struct json_writer *writer, const struct step *step) {
    if (step->estimate.by) {
        json_open_object(writer, "estimate");
        json_string(writer, "by", step->estimate.by);
        json_string(writer, "text", step->estimate.text);
        json_number(writer, "due", step->estimate.due_ms);
        json_close_object(writer);
    }
    if (step->report.by) {
        json_open_object(writer, "report");
        json_string(writer, "by", step->report.by);
        json_string(writer, "person", step->report.person);
        json_number(writer, "due", step->report.due_ms);
        json_number(writer, "every", step->report.every_ms);
        json_close_object(writer);
    }
}

static void dump_attempt(struct json_writer *writer, const struct attempt *attempt) {
    json_open_object(writer, NULL);
    json_number(writer, "number", attempt->number);
    json_string(writer, "by", attempt->by);
    json_number(writer, "started", attempt->started_ms);
    json_number(writer, "ended", attempt->ended_ms);
    json_string(writer, "outcome", step_state_name(attempt->outcome));
    json_string(writer, "evidence", attempt->evidence);
    json_string(writer, "reason", attempt->reason);
    json_string(writer, "output", attempt->output_sha256);
    json_number(writer, "bytes", attempt->output_bytes);
    json_string(writer, "run", attempt->work_run);
    json_flag(writer, "absent", attempt->absent);
    json_close_object(writer);
}

static void dump_run(struct json_writer *writer, const struct run *run) {
    json_open_object(writer, NULL);
    json_string(writer, "id", run->id);
    json_number(writer, "purpose", run->purpose);
    json_string(writer, "host", run->host);
    json_string(writer, "boot", run->boot);
    json_number(writer, "pid", run->pid);
    json_string(writer, "digest", run->digest);
    json_string(writer, "by", run->by);
    json_number(writer, "started", run->started_ms);
    json_flag(writer, "over", run->over);
    json_string(writer, "abort_by", run->abort_by);
    json_close_object(writer);
}

static void dump_step(struct json_writer *writer, const struct step *step) {
    json_open_object(writer, NULL);
    json_string(writer, "id", step->spec->id);
    json_number(writer, "number", step->number);
    json_string(writer, "record", step_state_name(step->record));
    json_flag(writer, "chosen", step->chosen);
    json_string(writer, "person", step->person);
    json_flag(writer, "when_judged", step->when_judged);
    json_string(writer, "when_why", step->when_why);
    json_string(writer, "ended_by", step->ended_by);
    json_string(writer, "reason", step->reason);
    json_flag(writer, "by_rule", step->by_rule);
    json_number(writer, "changed", step->changed_ms);
    json_number(writer, "last_seq", step->last_seq);
    dump_reports(writer, step);
    dump_pairs(writer, "outputs", step->outputs);
    json_open_array(writer, "attempts");
    for (size_t i = 0; i < step->attempts_count; i++)
        dump_attempt(writer, &step->attempts[i]);
    json_close_array(writer);
    json_open_array(writer, "runs");
    for (size_t i = 0; i < step->runs_count; i++)
        dump_run(writer, &step->runs[i]);
    json_close_array(writer);
    json_close_object(writer);
}

static void dump_role(struct json_writer *writer, const struct role_holding *holding) {
    json_open_object(writer, NULL);
    json_string(writer, "role", holding->role);
    json_string(writer, "holder", holding->holder);
    json_number(writer, "since", holding->since_ms);
    json_string(writer, "offered_to", holding->offered_to);
    json_string(writer, "offered_by", holding->offered_by);
    json_close_object(writer);
}

static void dump_decision(struct json_writer *writer, const struct decision *decision) {
    json_open_object(writer, NULL);
    json_string(writer, "option", decision->option);
    json_string(writer, "title", decision->title);
    json_string(writer, "reason", decision->reason);
    json_string(writer, "by", decision->by);
    json_number(writer, "at", decision->at_ms);
    json_close_object(writer);
}

static void dump_marks(struct json_writer *writer, const struct incident *incident) {
    dump_mark(writer, "declared", &incident->declared);
    dump_mark(writer, "acknowledged", &incident->acknowledged);
    dump_mark(writer, "adopted", &incident->adopted);
    dump_mark(writer, "paused", &incident->paused);
    dump_mark(writer, "recovered", &incident->recovered);
    dump_mark(writer, "resolved", &incident->resolved);
    dump_mark(writer, "closed", &incident->closed);
    dump_mark(writer, "abandoned", &incident->abandoned);
    json_string(writer, "paused_for", incident->paused_for);
}

static void dump_lists(struct json_writer *writer, const struct incident *incident) {
    json_open_array(writer, "decisions");
    for (size_t i = 0; i < incident->decisions_count; i++)
        dump_decision(writer, &incident->decisions[i]);
    json_close_array(writer);
    json_open_array(writer, "roles");
    for (size_t i = 0; i < incident->roles_count; i++)
        dump_role(writer, &incident->roles[i]);
    json_close_array(writer);
    json_open_array(writer, "fired");
    for (size_t i = 0; i < incident->fired_count; i++)
        dump_fired(writer, &incident->fired[i]);
    json_close_array(writer);
    json_open_array(writer, "deliveries");
    for (size_t i = 0; i < incident->deliveries_count; i++)
        dump_delivery(writer, &incident->deliveries[i]);
    json_close_array(writer);
    dump_snooze(writer, &incident->snooze);
    json_open_array(writer, "concerns");
    for (size_t i = 0; i < incident->concerns_count; i++)
        dump_concern(writer, &incident->concerns[i]);
    json_close_array(writer);
    json_open_array(writer, "steps");
    for (size_t i = 0; i < incident->steps_count; i++)
        dump_step(writer, &incident->steps[i]);
    json_close_array(writer);
    json_open_array(writer, "former");
    for (size_t i = 0; i < incident->former_count; i++)
        dump_step(writer, &incident->former[i]);
    json_close_array(writer);
    json_open_array(writer, "events");
    for (size_t i = 0; i < incident->events_count; i++)
        json_number(writer, NULL, incident->events[i].seq);
    json_close_array(writer);
}

static void dump_incident(struct json_writer *writer, const struct incident *incident) {
    json_open_object(writer, NULL);
    json_number(writer, "number", incident->number);
    json_string(writer, "title", incident->title);
    json_string(writer, "service", incident->service);
    json_number(writer, "severity", incident->severity);
    json_flag(writer, "drill", incident->drill);
    json_string(writer, "detected_by", incident->detected_by);
    json_number(writer, "detected", incident->detected_ms);
    dump_marks(writer, incident);
    json_string(writer, "plan", incident->plan ? incident->plan->sha256 : NULL);
    json_string(writer, "folder", incident->plan_folder);
    json_string(writer, "accepted", incident->accepted);
    dump_pairs(writer, "inputs", incident->inputs);
    json_flag(writer, "decision_void", incident->decision_void);
    json_number(writer, "commander_spoke", incident->commander_spoke_ms);
    json_number(writer, "notes", incident->notes_count);
    json_number(writer, "unknown", incident->unknown_events);
    json_number(writer, "last_seq", incident->last_seq);
    dump_lists(writer, incident);
    json_close_object(writer);
}

char *state_dump(const void *parent, const struct state *state) {
    struct json_writer *writer = json_writer_new(NULL);
    json_open_object(writer, NULL);
    json_string(writer, "store", state->store);
    json_number(writer, "format", state->format);
    json_number(writer, "last_seq", state->last_seq);
    json_number(writer, "unknown", state->unknown_events);
    dump_mark(writer, "restored", &state->restored);
    if (state->inherited)
        json_number(writer, "inherited", state->inherited);
    if (*state->epoch)
        json_string(writer, "epoch", state->epoch);
    if (state->last_incident)
        json_number(writer, "last_incident", state->last_incident);
    if (state->roster)
        json_string(writer, "roster", state->roster->sha256);
    dump_mark(writer, "applied", &state->applied);
    json_open_array(writer, "incidents");
    for (size_t i = 0; i < state->incidents_count; i++)
        dump_incident(writer, state->incidents[i]);
    json_close_array(writer);
    json_close_object(writer);
    char *text = xtalloc_strdup(parent, json_text(writer));
    talloc_free(writer);
    return text;
}
