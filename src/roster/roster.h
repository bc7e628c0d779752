/* A roster: who the people of a store are, what each may do, who is called for what, and by which
 * channels. What a file of format 1 says, as one tree of memory.
 * Owns everything it points to (talloc children of the roster); read-only once loaded.
 * Never touches disk, clock or log, and never holds a secret, only where one is. */
#ifndef BACKOUT_ROSTER_ROSTER_H
#define BACKOUT_ROSTER_ROSTER_H

#include "base/digest.h"
#include "base/err.h"
#include "base/record.h"
#include "yaml/policy.h"

/* What a person may do anywhere, each more than the one before. A word of a newer program counts as
 * the least. */
enum authority {
    MAY_VIEW,    /* look, and raise a concern */
    MAY_RESPOND, /* declare, write, pause, and do the steps that are theirs */
    MAY_COMMAND, /* take command of any incident, and apply another roster */
};

struct roster_person {
    const char *id;   /* the operating-system user */
    const char *name; /* in full, or NULL */
    enum authority may;
    const struct pair *reach; /* channel → their address there; NULL where there is none */
};

enum channel_type {
    CHANNEL_COMMAND,
    CHANNEL_WEBHOOK,
    CHANNEL_SLACK,
    CHANNEL_EMAIL,
    CHANNEL_PAGERDUTY,
    CHANNEL_STATUS,
    CHANNEL_BANNER,
    CHANNEL_TYPE_COUNT,
};

struct channel {
    const char *name;
    enum channel_type type;
    const char *const *run;       /* argv, ended by NULL; NULL where there is none */
    struct secret_place url, key; /* both members NULL where there is none */
    const char *server, *from;
    const char *const *to; /* ended by NULL; may be NULL */
    int64_t timeout_ms;
    bool private; /* may be at an address of the own network */
};

struct roster {
    char sha256[DIGEST_HEX]; /* of the bytes as read */
    struct roster_person *people;
    size_t people_count;
    enum authority others; /* what somebody may do who isn't listed */
    struct roles roles;
    struct channel *channels;
    size_t channels_count;
    struct targets targets;
    struct escalation escalation;
    int64_t snooze_ms;           /* the longest */
    const struct node *document; /* as written, for keys that are kept */
};

/* Loads a roster that was applied before, forgiving what it doesn't know (a newer program may have
 * applied it). False only where none can be made of it (ERR_DAMAGED). */
bool roster_load(const void *parent, const char *bytes, size_t length, struct roster **roster,
                 struct err *err);

/* NULL for who isn't listed. */
const struct roster_person *roster_person(const struct roster *roster, const char *id);
/* NULL where there is none of that name. */
const struct channel *roster_channel(const struct roster *roster, const char *name);
/* Whether that channel needs a courier, and whether the roster (may be NULL) has one that does. */
bool channel_needs_courier(const struct channel *channel);
bool roster_needs_courier(const struct roster *roster);
/* What its word is for the person: their own, or that for others. */
enum authority roster_may(const struct roster *roster, const char *person);

const char *authority_name(enum authority may);        /* "respond" */
const char *channel_type_name(enum channel_type type); /* "webhook" */

#endif
