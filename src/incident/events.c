#include "config.h"

#include "incident/events.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/fold_kinds.h"

#include <string.h>

#define TEXT(body, member)                                                                         \
    { #member, FIELD_TEXT, offsetof(struct body, member) }
#define INTEGER(body, member)                                                                      \
    { #member, FIELD_INTEGER, offsetof(struct body, member) }
#define FLAG(body, member)                                                                         \
    { #member, FIELD_FLAG, offsetof(struct body, member) }
#define TEXTS(body, member)                                                                        \
    { #member, FIELD_TEXTS, offsetof(struct body, member) }
#define PAIRS(body, member)                                                                        \
    { #member, FIELD_PAIRS, offsetof(struct body, member) }

static const struct field store_created_fields[] = {
    TEXT(body_store_created, store), INTEGER(body_store_created, format), {0}};

static const struct field store_restored_fields[] = {INTEGER(body_store_restored, to_seq),
                                                     TEXT(body_store_restored, to_hash),
                                                     INTEGER(body_store_restored, from_seq),
                                                     TEXT(body_store_restored, from_hash),
                                                     INTEGER(body_store_restored, last_incident),
                                                     TEXT(body_store_restored, reason),
                                                     TEXT(body_store_restored, kept),
                                                     {0}};

static const struct field store_continued_fields[] = {
    TEXT(body_store_continued, store),      INTEGER(body_store_continued, seq),
    TEXT(body_store_continued, hash),       INTEGER(body_store_continued, base_seq),
    TEXT(body_store_continued, base_hash),  INTEGER(body_store_continued, events),
    INTEGER(body_store_continued, carried), INTEGER(body_store_continued, last_incident),
    TEXT(body_store_continued, reason),     {0}};

static const struct field plan_frozen_fields[] = {
    TEXT(body_plan_frozen, sha256), TEXT(body_plan_frozen, text), {0}};

static const struct field roster_applied_fields[] = {
    TEXT(body_roster_applied, sha256), TEXT(body_roster_applied, text), {0}};

static const struct field declared_fields[] = {TEXT(body_declared, title),
                                               TEXT(body_declared, service),
                                               INTEGER(body_declared, severity),
                                               FLAG(body_declared, drill),
                                               INTEGER(body_declared, detected_at),
                                               TEXT(body_declared, detected_by),
                                               {0}};

static const struct field plan_adopted_fields[] = {TEXT(body_plan_adopted, sha256),
                                                   TEXT(body_plan_adopted, plan),
                                                   TEXT(body_plan_adopted, folder),
                                                   TEXT(body_plan_adopted, host),
                                                   PAIRS(body_plan_adopted, inputs),
                                                   TEXT(body_plan_adopted, accepted),
                                                   INTEGER(body_plan_adopted, errors),
                                                   TEXT(body_plan_adopted, role),
                                                   {0}};

static const struct field reason_fields[] = {
    TEXT(body_reason, reason), TEXT(body_reason, role), {0}};

static const struct field paused_fields[] = {
    TEXT(body_paused, reason), TEXT(body_paused, failed), {0}};

static const struct field role_taken_fields[] = {
    TEXT(body_role_taken, role), TEXT(body_role_taken, from), TEXT(body_role_taken, reason), {0}};

static const struct field role_offered_fields[] = {
    TEXT(body_role_offered, role), TEXT(body_role_offered, person), {0}};

static const struct field step_assigned_fields[] = {TEXT(body_step_assigned, step),
                                                    TEXT(body_step_assigned, person),
                                                    TEXT(body_step_assigned, role),
                                                    {0}};

static const struct field decided_fields[] = {
    TEXT(body_decided, option), TEXT(body_decided, title), TEXT(body_decided, reason),
    TEXTS(body_decided, steps), TEXT(body_decided, role),  {0}};

static const struct field step_judged_fields[] = {TEXT(body_step_judged, step),
                                                  TEXT(body_step_judged, expression),
                                                  TEXT(body_step_judged, verdict),
                                                  TEXT(body_step_judged, why),
                                                  {0}};

static const struct field step_started_fields[] = {TEXT(body_step_started, step),
                                                   INTEGER(body_step_started, attempt),
                                                   TEXT(body_step_started, run),
                                                   TEXT(body_step_started, host),
                                                   TEXT(body_step_started, boot),
                                                   INTEGER(body_step_started, pid),
                                                   TEXT(body_step_started, digest),
                                                   TEXT(body_step_started, reason),
                                                   {0}};

static const struct field check_started_fields[] = {
    TEXT(body_check_started, step),   INTEGER(body_check_started, attempt),
    TEXT(body_check_started, run),    TEXT(body_check_started, host),
    TEXT(body_check_started, boot),   INTEGER(body_check_started, pid),
    TEXT(body_check_started, digest), {0}};

static const struct field abort_asked_fields[] = {
    TEXT(body_abort_asked, step), TEXT(body_abort_asked, run), TEXT(body_abort_asked, reason), {0}};

static const struct field step_ran_fields[] = {TEXT(body_step_ran, step),
                                               INTEGER(body_step_ran, attempt),
                                               TEXT(body_step_ran, run),
                                               TEXT(body_step_ran, ended),
                                               INTEGER(body_step_ran, status),
                                               TEXT(body_step_ran, remark),
                                               TEXT(body_step_ran, output_sha256),
                                               INTEGER(body_step_ran, output_bytes),
                                               INTEGER(body_step_ran, dropped_bytes),
                                               PAIRS(body_step_ran, outputs),
                                               {0}};

static const struct field check_ended_fields[] = {TEXT(body_check_ended, step),
                                                  TEXT(body_check_ended, run),
                                                  TEXT(body_check_ended, verdict),
                                                  TEXT(body_check_ended, why),
                                                  {0}};

static const struct field step_moved_fields[] = {TEXT(body_step_moved, step),
                                                 INTEGER(body_step_moved, attempt),
                                                 TEXT(body_step_moved, evidence),
                                                 TEXT(body_step_moved, reason),
                                                 FLAG(body_step_moved, by_rule),
                                                 TEXT(body_step_moved, role),
                                                 {0}};

static const struct field step_settled_fields[] = {
    TEXT(body_step_settled, step),     TEXT(body_step_settled, as),
    TEXT(body_step_settled, evidence), INTEGER(body_step_settled, attempt),
    TEXT(body_step_settled, role),     {0}};

static const struct field step_asked_fields[] = {TEXT(body_step_asked, step),
                                                 TEXT(body_step_asked, person),
                                                 INTEGER(body_step_asked, due),
                                                 INTEGER(body_step_asked, every),
                                                 {0}};

static const struct field step_eta_fields[] = {TEXT(body_step_eta, step),
                                               INTEGER(body_step_eta, due),
                                               TEXT(body_step_eta, text),
                                               TEXT(body_step_eta, role),
                                               {0}};

static const struct field concern_raised_fields[] = {
    INTEGER(body_concern_raised, number), TEXT(body_concern_raised, text), {0}};

static const struct field concern_answered_fields[] = {INTEGER(body_concern_answered, concern),
                                                       TEXT(body_concern_answered, text),
                                                       TEXT(body_concern_answered, role),
                                                       {0}};

static const struct field fired_fields[] = {TEXT(body_fired, late),
                                            TEXT(body_fired, step),
                                            INTEGER(body_fired, onset),
                                            INTEGER(body_fired, level),
                                            INTEGER(body_fired, repeat),
                                            INTEGER(body_fired, due),
                                            INTEGER(body_fired, missed),
                                            TEXT(body_fired, to),
                                            TEXTS(body_fired, people),
                                            TEXTS(body_fired, channels),
                                            FLAG(body_fired, by_hand),
                                            TEXT(body_fired, reason),
                                            {0}};

static const struct field snoozed_fields[] = {
    INTEGER(body_snoozed, until), TEXT(body_snoozed, reason), TEXT(body_snoozed, role), {0}};

static const struct field page_begun_fields[] = {
    INTEGER(body_page_begun, fired), TEXT(body_page_begun, channel),
    TEXT(body_page_begun, person),   INTEGER(body_page_begun, try),
    INTEGER(body_page_begun, until), FLAG(body_page_begun, again),
    TEXT(body_page_begun, courier),  {0}};

static const struct field page_ended_fields[] = {INTEGER(body_page_ended, fired),
                                                 TEXT(body_page_ended, channel),
                                                 TEXT(body_page_ended, person),
                                                 INTEGER(body_page_ended, try),
                                                 TEXT(body_page_ended, why),
                                                 FLAG(body_page_ended, last),
                                                 {0}};

static const struct field clock_stepped_fields[] = {INTEGER(body_clock_stepped, by_ms), {0}};

static const struct field note_fields[] = {TEXT(body_note, text), TEXT(body_note, step), {0}};

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

const struct event_type *event_type_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(event_types); i++)
        if (strcmp(event_types[i].name, name) == 0)
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

/* The body of an event of that kind; NULL for any other event, and where it can't be read. */
static const void *body_of(const void *parent, enum event_kind kind, const struct event *event) {
    if (strcmp(event->kind, event_types[kind].name) != 0)
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
