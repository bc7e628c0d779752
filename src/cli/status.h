/* What `status` says, in two forms: words for people (status.c), JSON for programs
 * (status_json.c). Both read the same state and the same clocks. */
#ifndef BACKOUT_CLI_STATUS_H
#define BACKOUT_CLI_STATUS_H

#include "base/json.h"
#include "incident/state.h"

/* One incident as the value of an array or of the whole document. */
void status_write(struct json_writer *writer, const struct incident *incident, int64_t now_ms);

/* One incident in full, on standard output. */
void status_print(const struct incident *incident, int64_t now_ms);

/* All that are open, worst first, one a line. */
void status_print_all(struct incident *const *incidents, size_t count, int64_t now_ms);

#endif
