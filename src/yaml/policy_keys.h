/* How plans and rosters write their policy: shapes for their tables of keys.
 * Owns const tables. */
#ifndef BACKOUT_YAML_POLICY_KEYS_H
#define BACKOUT_YAML_POLICY_KEYS_H

#include "yaml/policy.h"
#include "yaml/store.h"

/* What texts here can be the name of, as bits; a kind of file has its own below these. */
#define NAME_PERSON (1u << 30)
#define NAME_CALLED (1u << 31) /* a role, a person or a channel */

extern const struct scalar person_scalar; /* a user of the operating system */

extern const struct shape roles_shape;
store_fn store_roles; /* struct roles */

extern const struct shape targets_shape; /* for store_section, into a struct targets */

extern const struct shape escalation_shape;
store_fn store_escalation; /* struct escalation */

extern const struct shape expire_shape; /* what a gate does that nobody opened in time */

extern const struct section secret_section; /* struct secret_place */
extern const struct shape secret_shape;

#endif
