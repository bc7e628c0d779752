/* What a run wrote, as kept so far: follows files that grow, while they grow.
 * Owns a copy of the kept lines, within capture's bounds. Writes nothing, takes no lock; the files
 * may belong to somebody else, so every line is cleaned and every length is bounded. */
#ifndef BACKOUT_RUN_OUTPUT_H
#define BACKOUT_RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_output;

struct run_line {
    int64_t at_ms;
    char stream;      /* 'o', 'e'; 'v' of its verify; '-' our own words: a gap, a try */
    bool goes_on;     /* the next piece of a line that was too long */
    const char *text; /* clean, one line; lives until the next poll */
};

/* `run_folder` is the hub's. Never fails: where there is nothing yet, there is nothing to show. */
struct run_output *run_output_open(const void *parent, const char *run_folder, const char *run);

/* Reads what is new; true when there was anything. Where the middle is dropped, lines go and a '-'
 * line says so: the count may shrink. */
bool run_output_poll(struct run_output *output);

size_t run_output_count(const struct run_output *output);
struct run_line run_output_line(const struct run_output *output, size_t index);

/* Of the command, as it wrote them: exact once it ended, before that within a few KiB. */
int64_t run_output_bytes(const struct run_output *output);
int64_t run_output_dropped(const struct run_output *output); /* of the middle */

/* How often `verify` was tried, and when last; 0 when never. */
int64_t run_output_tries(const struct run_output *output, int64_t *last_ms);

#endif
