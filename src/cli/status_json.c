#include "config.h"

#include "cli/status.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/deliveries.h"
#include "incident/invocation.h"
#include "incident/levels.h"
#include "incident/status.h"
#include "run/sweep.h"

static void write_time(struct json_writer *writer, const char *key, int64_t at_ms) {
    char *text = at_ms ? time_rfc3339(NULL, at_ms) : NULL;
    json_string(writer, key, text);
    talloc_free(text);
}

static void write_decision(struct json_writer *writer, const struct decision *decision) {
    if (!decision) {
        json_raw(writer, "decision", "null");
        return;
    }
    json_open_object(writer, "decision");
    json_string(writer, "option", decision->option);
    json_string(writer, "title", decision->title);
    json_string(writer, "reason", decision->reason);
    json_string(writer, "by", decision->by);
    write_time(writer, "at", decision->at_ms);
    json_close_object(writer);
}

static void write_eta(struct json_writer *writer, const struct estimate *estimate) {
    if (!estimate->by) {
        json_raw(writer, "eta", "null");
        return;
    }
    json_open_object(writer, "eta");
    write_time(writer, "due", estimate->due_ms);
    json_string(writer, "by", estimate->by);
    json_string(writer, "text", estimate->text);
    json_close_object(writer);
}

static void write_step(struct json_writer *writer, const struct incident *incident,
                       const struct step *step, int64_t now_ms) {
    json_open_object(writer, NULL);
    json_number(writer, "number", step->number);
    json_string(writer, "id", step->spec->id);
    json_string(writer, "title", plan_words(writer, incident, step->spec->title));
    json_string(writer, "state", step_state_name(step_state(incident, step)));
    json_string(writer, "owner", step_person(incident, step));
    json_string(writer, "role", step->spec->owner);
    json_number(writer, "attempt", (int64_t)step->attempts_count);
    json_string(writer, "reason", step->reason);
    json_flag(writer, "lost", run_is_lost(step_run(step), now_ms));
    write_eta(writer, &step->estimate);
    json_close_object(writer);
}

static void write_clock(struct json_writer *writer, const struct clock *clock) {
    json_open_object(writer, NULL);
    json_string(writer, "what", clock->what);
    json_string(writer, "step", clock->step ? clock->step->spec->id : NULL);
    write_time(writer, "due", clock->due_ms);
    json_string(writer, "who", clock->who);
    json_close_object(writer);
}

static void write_role(struct json_writer *writer, const struct role_holding *holding) {
    json_open_object(writer, NULL);
    json_string(writer, "role", holding->role);
    json_string(writer, "holder", holding->holder);
    json_string(writer, "offered_to", holding->offered_to);
    json_close_object(writer);
}

static void write_concern(struct json_writer *writer, const struct concern *concern) {
    json_open_object(writer, NULL);
    json_number(writer, "number", concern->number);
    json_string(writer, "text", concern->text);
    json_string(writer, "by", concern->raised.by);
    write_time(writer, "at", concern->raised.at_ms);
    json_string(writer, "answered_by", concern->answered.by);
    json_string(writer, "answer", concern->answered.reason);
    json_close_object(writer);
}

static void write_texts(struct json_writer *writer, const char *key, const char *const *texts) {
    json_open_array(writer, key);
    for (; *texts; texts++)
        json_string(writer, NULL, *texts);
    json_close_array(writer);
}

static void write_deliveries(struct json_writer *writer, const struct incident *incident,
                             const struct fired *fired) {
    static const char *const records[] = {
        [DELIVERY_BEGUN] = "begun", [DELIVERY_SENT] = "sent", [DELIVERY_FAILED] = "failed"};
    json_open_array(writer, "pages");
    for (size_t i = 0; i < incident->deliveries_count; i++) {
        const struct delivery *delivery = &incident->deliveries[i];
        if (delivery->fired != fired->seq)
            continue;
        json_open_object(writer, NULL);
        json_string(writer, "channel", delivery->channel);
        json_string(writer, "person", delivery->person);
        json_string(writer, "state", records[delivery->record]);
        json_number(writer, "try", delivery->try);
        json_flag(writer, "given_up", delivery_is_given_up(delivery));
        write_time(writer, "at", delivery->at_ms);
        json_string(writer, "why", delivery->why);
        json_close_object(writer);
    }
    json_close_array(writer);
}

static void write_fired(struct json_writer *writer, const struct incident *incident,
                        const struct fired *fired) {
    json_open_object(writer, NULL);
    json_string(writer, "late", fired->late);
    json_string(writer, "step", fired->step);
    json_number(writer, "level", fired->number);
    json_number(writer, "repeat", fired->repeat);
    json_number(writer, "missed", fired->missed);
    write_texts(writer, "people", fired->people);
    write_texts(writer, "channels", fired->channels);
    write_time(writer, "due", fired->due_ms);
    write_time(writer, "at", fired->mark.at_ms);
    json_string(writer, "by", fired->by_hand ? fired->mark.by : NULL);
    json_flag(writer, "current", fired_is_current(incident, fired));
    write_deliveries(writer, incident, fired);
    json_close_object(writer);
}

static void write_snooze(struct json_writer *writer, const struct snooze *snooze) {
    if (!snooze->by) {
        json_raw(writer, "snooze", "null");
        return;
    }
    json_open_object(writer, "snooze");
    write_time(writer, "until", snooze->until_ms);
    json_string(writer, "by", snooze->by);
    json_string(writer, "reason", snooze->reason);
    json_close_object(writer);
}

static void write_lists(struct json_writer *writer, const struct incident *incident,
                        int64_t now_ms) {
    struct clocks clocks = incident_clocks(writer, incident);
    json_open_array(writer, "roles");
    for (size_t i = 0; i < incident->roles_count; i++)
        write_role(writer, &incident->roles[i]);
    json_close_array(writer);
    json_open_array(writer, "steps");
    for (size_t i = 0; i < incident->steps_count; i++)
        write_step(writer, incident, &incident->steps[i], now_ms);
    json_close_array(writer);
    json_open_array(writer, "clocks");
    for (size_t i = 0; i < clocks.count; i++)
        write_clock(writer, &clocks.list[i]);
    json_close_array(writer);
    json_open_array(writer, "escalations");
    for (size_t i = 0; i < incident->fired_count; i++)
        write_fired(writer, incident, &incident->fired[i]);
    json_close_array(writer);
    write_snooze(writer, &incident->snooze);
    json_open_array(writer, "concerns");
    for (size_t i = 0; i < incident->concerns_count; i++)
        write_concern(writer, &incident->concerns[i]);
    json_close_array(writer);
}

void status_write(struct json_writer *writer, const struct incident *incident, int64_t now_ms) {
    json_open_object(writer, NULL);
    json_number(writer, "number", incident->number);
    json_string(writer, "title", incident->title);
    json_number(writer, "severity", incident->severity);
    json_string(writer, "state", phase_name(incident_phase(incident)));
    json_flag(writer, "paused", incident->paused.by != NULL);
    json_flag(writer, "drill", incident->drill);
    json_string(writer, "service", incident->service);
    json_string(writer, "plan", incident->plan ? incident->plan->id : NULL);
    json_string(writer, "commander", incident_commander(incident));
    write_time(writer, "declared", incident->declared.at_ms);
    write_decision(writer, incident_decision(incident));
    json_number(writer, "seq", incident->last_seq);
    write_lists(writer, incident, now_ms);
    json_close_object(writer);
}
