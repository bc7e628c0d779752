/* The shop of `backout demo`: a real little web service, made to be taken back.
 * Owns its home folder (SHOP_HOME, where it runs): current, releases/, config, flags/, shop.db,
 * port, traffic. Never listens or asks anywhere but on loopback, and never outlives the pipe that
 * holds it. It is a program of its own: nothing of backout is linked here. */
#ifndef BACKOUT_DEMO_SHOP_H
#define BACKOUT_DEMO_SHOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* What all commands of the program return. */
enum { SHOP_OK = 0, SHOP_NO = 1, SHOP_USAGE = 2 };

/* ---- files.c: small text files, "name value" a line ---- */

#define VALUE_BYTES 64

/* The value of `name` in the file; false when file or name isn't there, or the value is too long.
 */
bool file_value(const char *path, const char *name, char value[VALUE_BYTES]);
/* The same as a number, or `otherwise`. */
int64_t file_number(const char *path, const char *name, int64_t otherwise);
/* The first word of a file. */
bool file_word(const char *path, char value[VALUE_BYTES]);
/* Replaces the file in one step: no reader ever sees half of it. */
bool file_replace(const char *path, const char *text);

bool number_read(const char *text, int64_t low, int64_t high, int64_t *value);

/* CLOCK_MONOTONIC, ms. */
int64_t clock_ms(void);

/* Waits until `until_ms` or until the pipe on standard input is closed: false then, and whoever
 * held this process is gone. */
bool held_until(int64_t until_ms);

/* ---- answer.c: what the release that is live says to one request ---- */

#define ANSWER_BYTES  512
#define REQUEST_BYTES 2048

struct answer {
    int64_t delay_ms; /* it is sent so much later */
    char text[ANSWER_BYTES];
    size_t length;
};

/* `request` is the head of an HTTP request, ended by NUL. */
void answer_make(const char *request, struct answer *answer);

/* ---- request.c: a client ---- */

struct reply {
    int status; /* 0: no answer at all */
    int64_t took_ms;
    char body[ANSWER_BYTES];
};

/* One request to the port that the service wrote down. Takes 2 s at most. */
struct reply request_send(const char *method, const char *path);

/* ---- database.c: the orders ---- */

/* False: the order wasn't taken, as a release that needs another schema finds. */
bool order_take(int64_t cents, int64_t schema);

/* ---- the commands: `words` are what follows the command's name, ended by NULL
 * -------------------- */

typedef int command_fn(char **words);

command_fn serve_run, load_run, get_run;
command_fn database_make, database_migrate, database_schema_is, database_count, database_backup,
    database_prove, database_restore;

#endif
