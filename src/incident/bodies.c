/* The fields of each kind's body, as they stand in its JSON. */
#include "config.h"

#include "incident/bodies.h"

#include <stddef.h>

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

const struct field store_created_fields[] = {
    TEXT(body_store_created, store), INTEGER(body_store_created, format), {0}};

const struct field store_restored_fields[] = {INTEGER(body_store_restored, to_seq),
                                              TEXT(body_store_restored, to_hash),
                                              INTEGER(body_store_restored, from_seq),
                                              TEXT(body_store_restored, from_hash),
                                              INTEGER(body_store_restored, last_incident),
                                              TEXT(body_store_restored, reason),
                                              TEXT(body_store_restored, kept),
                                              {0}};

const struct field store_continued_fields[] = {
    TEXT(body_store_continued, store),      INTEGER(body_store_continued, seq),
    TEXT(body_store_continued, hash),       INTEGER(body_store_continued, base_seq),
    TEXT(body_store_continued, base_hash),  INTEGER(body_store_continued, events),
    INTEGER(body_store_continued, carried), INTEGER(body_store_continued, last_incident),
    TEXT(body_store_continued, reason),     {0}};

const struct field plan_frozen_fields[] = {
    TEXT(body_plan_frozen, sha256), TEXT(body_plan_frozen, text), {0}};

const struct field roster_applied_fields[] = {
    TEXT(body_roster_applied, sha256), TEXT(body_roster_applied, text), {0}};

const struct field declared_fields[] = {TEXT(body_declared, title),
                                        TEXT(body_declared, service),
                                        INTEGER(body_declared, severity),
                                        FLAG(body_declared, drill),
                                        INTEGER(body_declared, detected_at),
                                        TEXT(body_declared, detected_by),
                                        {0}};

const struct field plan_adopted_fields[] = {TEXT(body_plan_adopted, sha256),
                                            TEXT(body_plan_adopted, plan),
                                            TEXT(body_plan_adopted, folder),
                                            TEXT(body_plan_adopted, host),
                                            PAIRS(body_plan_adopted, inputs),
                                            TEXT(body_plan_adopted, accepted),
                                            INTEGER(body_plan_adopted, errors),
                                            TEXT(body_plan_adopted, role),
                                            {0}};

const struct field reason_fields[] = {TEXT(body_reason, reason), TEXT(body_reason, role), {0}};

const struct field paused_fields[] = {TEXT(body_paused, reason), TEXT(body_paused, failed), {0}};

const struct field role_taken_fields[] = {
    TEXT(body_role_taken, role), TEXT(body_role_taken, from), TEXT(body_role_taken, reason), {0}};

const struct field role_offered_fields[] = {
    TEXT(body_role_offered, role), TEXT(body_role_offered, person), {0}};

const struct field step_assigned_fields[] = {TEXT(body_step_assigned, step),
                                             TEXT(body_step_assigned, person),
                                             TEXT(body_step_assigned, role),
                                             {0}};

const struct field decided_fields[] = {TEXT(body_decided, option), TEXT(body_decided, title),
                                       TEXT(body_decided, reason), TEXTS(body_decided, steps),
                                       TEXT(body_decided, role),   {0}};

const struct field step_judged_fields[] = {TEXT(body_step_judged, step),
                                           TEXT(body_step_judged, expression),
                                           TEXT(body_step_judged, verdict),
                                           TEXT(body_step_judged, why),
                                           {0}};

const struct field step_started_fields[] = {TEXT(body_step_started, step),
                                            INTEGER(body_step_started, attempt),
                                            TEXT(body_step_started, run),
                                            TEXT(body_step_started, host),
                                            TEXT(body_step_started, boot),
                                            INTEGER(body_step_started, pid),
                                            TEXT(body_step_started, digest),
                                            TEXT(body_step_started, reason),
                                            {0}};

const struct field check_started_fields[] = {
    TEXT(body_check_started, step),   INTEGER(body_check_started, attempt),
    TEXT(body_check_started, run),    TEXT(body_check_started, host),
    TEXT(body_check_started, boot),   INTEGER(body_check_started, pid),
    TEXT(body_check_started, digest), {0}};

const struct field abort_asked_fields[] = {
    TEXT(body_abort_asked, step), TEXT(body_abort_asked, run), TEXT(body_abort_asked, reason), {0}};

const struct field step_ran_fields[] = {TEXT(body_step_ran, step),
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

const struct field check_ended_fields[] = {TEXT(body_check_ended, step),
                                           TEXT(body_check_ended, run),
                                           TEXT(body_check_ended, verdict),
                                           TEXT(body_check_ended, why),
                                           {0}};

const struct field step_moved_fields[] = {TEXT(body_step_moved, step),
                                          INTEGER(body_step_moved, attempt),
                                          TEXT(body_step_moved, evidence),
                                          TEXT(body_step_moved, reason),
                                          FLAG(body_step_moved, by_rule),
                                          TEXT(body_step_moved, role),
                                          {0}};

const struct field step_settled_fields[] = {
    TEXT(body_step_settled, step),     TEXT(body_step_settled, as),
    TEXT(body_step_settled, evidence), INTEGER(body_step_settled, attempt),
    TEXT(body_step_settled, role),     {0}};

const struct field step_asked_fields[] = {TEXT(body_step_asked, step),
                                          TEXT(body_step_asked, person),
                                          INTEGER(body_step_asked, due),
                                          INTEGER(body_step_asked, every),
                                          {0}};

const struct field step_eta_fields[] = {TEXT(body_step_eta, step),
                                        INTEGER(body_step_eta, due),
                                        TEXT(body_step_eta, text),
                                        TEXT(body_step_eta, role),
                                        {0}};

const struct field concern_raised_fields[] = {
    INTEGER(body_concern_raised, number), TEXT(body_concern_raised, text), {0}};

const struct field concern_answered_fields[] = {INTEGER(body_concern_answered, concern),
                                                TEXT(body_concern_answered, text),
                                                TEXT(body_concern_answered, role),
                                                {0}};

const struct field fired_fields[] = {TEXT(body_fired, late),
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

const struct field snoozed_fields[] = {
    INTEGER(body_snoozed, until), TEXT(body_snoozed, reason), TEXT(body_snoozed, role), {0}};

const struct field page_begun_fields[] = {
    INTEGER(body_page_begun, fired), TEXT(body_page_begun, channel),
    TEXT(body_page_begun, person),   INTEGER(body_page_begun, try),
    INTEGER(body_page_begun, until), FLAG(body_page_begun, again),
    TEXT(body_page_begun, courier),  {0}};

const struct field page_ended_fields[] = {INTEGER(body_page_ended, fired),
                                          TEXT(body_page_ended, channel),
                                          TEXT(body_page_ended, person),
                                          INTEGER(body_page_ended, try),
                                          TEXT(body_page_ended, why),
                                          FLAG(body_page_ended, last),
                                          {0}};

const struct field clock_stepped_fields[] = {INTEGER(body_clock_stepped, by_ms), {0}};

const struct field note_fields[] = {TEXT(body_note, text), TEXT(body_note, step), {0}};
