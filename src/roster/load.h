/* The tables and the loader of rosters: what the files of this room share.
 * Owns const tables. Never included outside of it. */
#ifndef BACKOUT_ROSTER_LOAD_H
#define BACKOUT_ROSTER_LOAD_H

#include "roster/roster.h"
#include "yaml/lint_rules.h"

/* What a text can be the name of, as bits; beside those of yaml/policy_keys.h. */
enum roster_name {
    NAME_ROLE = 1 << 0,
    NAME_CHANNEL = 1 << 1,
};

extern const struct section roster_section; /* the whole file → struct roster */
extern const struct file_kind roster_file;

/* A struct roster of what the document says, as far as it makes sense; it takes the document over.
 * NULL when that is no map. */
void *roster_from_document(const void *parent, struct node *document, const char *bytes,
                           size_t length);

#endif
