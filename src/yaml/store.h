/* From a node to a member of a C record, one function per kind of member.
 * Owns nothing: what is made belongs to the `parent` that was given, and texts stay the document's,
 * which lives as long as the record. Never complains: a value of the wrong form leaves the member
 * as it is, so that a frozen file still loads. */
#ifndef BACKOUT_YAML_STORE_H
#define BACKOUT_YAML_STORE_H

#include "yaml/schema.h"

store_fn store_text;     /* const char * */
store_fn store_texts;    /* const char *const * */
store_fn store_pairs;    /* const struct pair *, nested maps flat with dots */
store_fn store_flag;     /* bool */
store_fn store_integer;  /* int64_t */
store_fn store_duration; /* int64_t, ms */
store_fn store_word;     /* an enumeration */
store_fn store_section;  /* the keys of the nested section, into the same record */

/* The scalars of a list, ended by NULL; the array is owned by `parent`. */
const char **node_texts(const void *parent, const struct node *list);

#endif
