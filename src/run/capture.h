/* What a command wrote, kept within bounds while it writes: the first 256 KiB and at least the last
 * 768 KiB, line by line, each with its time and stream.
 * Owns the files NAME (the beginning) and NAME.000001, NAME.000002, … (what follows, the newest
 * seven of 128 KiB each) of a run's folder. They only ever grow, or go as a whole: whoever follows
 * them needs no lock, and a runner killed at any moment leaves nothing half rewritten.
 * The format stands in docs/runner.md; output.h reads it. */
#ifndef BACKOUT_RUN_CAPTURE_H
#define BACKOUT_RUN_CAPTURE_H

#include "base/digest.h"
#include "base/limits.h"
#include "run/folder.h"
#include "run/redact.h"
#include "run/sink.h"

/* What a line counts at least, so that empty ones can't outgrow the bounds by their times. */
#define CAPTURE_LINE 32

/* Longest line of a file: its time and stream, and a piece whose every byte was made visible. */
#define CAPTURE_LONGEST ((size_t)128 << 10)

#define CAPTURE_OUTPUT "out"    /* of the command */
#define CAPTURE_VERIFY "verify" /* of its verify, all tries */

/* The letters of the file: 'o' and 'e', 'O' and 'E' for the next piece of a cut line, '=' for a
 * position (bytes before this file, bytes dropped so far), '-' for a word of the runner's own. */
#define CAPTURE_POSITION '='
#define CAPTURE_REMARK   '-'

struct capture;

/* Begins anew. `redact` must outlive it. */
bool capture_open(const void *parent, const struct folder *folder, const char *name,
                  const struct redact *redact, struct capture **capture, struct err *err);

void capture_add(struct capture *capture, enum sink_stream stream, const char *bytes, size_t length,
                 int64_t now_ms);

/* That it is where a command's output goes. */
struct sink capture_sink(struct capture *capture);

/* A line of the runner's own: "try 3". */
void capture_remark(struct capture *capture, const char *text, int64_t now_ms);

/* Gives out lines that have no newline yet: the streams are over (for now). */
void capture_flush(struct capture *capture, int64_t now_ms);

struct capture_sum {
    int64_t bytes;         /* as the command wrote them */
    int64_t dropped_bytes; /* of those: of the middle, or because the disk took no more */
    struct digest sha256;  /* of the kept files, one after the other */
    const char *trouble;   /* why not all could be kept; NULL when nothing failed */
};

/* Brings everything to disk and sums it up. `trouble` is owned by the capture. */
struct capture_sum capture_close(struct capture *capture, int64_t now_ms);

/* The command's last line since the last remark that wasn't empty, "" when there is none; owned by
 * the capture. */
const char *capture_last(const struct capture *capture);

/* The name of the nth file: NAME for 0, else NAME.00000N. Owned by `parent`. */
char *capture_file(const void *parent, const char *name, int64_t number);

#endif
