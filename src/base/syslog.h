/* A line to the system's log, for what must be kept where this program's user can't change it.
 * Owns nothing and keeps nothing open. Never waits: a daemon that doesn't listen costs the line. */
#ifndef BACKOUT_BASE_SYSLOG_H
#define BACKOUT_BASE_SYSLOG_H

#include <stdbool.h>
#include <stdint.h>

/* The socket of the system's log: BACKOUT_SYSLOG, else /dev/log. NULL where that is set to "none".
 */
const char *syslog_path(void);

/* One datagram as syslog(3) sends it (RFC 3164), LOG_AUTHPRIV and LOG_NOTICE: what only root reads,
 * and what most daemons send on. The text is cleaned. False: nobody took it. */
bool syslog_say(const char *path, int64_t now_ms, const char *text);

#endif
