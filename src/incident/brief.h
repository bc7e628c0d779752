/* An incident in about ten lines: to paste into a chat, to read aloud at a hand-over, to send with
 * a page. What is wrong, since when, who commands, what was decided, what is being done and by
 * whom, what is late, what comes next, where to look. Pure. */
#ifndef BACKOUT_INCIDENT_BRIEF_H
#define BACKOUT_INCIDENT_BRIEF_H

#include "incident/state.h"

/* Lines ended by '\n', cleaned, owned by `parent`. */
char *incident_brief(const void *parent, const struct incident *incident, int64_t now_ms);

/* The message about a fired level: a subject, an empty line, the brief. For `person` (NULL: whoever
 * reads the channel). */
char *page_message(const void *parent, const struct incident *incident, const struct fired *fired,
                   const char *person, int64_t now_ms);

/* Its first line alone, without '\n'. */
char *page_subject(const void *parent, const struct incident *incident, const struct fired *fired);

#endif
