#include "config.h"

#include "tests/fault/found.h"

#include "tests/fault/model.h"
#include "tests/hub/store.h"
#include "tests/log/reflection.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "log/mirror_file.h"

#include <string.h>
#include <unistd.h>

char *found_path(const struct trial *trial, const char *name) {
    return talloc_asprintf(trial->fixture, "%s/%s", trial->folder, name);
}

struct hub *found_hub(const struct trial *trial, const char *store, bool read_only) {
    struct hub_options options = {
        .store = found_path(trial, store), .actor = "judge", .via = "line", .read_only = read_only};
    struct hub *hub = NULL;
    err_clear(trial->fixture->err);
    return hub_open(trial->fixture, &options, NOW_MS, &hub, trial->fixture->err) ? hub : NULL;
}

bool found_log(const struct trial *trial, const char *store) {
    int64_t verified;
    struct err *err = trial->fixture->err;
    struct log *log = NULL;
    err_clear(err);
    bool right = log_open(NULL, found_path(trial, store), LOG_READ, NOW_MS, &log, err) &&
                 log_verify(log, &verified, err) && log_check(log, err);
    talloc_free(log);
    return right;
}

bool found_whole(const struct trial *trial, const char *store) {
    int64_t verified;
    struct hub *hub = found_hub(trial, store, true);
    bool right = hub && hub_verify(hub, &verified, trial->fixture->err);
    talloc_free(hub);
    return right;
}

static size_t count_text(const struct trial *trial, const char *text) {
    size_t count = 0;
    struct hub *hub = found_hub(trial, STORE, true);
    const struct incident *incident = hub ? state_incident(hub_state(hub), 1) : NULL;
    for (size_t i = 0; incident && i < incident->events_count; i++)
        count += strstr(incident->events[i].body, text) != NULL;
    talloc_free(hub);
    return count;
}

bool found_note(const struct trial *trial) {
    return count_text(trial, "acknowledged") > 0;
}

bool found_declared(const struct trial *trial) {
    struct hub *hub = found_hub(trial, STORE, true);
    bool there = hub && state_incident(hub_state(hub), 2);
    talloc_free(hub);
    return there;
}

bool found_applied(const struct trial *trial) {
    struct hub *hub = found_hub(trial, STORE, true);
    bool there = hub && hub_state(hub)->roster;
    talloc_free(hub);
    return there;
}

size_t found_effects(const struct trial *trial) {
    char *path = found_path(trial, "effects");
    return access(path, F_OK) == 0 ? count_in_file(trial->fixture, path, "ran") : 0;
}

enum step_state found_step(const struct trial *trial) {
    struct hub *hub = found_hub(trial, STORE, true);
    const struct incident *incident = hub ? state_incident(hub_state(hub), 1) : NULL;
    const struct step *step = incident ? incident_step(incident, "flag") : NULL;
    enum step_state state = step ? step->record : STEP_UNKNOWN;
    talloc_free(hub);
    return state;
}

bool found_performed(const struct trial *trial) {
    return found_step(trial) == STEP_DONE && found_effects(trial) == 1;
}

/* Where the command had its effect nobody says that it had none. */
bool found_told(const struct trial *trial) {
    static const enum step_state had[] = {STEP_RUNNING, STEP_VERIFYING, STEP_UNKNOWN, STEP_DONE};
    enum step_state state = found_step(trial);
    bool may = found_effects(trial) == 0;
    for (size_t i = 0; i < ARRAY_SIZE(had); i++)
        may |= had[i] == state;
    return may && (found_effects(trial) == 1 || state != STEP_DONE);
}

bool found_made(const struct trial *trial) {
    return found_log(trial, "new/store.db");
}

bool found_imported(const struct trial *trial) {
    return found_log(trial, "other/store.db");
}

bool found_backup(const struct trial *trial) {
    return found_whole(trial, "kept.db");
}

static bool is_restored(void *data, const struct event *event) {
    *(bool *)data |= strcmp(event->kind, "store.restored") == 0;
    return true;
}

bool found_restored(const struct trial *trial) {
    bool there = false;
    struct hub *hub = found_hub(trial, STORE, true);
    if (hub)
        hub_events(hub, 0, LOG_ANY_INCIDENT, is_restored, &there, trial->fixture->err);
    talloc_free(hub);
    return there;
}

static bool any_line(void *data, const struct line *line, off_t at) {
    (void)data, (void)line, (void)at;
    return true;
}

bool found_export(const struct trial *trial) {
    struct mirror_file *file = NULL;
    struct err *err = trial->fixture->err;
    bool whole = mirror_file_open(trial->fixture, found_path(trial, "kept.ndjson"), &file, err) &&
                 mirror_file_prove(file, true, any_line, NULL, err);
    talloc_free(file);
    return whole;
}

bool found_page(const struct trial *trial) {
    return *trial->traced.out != '\0';
}
