/* Looks at a store and at the machine it is on, and says what it finds, each with the command that
 * repairs it.
 * Owns the table of checks. Never writes and never repairs. It runs with no store there, and as
 * somebody who may only look. */
#ifndef BACKOUT_DOCTOR_DOCTOR_H
#define BACKOUT_DOCTOR_DOCTOR_H

#include <stddef.h>
#include <stdint.h>

enum severity {
    DOCTOR_OK,
    DOCTOR_NOTE,    /* good to know */
    DOCTOR_WARN,    /* it will hurt some day */
    DOCTOR_BAD,     /* something doesn't work, or isn't safe */
    DOCTOR_DAMAGED, /* data is not what it was when written */
};

/* "ok", "note", "warn", "bad", "damaged" */
const char *severity_name(enum severity severity);

struct finding {
    const char *check; /* the row's name */
    enum severity severity;
    const char *what, *on; /* `on` may be NULL */
    const char *remedy;    /* the exact command, or what to do; NULL where nothing is to be done */
};

struct doctor_question {
    const char *store; /* its path */
    int64_t now_ms, boot_ms;
    const char *pins;           /* file of what this user saw of stores; NULL: none is kept */
    const char *screen_library; /* name and version of one that only a room above may know */
};

/* Everything that was found, in the table's order; *count of them, owned by `parent`. */
const struct finding *doctor_look(const void *parent, const struct doctor_question *question,
                                  size_t *count);

#endif
