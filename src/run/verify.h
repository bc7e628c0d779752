/* A step's verify command, asked again and again until it says yes or its time is over.
 * Owns one try at a time. It only reads, so it may be repeated as often as one likes. */
#ifndef BACKOUT_RUN_VERIFY_H
#define BACKOUT_RUN_VERIFY_H

#include "run/capture.h"
#include "run/exec.h"

struct verify;

struct verify_limits {
    int64_t within_ms; /* no try begins later; there is always one */
    int64_t every_ms;  /* from one try's beginning to the next */
    struct exec_limits each;
};

/* `launch` must outlive it; the output of all tries goes to `capture`, their count to `folder`. */
struct verify *verify_start(const void *parent, struct loop *loop, const struct launch *launch,
                            const struct verify_limits *limits, struct capture *capture,
                            const struct folder *folder);

/* To be called before every turn of the loop: what ended is judged, what is due begins. False once
 * there is a verdict. */
bool verify_turn(struct verify *verify);

/* Ends it without a verdict of its own: "broken", for nobody knows. */
void verify_stop(struct verify *verify, const char *reason);

/* NULL while it goes on; then passed (an exit status of 0), not_yet, or broken: no try could be
 * judged, for none could be executed or all were killed. */
const char *verify_verdict(const struct verify *verify);

/* What the last try said, for people; owned by it. */
const char *verify_reason(const struct verify *verify);

#endif
