#include "config.h"

#include "log/lease.h"

#include "base/number.h"
#include "base/xtalloc.h"
#include "log/place.h"
#include "log/side.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* "lease EPOCH UNTIL BOOT WHO": a record. */
#define WORD "lease"

struct lease {
    char *store;
    enum lease_duty duty;
    char *me, *boot;
    int fd; /* -1: not open */
    int64_t epoch;
    int64_t until_ms; /* ours until then; 0: not ours */
};

struct record {
    int64_t epoch, until_ms;
    const char *boot, *who;
};

/* ---- the record ------------------------------------------------------------------------------ */

static bool read_number(char **rest, int64_t *value) {
    const char *word = strsep(rest, " ");
    return word && number_parse(word, 0, INT64_MAX - 1, value);
}

/* What can't be read is nobody's. The strings live in `scratch`. */
static struct record read_record(const void *scratch, int fd, enum lease_duty duty) {
    struct record record = {.boot = "", .who = ""};
    char *rest = side_read(scratch, fd, duty);
    const char *word = strsep(&rest, " ");
    if (!word || strcmp(word, WORD) != 0 || !read_number(&rest, &record.epoch) ||
        !read_number(&rest, &record.until_ms) || !rest)
        return (struct record){.boot = "", .who = ""};
    record.boot = strsep(&rest, " ");
    record.who = rest ? rest : "";
    return record;
}

static bool write_record(struct lease *lease, int64_t epoch, int64_t until_ms) {
    char *text = xtalloc_asprintf(NULL, WORD " %lld %lld %s %s", (long long)epoch,
                                  (long long)until_ms, lease->boot, lease->me);
    bool written = side_write(lease->fd, lease->duty, text);
    talloc_free(text);
    return written;
}

/* Who has a lease keeps a byte locked as long as it lives, which no byte of the file is: one for
 * each holding, so that who was stopped beyond its end is in nobody's way. The lock ends with the
 * process, whatever ends it, and tells who is dead from who is only late. */
static struct flock life_of(enum lease_duty duty, int64_t epoch, short type) {
    off_t nth = (off_t)(epoch & UINT32_MAX);
    return (struct flock){.l_type = type,
                          .l_whence = SEEK_SET,
                          .l_start = ((off_t)duty + 1) * ((off_t)UINT32_MAX + 1) + nth,
                          .l_len = 1};
}

static void show_life(const struct lease *lease, bool lives) {
    struct flock life = life_of(lease->duty, lease->epoch, lives ? F_WRLCK : F_UNLCK);
    (void)fcntl(lease->fd, F_OFD_SETLK, &life);
}

static bool is_dead(int fd, enum lease_duty duty, const struct record *record) {
    struct flock life = life_of(duty, record->epoch, F_WRLCK);
    return fcntl(fd, F_OFD_GETLK, &life) == 0 && life.l_type == F_UNLCK;
}

/* Nobody is given more than a lease's time, so an end that is further off was not written by us.
 * Twice that, for the looker's moment may be older than the record. */
static bool is_current(const struct lease *lease, const struct record *record, int64_t boot_ms) {
    return record->until_ms > boot_ms && record->until_ms < boot_ms + 2 * LEASE_MS &&
           strcmp(record->boot, lease->boot) == 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

static void close_file(struct lease *lease) {
    if (lease->fd >= 0)
        close(lease->fd);
    lease->fd = -1;
    lease->until_ms = 0;
}

static bool open_file(struct lease *lease, struct err *err) {
    struct log_place *place;
    if (lease->fd >= 0 && side_was_replaced(lease->fd))
        close_file(lease);
    if (lease->fd >= 0)
        return true;
    if (!log_place_find(err, lease->store, &place, err))
        return false;
    lease->fd = side_open(place->lease, place->mode);
    return lease->fd >= 0 ||
           err_errno(err, errno, "can't open the store's leases", place->lease,
                     "make it writable for the group that shares the store (backout init)");
}

/* ---- holding it ------------------------------------------------------------------------------ */

/* Ours is what we hold as far as we remember, and nobody took since. */
static bool may_take(const struct lease *lease, const struct record *record, bool ours,
                     int64_t boot_ms) {
    return ours || !is_current(lease, record, boot_ms) || is_dead(lease->fd, lease->duty, record);
}

/* Under the lock of its file. */
static bool take(struct lease *lease, int64_t boot_ms, struct err *err) {
    void *scratch = talloc_new(NULL);
    struct record record = read_record(scratch, lease->fd, lease->duty);
    bool ours = lease_is_ours(lease, boot_ms) && record.epoch == lease->epoch &&
                is_current(lease, &record, boot_ms);
    bool free = may_take(lease, &record, ours, boot_ms);
    int64_t epoch = ours ? record.epoch : record.epoch + 1;
    talloc_free(scratch);
    if (!ours)
        show_life(lease, false);
    lease->until_ms = 0;
    if (!free)
        return false;
    if (!write_record(lease, epoch, boot_ms + LEASE_MS))
        return err_errno(err, errno, "can't write the store's leases", lease->store,
                         "see that its disk has room");
    lease->epoch = epoch;
    lease->until_ms = boot_ms + LEASE_MS;
    show_life(lease, true);
    return true;
}

/* Somebody who is just at it doesn't take what is ours. */
bool lease_hold(struct lease *lease, int64_t boot_ms, struct err *err) {
    if (!open_file(lease, err))
        return false;
    if (flock(lease->fd, LOCK_EX | LOCK_NB) != 0)
        return lease_is_ours(lease, boot_ms);
    bool taken = take(lease, boot_ms, err);
    flock(lease->fd, LOCK_UN);
    return taken;
}

bool lease_is_ours(const struct lease *lease, int64_t boot_ms) {
    return lease->until_ms > boot_ms;
}

int64_t lease_epoch(const struct lease *lease) {
    return lease->epoch;
}

/* Only what is still ours: another may have it by now. */
void lease_leave(struct lease *lease) {
    if (!lease->until_ms || flock(lease->fd, LOCK_EX | LOCK_NB) != 0)
        return;
    void *scratch = talloc_new(NULL);
    if (read_record(scratch, lease->fd, lease->duty).epoch == lease->epoch)
        (void)write_record(lease, lease->epoch, 0);
    show_life(lease, false);
    flock(lease->fd, LOCK_UN);
    lease->until_ms = 0;
    talloc_free(scratch);
}

static int lease_end(struct lease *lease) {
    lease_leave(lease);
    close_file(lease);
    return 0;
}

struct lease *lease_new(const void *parent, const char *store, enum lease_duty duty, const char *me,
                        const char *boot) {
    struct lease *lease = xtalloc_zero(parent, struct lease);
    lease->store = xtalloc_strdup(lease, store);
    lease->duty = duty;
    lease->me = xtalloc_strdup(lease, me);
    lease->boot = xtalloc_strdup(lease, boot);
    lease->fd = -1;
    talloc_set_destructor(lease, lease_end);
    return lease;
}

/* ---- looking --------------------------------------------------------------------------------- */

/* The file's descriptor. -1: it can't be read, or, where `missing`, there is none. */
static int open_to_look(const struct lease *lease, bool *missing) {
    struct err *ignored = err_new(NULL);
    struct log_place *place;
    int fd = -1;
    *missing = false;
    if (log_place_find(ignored, lease->store, &place, ignored)) {
        fd = open(place->lease, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        *missing = fd < 0 && errno == ENOENT;
    }
    talloc_free(ignored);
    return fd;
}

char *lease_holder(const void *parent, const struct lease *lease, int64_t boot_ms) {
    bool missing;
    int fd = open_to_look(lease, &missing);
    if (fd < 0)
        return missing ? xtalloc_strdup(parent, "") : NULL;
    void *scratch = talloc_new(NULL);
    struct record record = read_record(scratch, fd, lease->duty);
    bool held = is_current(lease, &record, boot_ms) && !is_dead(fd, lease->duty, &record);
    char *who = xtalloc_strdup(parent, held ? record.who : "");
    close(fd);
    talloc_free(scratch);
    return who;
}
