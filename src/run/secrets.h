/* The plan's secrets, read from their places at the moment they are used.
 * Never stored, never logged: what uses them wipes them when it is freed. */
#ifndef BACKOUT_RUN_SECRETS_H
#define BACKOUT_RUN_SECRETS_H

#include "plan/plan.h"
#include "run/redact.h"

/* Adds every secret of the plan that can be read, used by this step or not, to what is redacted.
 * `folder` is the plan's: relative paths are meant from there. */
void secrets_redact(const struct plan *plan, const char *folder, struct redact *redact);

/* The values for `wanted` (variable → name of a secret) as variable → value, owned by `parent`.
 * False: one is missing, and err says which and where it was looked for. */
bool secrets_read(const void *parent, const struct plan *plan, const char *folder,
                  const struct pair *wanted, const struct pair **values, struct err *err);

#endif
