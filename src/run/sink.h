/* Where what a command writes goes, piece by piece as it comes. */
#ifndef BACKOUT_RUN_SINK_H
#define BACKOUT_RUN_SINK_H

#include <stddef.h>
#include <stdint.h>

enum sink_stream { SINK_STDOUT, SINK_STDERR, SINK_STREAMS };

struct sink {
    void (*take)(void *data, enum sink_stream stream, const char *bytes, size_t length,
                 int64_t now_ms);
    void *data;
};

#endif
