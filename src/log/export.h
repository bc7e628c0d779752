/* The whole log as lines, of one moment, whatever others write meanwhile.
 * Owns nothing. A line at a time is in memory. */
#ifndef BACKOUT_LOG_EXPORT_H
#define BACKOUT_LOG_EXPORT_H

#include "log/log.h"

/* Called per line, without its line feed. False stops it: whoever answers so knows why. */
typedef bool log_line_fn(void *data, const char *line);

/* First the base, which says where the lines end, then every event. *head is the last one. */
bool log_export(struct log *log, log_line_fn *fn, void *data, struct log_head *head,
                struct err *err);

#endif
