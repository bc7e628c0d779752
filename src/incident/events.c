#include "config.h"

#include "incident/events.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/fold_kinds.h"

#include <string.h>

/* clang-format off: one row a kind reads best when each stands alone. */
const struct event_type event_types[EVENT_KIND_COUNT] = {
    [EVENT_STORE_CREATED] =
        {
            .name = "store.created",
            .of_store = true,
            .fields = store_created_fields,
            .size = sizeof(struct body_store_created),
            .fold = fold_store_created,
            .sentence = "created the store {store}, format {format}",
        },
    [EVENT_STORE_RESTORED] =
        {
            .name = "store.restored",
            .of_store = true,
            .fields = store_restored_fields,
            .size = sizeof(struct body_store_restored),
            .fold = fold_store_restored,
            .sentence = "RESTORED the store to event {to_seq}[ from event {from_seq}][: {reason}]",
        },
    [EVENT_STORE_CONTINUED] =
        {
            .name = "store.continued",
            .of_store = true,
            .fields = store_continued_fields,
            .size = sizeof(struct body_store_continued),
            .fold = fold_store_continued,
            .sentence = "CONTINUES store {store} from its event {seq}[: {reason}]",
        },
    [EVENT_PLAN_FROZEN] =
        {
            .name = "plan.frozen",
            .of_store = true,
            .fields = plan_frozen_fields,
            .size = sizeof(struct body_plan_frozen),
            .fold = fold_plan_frozen,
            .sentence = "froze plan {sha256}",
        },
    [EVENT_ROSTER_APPLIED] =
        {
            .name = "roster.applied",
            .of_store = true,
            .fields = roster_applied_fields,
            .size = sizeof(struct body_roster_applied),
            .fold = fold_roster_applied,
            .sentence = "APPLIED roster {sha256}",
        },
    [EVENT_DECLARED] =
        {
            .name = "incident.declared",
            .fields = declared_fields,
            .size = sizeof(struct body_declared),
            .fold = fold_declared,
            .sentence = "DECLARED [{drill}a drill: ]{title}[, {service}], SEV{severity}",
        },
    [EVENT_PLAN_ADOPTED] =
        {
            .name = "plan.adopted",
            .fields = plan_adopted_fields,
            .acting = offsetof(struct body_plan_adopted, role),
            .size = sizeof(struct body_plan_adopted),
            .fold = fold_plan_adopted,
            .sentence = "adopted plan {plan}[, taking its lint errors ({errors}): \"{accepted}\"]",
        },
    [EVENT_ACKNOWLEDGED] =
        {
            .name = "incident.acknowledged",
            .fields = reason_fields,
            .size = sizeof(struct body_reason),
            .fold = fold_acknowledged,
            .sentence = "acknowledged",
        },
    [EVENT_UNACKNOWLEDGED] =
        {
            .name = "incident.unacknowledged",
            .fields = reason_fields,
            .size = sizeof(struct body_reason),
            .fold = fold_unacknowledged,
            .sentence = "took the acknowledgement back[: \"{reason}\"]",
        },
    [EVENT_ROLE_TAKEN] =
        {
            .name = "role.taken",
            .fields = role_taken_fields,
            .size = sizeof(struct body_role_taken),
            .fold = fold_role_taken,
            .sentence = "is {role}[, after {from}][: \"{reason}\"]",
        },
    [EVENT_ROLE_OFFERED] =
        {
            .name = "role.offered",
            .fields = role_offered_fields,
            .size = sizeof(struct body_role_offered),
            .fold = fold_role_offered,
            .sentence = "offers {role} to {person}",
        },
    [EVENT_STEP_ASSIGNED] =
        {
            .name = "step.assigned",
            .fields = step_assigned_fields,
            .acting = offsetof(struct body_step_assigned, role),
            .of_step = true,
            .size = sizeof(struct body_step_assigned),
            .fold = fold_step_assigned,
            .sentence = "gave {step} to {person}",
        },
    [EVENT_DECIDED] =
        {
            .name = "incident.decided",
            .fields = decided_fields,
            .acting = offsetof(struct body_decided, role),
            .size = sizeof(struct body_decided),
            .fold = fold_decided,
            .sentence = "DECIDED {option}[: {title}][, \"{reason}\"]",
        },
    [EVENT_PAUSED] =
        {
            .name = "incident.paused",
            .fields = paused_fields,
            .size = sizeof(struct body_paused),
            .fold = fold_paused,
            .sentence = "PAUSED[: {reason}]",
        },
    [EVENT_RESUMED] =
        {
            .name = "incident.resumed",
            .fields = reason_fields,
            .acting = offsetof(struct body_reason, role),
            .size = sizeof(struct body_reason),
            .fold = fold_resumed,
            .sentence = "resumed[: {reason}]",
        },
    [EVENT_NOTE] =
        {
            .name = "note.written",
            .fields = note_fields,
            .size = sizeof(struct body_note),
            .fold = fold_note,
            .sentence = "[{step}: ]{text}",
        },
    [EVENT_CONCERN_RAISED] =
        {
            .name = "concern.raised",
            .fields = concern_raised_fields,
            .size = sizeof(struct body_concern_raised),
            .fold = fold_concern_raised,
            .sentence = "! CONCERN {number}: {text}",
        },
    [EVENT_CONCERN_ANSWERED] =
        {
            .name = "concern.answered",
            .fields = concern_answered_fields,
            .acting = offsetof(struct body_concern_answered, role),
            .size = sizeof(struct body_concern_answered),
            .fold = fold_concern_answered,
            .sentence = "answered concern {concern}: {text}",
        },
    [EVENT_STEP_ASKED] =
        {
            .name = "step.asked",
            .fields = step_asked_fields,
            .of_step = true,
            .aside = true,
            .size = sizeof(struct body_step_asked),
            .fold = fold_step_asked,
            .sentence = "ASKED {person}: CAN report on {step}[ every {every}]",
        },
    [EVENT_STEP_ETA] =
        {
            .name = "step.eta",
            .fields = step_eta_fields,
            .acting = offsetof(struct body_step_eta, role),
            .of_step = true,
            .aside = true,
            .size = sizeof(struct body_step_eta),
            .fold = fold_step_eta,
            .sentence = "{step} will be done {due}[: \"{text}\"]",
        },
    [EVENT_STEP_JUDGED] =
        {
            .name = "step.judged",
            .fields = step_judged_fields,
            .of_step = true,
            .size = sizeof(struct body_step_judged),
            .fold = fold_step_judged,
            .sentence = "{step}: when {expression}: {verdict}[, {why}: start or skip it]",
        },
    [EVENT_STEP_STARTED] =
        {
            .name = "step.started",
            .fields = step_started_fields,
            .of_step = true,
            .size = sizeof(struct body_step_started),
            .fold = fold_step_started,
            .sentence = "started {step}, attempt {attempt}[, on {host}][: \"{reason}\"]",
        },
    [EVENT_STEP_ABORT_ASKED] =
        {
            .name = "step.abort_asked",
            .fields = abort_asked_fields,
            .of_step = true,
            .size = sizeof(struct body_abort_asked),
            .fold = fold_step_abort_asked,
            .sentence = "asked to abort {step}[: \"{reason}\"]",
        },
    [EVENT_STEP_RAN] =
        {
            .name = "step.ran",
            .detail = true,
            .fields = step_ran_fields,
            .of_step = true,
            .size = sizeof(struct body_step_ran),
            .fold = fold_step_ran,
            .sentence = "{step} {ended}[ {status}][, {output_bytes} bytes of output][; {remark}]",
        },
    [EVENT_STEP_VERIFYING] =
        {
            .name = "step.verifying",
            .detail = true,
            .fields = step_moved_fields,
            .of_step = true,
            .size = sizeof(struct body_step_moved),
            .fold = fold_step_verifying,
            .sentence = "{step} is being verified[: \"{evidence}\"]",
        },
    [EVENT_STEP_DONE] =
        {
            .name = "step.done",
            .fields = step_moved_fields,
            .of_step = true,
            .size = sizeof(struct body_step_moved),
            .fold = fold_step_done,
            .sentence = "{step} done[: \"{evidence}\"]",
        },
    [EVENT_STEP_FAILED] =
        {
            .name = "step.failed",
            .fields = step_moved_fields,
            .of_step = true,
            .size = sizeof(struct body_step_moved),
            .fold = fold_step_failed,
            .sentence = "{step} FAILED[: {reason}]",
        },
    [EVENT_STEP_UNKNOWN] =
        {
            .name = "step.unknown",
            .fields = step_moved_fields,
            .of_step = true,
            .size = sizeof(struct body_step_moved),
            .fold = fold_step_unknown,
            .sentence = "{step} UNKNOWN[: {reason}]",
        },
    [EVENT_STEP_SKIPPED] =
        {
            .name = "step.skipped",
            .fields = step_moved_fields,
            .acting = offsetof(struct body_step_moved, role),
            .of_step = true,
            .size = sizeof(struct body_step_moved),
            .fold = fold_step_skipped,
            .sentence = "skipped {step}[: {reason}]",
        },
    [EVENT_STEP_REOPENED] =
        {
            .name = "step.reopened",
            .fields = step_moved_fields,
            .acting = offsetof(struct body_step_moved, role),
            .of_step = true,
            .size = sizeof(struct body_step_moved),
            .fold = fold_step_reopened,
            .sentence = "reopened {step}[: \"{reason}\"]",
        },
    [EVENT_STEP_SETTLED] =
        {
            .name = "step.settled",
            .fields = step_settled_fields,
            .acting = offsetof(struct body_step_settled, role),
            .of_step = true,
            .size = sizeof(struct body_step_settled),
            .fold = fold_step_settled,
            .sentence = "settled {step} as {as}[: \"{evidence}\"]",
        },
    [EVENT_CHECK_STARTED] =
        {
            .name = "check.started",
            .detail = true,
            .fields = check_started_fields,
            .of_step = true,
            .size = sizeof(struct body_check_started),
            .fold = fold_check_started,
            .sentence = "checks {step}[, on {host}]",
        },
    [EVENT_CHECK_ENDED] =
        {
            .name = "check.ended",
            .fields = check_ended_fields,
            .of_step = true,
            .size = sizeof(struct body_check_ended),
            .fold = fold_check_ended,
            .sentence = "check of {step}: {verdict}[: {why}]",
        },
    [EVENT_FIRED] =
        {
            .name = "escalation.fired",
            .fields = fired_fields,
            .size = sizeof(struct body_fired),
            .fold = fold_fired,
            .sentence = "PAGED {to}[{by_hand} by hand]: [{step} ]{late}, level {level}"
                        "[, {missed} missed before it][: \"{reason}\"]",
        },
    [EVENT_SNOOZED] =
        {
            .name = "escalation.snoozed",
            .fields = snoozed_fields,
            .acting = offsetof(struct body_snoozed, role),
            .size = sizeof(struct body_snoozed),
            .fold = fold_snoozed,
            .sentence = "SNOOZED until {until}[: \"{reason}\"]",
        },
    [EVENT_PAGE_BEGUN] =
        {
            .name = "page.begun",
            .detail = true,
            .fields = page_begun_fields,
            .size = sizeof(struct body_page_begun),
            .fold = fold_page_begun,
            .sentence = "pages[ {person}] by {channel}, try {try}"
                        "[{again}, for nobody knows whether the one before arrived]",
        },
    [EVENT_PAGE_SENT] =
        {
            .name = "page.sent",
            .fields = page_ended_fields,
            .size = sizeof(struct body_page_ended),
            .fold = fold_page_sent,
            .sentence = "page[ to {person}] sent by {channel}",
        },
    [EVENT_PAGE_FAILED] =
        {
            .name = "page.failed",
            .fields = page_ended_fields,
            .size = sizeof(struct body_page_ended),
            .fold = fold_page_failed,
            .sentence = "page[ to {person}] by {channel} FAILED[{last} for good][: {why}]",
        },
    [EVENT_CLOCK_STEPPED] =
        {
            .name = "clock.stepped",
            .fields = clock_stepped_fields,
            .size = sizeof(struct body_clock_stepped),
            .fold = fold_clock_stepped,
            .sentence = "the clock was set {by_ms}: what is counted goes on as before",
        },
    [EVENT_RECOVERED] =
        {
            .name = "incident.recovered",
            .fields = reason_fields,
            .acting = offsetof(struct body_reason, role),
            .size = sizeof(struct body_reason),
            .fold = fold_recovered,
            .sentence = "RECOVERED[: \"{reason}\"]",
        },
    [EVENT_RESOLVED] =
        {
            .name = "incident.resolved",
            .fields = reason_fields,
            .acting = offsetof(struct body_reason, role),
            .size = sizeof(struct body_reason),
            .fold = fold_resolved,
            .sentence = "RESOLVED[: \"{reason}\"]",
        },
    [EVENT_CLOSED] =
        {
            .name = "incident.closed",
            .ends = true,
            .fields = reason_fields,
            .acting = offsetof(struct body_reason, role),
            .size = sizeof(struct body_reason),
            .fold = fold_closed,
            .sentence = "CLOSED[: \"{reason}\"]",
        },
    [EVENT_ABANDONED] =
        {
            .name = "incident.abandoned",
            .ends = true,
            .fields = reason_fields,
            .acting = offsetof(struct body_reason, role),
            .size = sizeof(struct body_reason),
            .fold = fold_abandoned,
            .sentence = "ABANDONED[: \"{reason}\"]",
        },
};
/* clang-format on */

/* The first letter is looked at first, for this is asked of every event. */
const struct event_type *event_type_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(event_types); i++)
        if (event_types[i].name[0] == name[0] && strcmp(event_types[i].name, name) == 0)
            return &event_types[i];
    return NULL;
}

/* Doors that no person comes through; whether something is done there of its own accord. */
static const struct machine {
    const char *via;
    bool by_itself;
} machines[] = {{"runner", false}, {"keeper", true}, {"courier", true}, {"clock", true}};

static const struct machine *machine_of(const struct event *event) {
    for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
        if (strcmp(machines[i].via, event->via) == 0)
            return &machines[i];
    return NULL;
}

bool event_is_spoken(const struct event *event) {
    return !machine_of(event);
}

const char *event_doer(const struct event *event) {
    const struct machine *machine = machine_of(event);
    return machine && machine->by_itself ? machine->via : event->actor;
}

char *event_encode(const void *parent, enum event_kind kind, const void *body) {
    struct json_writer *writer = json_writer_new(parent);
    record_write(writer, NULL, event_types[kind].fields, body);
    char *json = xtalloc_strdup(parent, json_text(writer));
    talloc_free(writer);
    return json;
}

const void *event_decode(const void *parent, const struct event_type *type,
                         const struct event *event, struct err *err) {
    void *body = xtalloc_check(talloc_zero_size(parent, type->size));
    if (record_read(body, type->fields, body, event->body, strlen(event->body), err))
        return body;
    talloc_free(body);
    return NULL;
}

bool event_is(const struct event *event, enum event_kind kind) {
    return strcmp(event->kind, event_types[kind].name) == 0;
}

/* The body of an event of that kind; NULL for any other event, and where it can't be read. */
static const void *body_of(const void *parent, enum event_kind kind, const struct event *event) {
    if (!event_is(event, kind))
        return NULL;
    struct err *ignored = err_new(NULL);
    const void *body = event_decode(parent, &event_types[kind], event, ignored);
    talloc_free(ignored);
    return body;
}

const char *event_plan(const void *parent, const struct event *event) {
    const struct body_plan_adopted *body = body_of(parent, EVENT_PLAN_ADOPTED, event);
    return body ? body->sha256 : NULL;
}

const char *event_frozen_plan(const void *parent, const struct event *event) {
    const struct body_plan_frozen *body = body_of(parent, EVENT_PLAN_FROZEN, event);
    return body ? body->sha256 : NULL;
}

bool event_ends(const struct event *event) {
    for (size_t i = 0; i < ARRAY_SIZE(event_types); i++)
        if (event_types[i].ends && strcmp(event_types[i].name, event->kind) == 0)
            return true;
    return false;
}
