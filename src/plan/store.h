/* From a node to a member of a C record, one function per kind of member.
 * Owns nothing: what is stored belongs to the `parent` that was given. Never complains: a value of
 * the wrong form leaves the member as it is, so that a frozen plan still loads. */
#ifndef BACKOUT_PLAN_STORE_H
#define BACKOUT_PLAN_STORE_H

#include "plan/schema.h"

store_fn store_text;     /* const char * */
store_fn store_texts;    /* const char *const * */
store_fn store_pairs;    /* const struct pair *, nested maps flat with dots */
store_fn store_flag;     /* bool */
store_fn store_integer;  /* int64_t */
store_fn store_duration; /* int64_t, ms */
store_fn store_word;     /* an enumeration */
store_fn store_command;  /* struct plan_command */
store_fn store_section;  /* the keys of the nested section, into the same record */
store_fn store_money;    /* struct plan: cost_* */

#endif
