/* What went wrong, in three parts: what failed, on what, what to do.
 * A struct err owns its words and lives under one talloc parent.
 * Nothing here prints: the doors (cli, ui, the API) do, through text_clean. */
#ifndef BACKOUT_BASE_ERR_H
#define BACKOUT_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* The value of a code is the program's exit status. */
enum err_code {
    ERR_NONE = 0,
    ERR_REFUSED = 1,     /* the rule said no */
    ERR_USAGE = 2,       /* the words were wrong */
    ERR_NOT_FOUND = 3,   /* no such incident, step, plan, person, file */
    ERR_CONFLICT = 4,    /* somebody was first */
    ERR_ACCESS = 5,      /* rights of file, folder or role */
    ERR_UNAVAILABLE = 6, /* store, disk or network can't answer now */
    ERR_DAMAGED = 7,     /* data is not what it was when written */
};

struct err {
    enum err_code code;
    const char *what;   /* "can't start the step" */
    const char *on;     /* "INC-41 6 db-down: waits for 3 undo-code"; may be NULL */
    const char *remedy; /* "finish or skip 3 first"; may be NULL */
};

/* A cleared error under `parent`. Never NULL: allocation failure ends the program. */
struct err *err_new(const void *parent);

/* Sets all parts (copied) and returns false, so that `return err_set(…)` reads well.
 * A later call replaces an earlier one, and frees what err_fmt made. `err` is never NULL. */
bool err_set(struct err *err, enum err_code code, const char *what, const char *on,
             const char *remedy);

/* A formatted string owned by `err`, for the parts of err_set. */
const char *err_fmt(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* err_set with the words of errno `number` as reason: "what: on: No such file or directory". The
 * code follows from the number: EACCES, EPERM, EROFS → ACCESS; ENOENT → NOT_FOUND; others
 * UNAVAILABLE. So does what to do, where `remedy` is NULL. */
bool err_errno(struct err *err, int number, const char *what, const char *on, const char *remedy);

/* "what: on; remedy", owned by `parent`; parts that are missing leave no punctuation behind. */
char *err_sentence(const void *parent, const struct err *err);

/* The machine's word for a code: "refused", "usage", "not_found", … One table. */
const char *err_code_name(enum err_code code);

void err_clear(struct err *err);

#endif
