#include "config.h"

#include "doctor/look.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <stdarg.h>

static const struct check checks[] = {
    {"store", "there is a store", NEEDS_NOTHING, check_store},
    {"folders", "nobody else can move the store away", NEEDS_PLACE, check_folders},
    {"filesystem", "its file system is on this machine", NEEDS_PLACE, check_filesystem},
    {"space", "there is room on its disk", NEEDS_PLACE, check_space},
    {"rights", "every file has the rights it should have", NEEDS_PLACE, check_rights},
    {"owners", "every file belongs to one of its writers", NEEDS_STORE, check_owners},
    {"people", NULL, NEEDS_STORE, check_people},
    {"you", "you may write to it", NEEDS_STORE, check_yourself},
    {"proof", NULL, NEEDS_STORE, check_proof},
    {"pins", "it is the log that you saw", NEEDS_NOTHING, check_pins},
    {"mirror", "what viewers read is up to date", NEEDS_STORE, check_mirror},
    {"wal", "its write-ahead log is short", NEEDS_STORE, check_wal},
    {"lock", "nobody holds its lock for long", NEEDS_STORE, check_lock},
    {"leftovers", "nothing lies about beside it", NEEDS_PLACE, check_leftovers},
    {"runs", "every run has its runner", NEEDS_STORE, check_runs},
    {"keeper", NULL, NEEDS_STORE, check_keeper},
    {"delivery", NULL, NEEDS_STORE, check_delivery},
    {"clock", "the clock is kept by NTP", NEEDS_NOTHING, check_clock},
    {"syslog", "heads reach the system's log", NEEDS_NOTHING, check_syslog},
    {"inotify", "there are inotify instances left", NEEDS_NOTHING, check_inotify},
    {"processes", "other people's runners can be seen", NEEDS_NOTHING, check_processes},
    {"limits", "the limits of this process are wide enough", NEEDS_NOTHING, check_limits},
    {"program", "the program runs with your rights alone", NEEDS_NOTHING, check_program},
    {"locale", "the locale is UTF-8", NEEDS_NOTHING, check_locale},
    {"terminal", "the terminal can show the console", NEEDS_NOTHING, check_terminal},
    {"login", "this login has one place it comes from", NEEDS_NOTHING, check_login},
    {"sqlite", "SQLite has no known bug that matters here", NEEDS_NOTHING, check_sqlite},
    {"libraries", NULL, NEEDS_NOTHING, check_libraries},
};

static const char *const severity_names[] = {
    [DOCTOR_OK] = "ok",   [DOCTOR_NOTE] = "note",       [DOCTOR_WARN] = "warn",
    [DOCTOR_BAD] = "bad", [DOCTOR_DAMAGED] = "damaged",
};

const char *severity_name(enum severity severity) {
    return severity_names[severity];
}

/* ---- findings -------------------------------------------------------------------------------- */

static const char *copy(const struct look *look, const char *part) {
    return part ? xtalloc_strdup(look->scratch, part) : NULL;
}

void found(struct look *look, enum severity severity, const char *what, const char *on,
           const char *remedy) {
    look->findings =
        xtalloc_realloc(look->scratch, look->findings, struct finding, look->count + 1);
    look->findings[look->count++] = (struct finding){
        .check = look->check->name,
        .severity = severity,
        .what = copy(look, what),
        .on = copy(look, on),
        .remedy = copy(look, remedy),
    };
}

void found_err(struct look *look, enum severity severity, const struct err *err) {
    found(look, severity, err->what, err->on, err->remedy);
}

const char *look_fmt(const struct look *look, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = xtalloc_vasprintf(look->scratch, format, arguments);
    va_end(arguments);
    return text;
}

/* ---- the look -------------------------------------------------------------------------------- */

static unsigned met(const struct look *look) {
    unsigned place = look->place ? NEEDS_PLACE : 0;
    return place | (look->place && look->place->exists ? NEEDS_STORE : 0);
}

static void run(struct look *look, const struct check *check) {
    size_t before = look->count;
    if ((check->needs & ~met(look)) != 0)
        return;
    look->check = check;
    err_clear(look->err);
    check->look(look);
    if (look->count == before && check->well)
        found(look, DOCTOR_OK, check->well, NULL, NULL);
}

const struct finding *doctor_look(const void *parent, const struct doctor_question *question,
                                  size_t *count) {
    struct look look = {.question = question, .scratch = parent, .err = err_new(parent)};
    for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
        run(&look, &checks[i]);
    *count = look.count;
    return look.findings;
}
