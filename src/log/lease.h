/* The leases beside a store: which process does what one of them is to do and no more.
 * A lease is a record of that file: who has it, until when by BOOTTIME, in which life of the
 * machine, and its epoch, which grows by one whenever it goes to another. Who has it renews it well
 * before its end; who was stopped beyond that has it no more, whatever it remembers; and who died
 * has it no more either, which is known at once by a lock that goes with it. Owns one descriptor.
 * Never waits. It spares work and noise: what must not be done twice has to be so by itself, for a
 * process may be stopped between a look at its lease and the deed. */
#ifndef BACKOUT_LOG_LEASE_H
#define BACKOUT_LOG_LEASE_H

#include "base/err.h"

#include <stdint.h>

/* One record each, in this order: it is the file's form. */
enum lease_duty {
    LEASE_CLOCK,
    LEASE_DELIVERY,
    LEASE_DUTIES,
};

/* How long one is good for, and how often its holder renews it. */
#define LEASE_MS       INT64_C(10000)
#define LEASE_RENEW_MS INT64_C(3000)

struct lease;

/* Of the store at that path; nothing is opened yet. `me` is what others are shown, `boot` the boot
 * id. Freed, it is given up. */
struct lease *lease_new(const void *parent, const char *store, enum lease_duty duty, const char *me,
                        const char *boot);

/* Takes it where nobody has it, and renews it where we do. True: it is ours for LEASE_MS from now.
 * False: it is another's, or, when err is set, nothing can be known or written there. */
bool lease_hold(struct lease *lease, int64_t boot_ms, struct err *err);

/* Whether it is ours as far as we know without a look. */
bool lease_is_ours(const struct lease *lease, int64_t boot_ms);

/* Which holding this is, if it is ours; each has its own number. */
int64_t lease_epoch(const struct lease *lease);

/* Gives it up, so that nobody has to wait for its end. */
void lease_leave(struct lease *lease);

/* Who has it now, as its record says, cleaned; "" when nobody. NULL: it can't be read. Only reads,
 * and needs no more than rights to do so. Owned by `parent`. */
char *lease_holder(const void *parent, const struct lease *lease, int64_t boot_ms);

#endif
