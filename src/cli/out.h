/* The only way from line mode to standard output and standard error.
 * Owns both streams. Everything passes text_clean (JSON: is escaped), so nothing from a plan, an
 * event or an error reaches a terminal raw. Never colours, never asks. */
#ifndef BACKOUT_CLI_OUT_H
#define BACKOUT_CLI_OUT_H

#include "base/err.h"

/* Twins in ASCII for everything else (--ascii). A closed pipe is no death by signal from here on.
 */
void out_begin(bool ascii);

/* A text as out_line would show it: what has to fit is measured so. */
char *out_shown(const void *parent, const char *text);

/* One line on standard output. */
void out_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A text of several lines, each cleaned by itself. */
void out_page(const char *text);
/* One JSON value on one line. What a terminal could take for more than text is written \uXXXX, and
 * so means the same. */
void out_json(const char *json);

/* One line as it is, byte for byte, for programs: never to a terminal. */
void out_exactly(const char *line);

/* One line on standard error, behind "backout: ". */
void out_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void out_problem(const struct err *err);

/* Hands on what was written so far. False when nobody reads any more, or the disk is full: then
 * whoever goes on for ever should stop. */
bool out_flush(void);

/* The last call. `status`, or ERR_UNAVAILABLE where the output could not be written; a reader that
 * left early is no failure. */
int out_end(int status);

/* Lines of a page that goes into a file or a ticket. */
#define PAGE_CELLS 80

/* Cells of a line on the terminal, or `otherwise` where standard output is none. */
int out_width(int otherwise);

#endif
