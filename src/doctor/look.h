/* What the files of checks share: one look at one store.
 * A row of the table has a name, the sentence of a check that found nothing, and a function that
 * says what it finds. Never used outside this room. */
#ifndef BACKOUT_DOCTOR_LOOK_H
#define BACKOUT_DOCTOR_LOOK_H

#include "base/err.h"
#include "base/limits.h"
#include "doctor/doctor.h"
#include "hub/hub.h"
#include "log/audience.h"
#include "log/log.h"
#include "log/place.h"

#include <stdbool.h>
#include <sys/types.h>

struct check;

struct look {
    const struct doctor_question *question;
    const void *scratch; /* of the whole look; findings belong to it */
    struct err *err;
    const struct check *check; /* the row at work */
    struct finding *findings;
    size_t count;

    struct log_place *place;  /* NULL: that path is no place for a store */
    struct audience audience; /* where there is a place */
    struct hub *hub;          /* NULL: the log can't be read, or isn't what it was */
};

typedef void check_fn(struct look *look);

enum check_needs {
    NEEDS_NOTHING = 0,
    NEEDS_PLACE = 1, /* a folder that could be judged */
    NEEDS_STORE = 2, /* a file in it */
};

struct check {
    const char *name;
    const char *well; /* said when it found nothing */
    unsigned needs;
    check_fn *look;
};

/* One finding; its parts are copied. */
void found(struct look *look, enum severity severity, const char *what, const char *on,
           const char *remedy);
/* The same from an error. */
void found_err(struct look *look, enum severity severity, const struct err *err);

/* For the parts of a finding; owned by the look. */
const char *look_fmt(const struct look *look, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* check_place.c */
check_fn check_store, check_folders, check_filesystem, check_space;
/* check_leftovers.c */
check_fn check_leftovers;
/* check_rights.c */
check_fn check_rights, check_owners, check_people, check_yourself;
/* check_log.c */
check_fn check_proof, check_pins, check_mirror, check_wal, check_lock, check_runs;
check_fn check_keeper, check_delivery;
/* check_machine.c */
check_fn check_clock, check_syslog, check_inotify, check_processes, check_limits, check_program;
/* check_session.c */
check_fn check_locale, check_terminal, check_login;
/* check_libraries.c */
check_fn check_sqlite, check_libraries;

/* processes.c: calls `fn` for every process that /proc lists; stops when it answers false. */
typedef bool process_fn(void *data, pid_t pid);
void processes_each(process_fn *fn, void *data);
/* Whose it is; false when it may not be seen. */
bool process_user(pid_t pid, uid_t *user);
/* The beginning of a file of /proc or of a process, at most `limit` bytes and NUL-terminated; NULL
 * when it may not be read. Owned by `parent`. */
char *proc_file(const void *parent, const char *path, size_t limit, size_t *length);
char *process_file(const void *parent, pid_t pid, const char *name, size_t limit, size_t *length);
/* How many of its descriptors lead to that (as readlink says); -1 when it may not be looked at. */
int process_holds(pid_t pid, const char *target);

#endif
