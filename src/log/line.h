/* The log as lines of JSON: what an export, a mirror and `tail --json` are made of.
 * Owns the format. Never opens a file and never hashes: whoever reads lines proves the chain.
 *
 *   an event {"seq","command","part","request","incident","at","actor","via","kind","body","hash"}
 *              every column in that order; digests in hex, `at` in ms since the epoch
 *
 *   carried    {"carried":true, then the same,"before"}: an event that a reader needs where the
 *              chain that it belongs to isn't there, and the hash of the event before it, so that
 *              its own can be made anew
 *
 *   a base     {"store","seq","hash","carried_bytes","carried_hash"}: the chain goes on after that
 *              event; so many bytes of carried lines stand between, with that BLAKE2b-256. Of a
 *              file that is whole when it is written (an export) it also says which event is its
 *              last: {…,"end_seq","end_hash"}
 *
 * An older form of the two has neither "before" nor "carried_hash".
 *
 * What is read back from an event's line hashes to the same chain: a body that is a JSON object
 * stands in the line as it was hashed, any other body (a damaged store) as a string. Texts are
 * UTF-8; bytes that are not can't be said in JSON, and show by the hash. */
#ifndef BACKOUT_LOG_LINE_H
#define BACKOUT_LOG_LINE_H

#include "log/log.h"

enum line_kind {
    LINE_EVENT,
    LINE_CARRIED,
    LINE_BASE,
};

struct line {
    enum line_kind kind;
    struct event event;         /* of an event's line and of a carried one */
    struct digest before;       /* of a carried one: the hash of the event before it */
    struct log_head head;       /* of a base */
    struct log_head end;        /* of a base: the file's last event; seq 0 where it may go on */
    int64_t carried_bytes;      /* of a base */
    struct digest carried_hash; /* of a base, where it has such bytes: their BLAKE2b-256 */
    bool older;                 /* a form without `before`, or without `carried_hash` */
};

/* Each without its line feed, owned by `parent`. */
char *line_encode(const void *parent, const struct event *event);
char *line_encode_carried(const void *parent, const struct event *event,
                          const struct digest *before);
/* `carried`: all carried lines that follow it, their line feeds included. */
char *line_encode_base(const void *parent, const struct log_head *head, const char *carried,
                       size_t carried_length);
/* The base of an export: nothing stands before it, and that is its end. */
char *line_encode_export(const void *parent, const struct log_head *end);

/* Reads `length` bytes, no line feed among them, strictly: every key of its kind stands there with
 * its type; keys that are not known are passed over. The event's texts are owned by `parent`.
 * False (ERR_DAMAGED): err says what is wrong and at which key or byte. */
bool line_decode(const void *parent, const char *bytes, size_t length, struct line *line,
                 struct err *err);

/* The same, three times as fast, of an event's line that looks as line_encode writes it: into its
 * body it doesn't look. So it is a guess, until the event's hash proves that these are its columns.
 * False: it doesn't look so, or isn't one; line_decode knows. */
bool line_guess(const void *parent, const char *bytes, size_t length, struct line *line);

/* The line as backout writes it, owned by `parent`: where another stands in a file, somebody else
 * wrote it. */
char *line_exact(const void *parent, const struct line *line);

#endif
