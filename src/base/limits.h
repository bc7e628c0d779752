/* How much is taken from outside: from files, pipes, terminals and people. Every such limit stands
 * here, is printed by `backout doctor --limits`, and is met by a test that names it.
 * What is longer is refused, or cut where its comment says so. Sizes of our own making (buffers
 * that are read again until all was read, rows of a screen) are where they are used. */
#ifndef BACKOUT_BASE_LIMITS_H
#define BACKOUT_BASE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#define LIMIT_KIB ((size_t)1 << 10)
#define LIMIT_MIB ((size_t)1 << 20)

/* JSON, of the log and of files */
#define JSON_MAX_BYTES  (16 * LIMIT_MIB)
#define JSON_MAX_DEPTH  32
#define JSON_MAX_TOKENS 10000 /* keys and ends count */

/* plan files and rosters */
#define YAML_MAX_BYTES LIMIT_MIB
#define YAML_MAX_DEPTH 32
#define ID_MAX         64 /* bytes of an id */
/* More values than any file of people has; a megabyte of commas would else take a hundred. */
#define YAML_MAX_NODES ((size_t)20000)
/* A chain of && grows the tree by one level a term, so its terms bound the evaluator's stack. */
#define EXPR_MAX_TERMS 256
#define EXPR_MAX_DEPTH 32
/* All {m,n} of one pattern multiplied: glibc copies that often. */
#define REGEX_MAX_REPEAT 1000
#define REGEX_MAX_BYTES  512

/* the log */
#define LOG_BODY_MAX        (8 * LIMIT_MIB) /* bytes of one body: a frozen plan is the longest */
#define PINS_MAX_BYTES      LIMIT_MIB       /* of what a user saw of stores; cut */
#define FREE_BYTES_TO_START ((int64_t)(64 * LIMIT_MIB)) /* less on the disk: no step is started */

/* what a step prints: the first bytes are kept, and the newest segments */
#define CAPTURE_HEAD      (256 * LIMIT_KIB)
#define CAPTURE_SEGMENT   (128 * LIMIT_KIB)
#define CAPTURE_SEGMENTS  7
#define ENDING_MAX_BYTES  LIMIT_MIB        /* of how a run ended */
#define OUTPUT_MAX_BYTES  (4 * LIMIT_KIB)  /* of a value found by `outputs`; cut */
#define SECRET_MAX_BYTES  (64 * LIMIT_KIB) /* of a secret's file */
#define TEXT_SEQUENCE_MAX 4096 /* bytes of an escape sequence that are dropped with it */
#define TEXT_MARKS_MAX    2    /* combining marks on one character; more are shown */

/* terminals and fingers */
#define TYPING_PASTE_MAX   65536           /* bytes of a paste; cut */
#define TYPING_QUEUE_MAX   4096            /* inputs that wait */
#define FIELD_MAX          8192            /* bytes of a text field; more is not taken */
#define TERM_COPY_MAX      65536           /* bytes of a copy to the clipboard; cut */
#define TERM_MESSAGE_CELLS 120             /* of a message of the terminal's own; cut */
#define KEYS_FILE_MAX      ((size_t)65535) /* bytes of keys.conf; cut */
#define TAIL_MAX           1000000         /* events of `tail -n` */

struct limit {
    const char *name; /* as above; NULL ends the table */
    int64_t value;
    const char *unit; /* "bytes", "levels", … */
    const char *of;
};

extern const struct limit limit_table[];

#endif
