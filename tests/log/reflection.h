/* What a mirror has to be: the log, and nothing else. For every test after which it must be so.
 * Owns nothing. Reads both anew, each by itself. */
#ifndef BACKOUT_TESTS_LOG_REFLECTION_H
#define BACKOUT_TESTS_LOG_REFLECTION_H

#include "tests/log/fixture.h"

/* What a whole mirror holds. */
struct reflection {
    int64_t base;   /* seq that the chain goes on after */
    size_t carried; /* lines, those in the chained part too */
    size_t chained; /* events */
};

/* Fails the test unless the file is whole, its base and every line are the log's, byte for byte,
 * its chain is proved and ends where the log does. */
struct reflection assert_mirrored(struct fixture *fixture, struct log *log);

/* The bytes of a file, NUL-terminated, owned by the fixture. */
char *read_bytes(struct fixture *fixture, const char *path, size_t *length);

/* How often a text stands in the file. */
size_t count_in_file(struct fixture *fixture, const char *path, const char *text);

/* The mirror as it was written before what it carries was proved: without `before` on carried lines
 * and `carried_hash` on the base. Owned by the fixture. */
char *mirror_older_form(struct fixture *fixture, const char *text);

#endif
