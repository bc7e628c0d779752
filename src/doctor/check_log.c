/* What the store holds: whether it is what was written, how its WAL grows, who is at it. */
#include "config.h"

#include "doctor/look.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/hub.h"
#include "hub/pins.h"
#include "run/sweep.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define WAL_BYTES_LONG (16 * LIMIT_MIB)
#define LOCK_HELD_LONG (2 * SECOND_MS)
#define NAMED_MAX      4

/* ---- proof ----------------------------------------------------------------------------------- */

static void tell_head(struct look *look) {
    struct log_head head;
    char hex[DIGEST_HEX];
    if (!hub_head(look->hub, &head, look->err))
        return;
    digest_hex(&head.hash, hex);
    found(look, DOCTOR_OK, "every event is as it was written",
          look_fmt(look, "up to event %lld, hash %s", (long long)head.seq, hex), NULL);
}

static bool open_log(struct look *look, struct log **log, struct err *err) {
    return log_open(look->scratch, look->place->file, LOG_READ, look->question->now_ms, log, err);
}

/* A format of tomorrow is the one reason not to write that rights don't show. */
static bool judge_format(struct look *look) {
    struct log *log;
    if (!open_log(look, &log, look->err))
        return false;
    const char *why = log_read_only(log);
    if (strstr(why, "format"))
        found(look, DOCTOR_WARN, "this program only reads it", why, "install the newer backout");
    talloc_free(log);
    return true;
}

static bool prove(struct look *look) {
    const struct hub_options options = {
        .store = look->place->file, .actor = "doctor", .via = "doctor", .read_only = true};
    int64_t verified;
    return hub_open(look->scratch, &options, look->question->now_ms, &look->hub, look->err) &&
           hub_verify(look->hub, &verified, look->err);
}

/* Folding may stumble over damage without knowing which row is bad: the chain does. */
static void name_bad_row(struct look *look) {
    struct err *err = err_new(look->scratch);
    struct log *log;
    int64_t verified;
    if (!open_log(look, &log, err))
        return;
    if (!log_verify(log, &verified, err))
        err_set(look->err, err->code, err->what, err->on, err->remedy);
    talloc_free(log);
}

void check_proof(struct look *look) {
    if (judge_format(look) && prove(look)) {
        tell_head(look);
        return;
    }
    if (look->err->code == ERR_DAMAGED && !look->hub)
        name_bad_row(look);
    if (look->err->code == ERR_ACCESS)
        found(look, DOCTOR_NOTE, "its log can't be proven by who may not read it",
              look->place->file, "have one of its writers run `backout verify`");
    else
        found_err(look, look->err->code == ERR_DAMAGED ? DOCTOR_DAMAGED : DOCTOR_BAD, look->err);
}

/* ---- what was seen of it --------------------------------------------------------------------- */

struct search {
    const struct log_head *pin;
    bool found;
};

static bool take_pinned(void *data, const struct event *event) {
    struct search *search = data;
    search->found =
        event->seq == search->pin->seq && digest_equal(&event->hash, &search->pin->hash);
    return false;
}

static void compare_pin(struct look *look) {
    struct log_head now, pin;
    struct search search = {.pin = &pin};
    if (!hub_head(look->hub, &now, look->err) ||
        !pins_find(look->question->pins, now.store, look->place->file, &pin))
        return;
    bool same =
        strcmp(now.store, pin.store) == 0 &&
        hub_events(look->hub, pin.seq - 1, LOG_ANY_INCIDENT, take_pinned, &search, look->err) &&
        search.found;
    if (!same)
        found(look, DOCTOR_DAMAGED,
              "it isn't the log that you saw: it went back, forked, or is another",
              look_fmt(look, "%s ends at event %lld; you saw event %lld", look->place->file,
                       (long long)now.seq, (long long)pin.seq),
              "if that was meant: backout verify --repin");
}

void check_pins(struct look *look) {
    if (!look->question->pins)
        return;
    if (look->hub)
        compare_pin(look);
    if (!pins_check(look->question->pins, look->err))
        found_err(look, DOCTOR_WARN, look->err);
}

/* ---- the mirror ------------------------------------------------------------------------------ */

/* Whoever commits writes it, so one that is behind had no room or no rights. One that is damaged is
 * the proof's to tell. */
void check_mirror(struct look *look) {
    struct log *log;
    if (!look->hub || !open_log(look, &log, look->err))
        return;
    if (!log_mirror_check(log, look->err) ||
        (!log_mirror_prove(log, look->err) && look->err->code != ERR_DAMAGED))
        found(look, DOCTOR_WARN, look->err->what, look->err->on,
              look_fmt(look, "backout init %s", look->place->file));
    talloc_free(log);
}

/* ---- the write-ahead log --------------------------------------------------------------------- */

struct holders {
    const struct look *look;
    const char *target; /* what they have open */
    char *names;        /* "pid 812, pid 4122" */
    size_t count;
};

static bool take_holder(void *data, pid_t pid) {
    struct holders *holders = data;
    if (pid != getpid() && process_holds(pid, holders->target) > 0 && holders->count++ < NAMED_MAX)
        holders->names = xtalloc_asprintf_append(holders->names, "%spid %ld",
                                                 *holders->names ? ", " : "", (long)pid);
    return true;
}

static const char *who_has_open(const struct look *look, const char *path) {
    struct holders holders = {
        .look = look, .target = path, .names = xtalloc_strdup(look->scratch, "")};
    processes_each(take_holder, &holders);
    if (holders.count > NAMED_MAX)
        return look_fmt(look, "%s and %zu more", holders.names, holders.count - NAMED_MAX);
    return *holders.names ? holders.names : "nobody that you may see";
}

void check_wal(struct look *look) {
    const char *wal = look_fmt(look, "%s-wal", look->place->file);
    struct stat status;
    if (stat(wal, &status) != 0 || (uint64_t)status.st_size < WAL_BYTES_LONG)
        return;
    const char *shm = look_fmt(look, "%s-shm", look->place->file);
    found(look, DOCTOR_WARN, "its write-ahead log is long: somebody reads without an end",
          look_fmt(look, "%s has %lld MiB, and open at it are %s", wal,
                   (long long)(status.st_size >> 20), who_has_open(look, shm)),
          "end the reader that is none of backout's (sqlite3, a copy that hangs); the next quiet "
          "moment shortens it");
}

/* ---- the lock -------------------------------------------------------------------------------- */

/* "1: FLOCK  ADVISORY  WRITE 4122 fe:00:1234 0 EOF" (proc(5)). Looking takes no lock, where asking
 * flock would hold a writer up. */
static long holder_in(const char *line, const struct stat *file) {
    unsigned major_found, minor_found;
    unsigned long inode;
    long pid;
    bool is_lock = sscanf(line, "%*d: FLOCK %*s %*s %ld %x:%x:%lu", &pid, &major_found,
                          &minor_found, &inode) == 4;
    return is_lock && inode == file->st_ino && major_found == major(file->st_dev) &&
                   minor_found == minor(file->st_dev)
               ? pid
               : 0;
}

static long find_holder(const struct stat *file) {
    FILE *locks = fopen("/proc/locks", "re");
    char line[256];
    long pid = 0;
    while (locks && pid == 0 && fgets(line, sizeof(line), locks))
        pid = holder_in(line, file);
    if (locks)
        fclose(locks);
    return pid;
}

/* What the holder wrote when it took the lock, so the file's time says since when. */
static const char *signature(const struct look *look) {
    char record[128];
    int fd = open(look->place->lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t got = fd < 0 ? 0 : read(fd, record, sizeof(record));
    if (fd >= 0)
        close(fd);
    while (got > 0 && (record[got - 1] == ' ' || record[got - 1] == '\n'))
        got--;
    return got > 0 ? text_clean(look->scratch, record, (size_t)got) : "somebody";
}

void check_lock(struct look *look) {
    struct stat file;
    if (lstat(look->place->lock, &file) != 0)
        return;
    long pid = find_holder(&file);
    int64_t held_ms =
        look->question->now_ms - file.st_mtim.tv_sec * SECOND_MS - file.st_mtim.tv_nsec / 1000000;
    if (pid == 0 || held_ms < LOCK_HELD_LONG)
        return;
    found(look, DOCTOR_WARN, "somebody holds its lock, and nobody else can write",
          look_fmt(look, "%s, pid %ld, for %s", signature(look), pid,
                   duration_clock(look->scratch, held_ms)),
          look_fmt(look, "kill %ld; what it had not acknowledged is then not kept", pid));
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void look_at_steps(struct look *look, const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        const struct run *run = step_run(step);
        if (!run_is_lost(run, look->question->now_ms))
            continue;
        found(look, DOCTOR_WARN, "a step's runner is gone, and nobody has looked yet",
              look_fmt(look, "INC-%lld %s, run %s, pid %lld", (long long)incident->number,
                       step->spec->id, run->id, (long long)run->pid),
              look_fmt(look, "backout check %lld %s", (long long)incident->number, step->spec->id));
    }
}

/* What a dying writer of the ending leaves; the next run is another folder, so it only lies there.
 */
void check_runs(struct look *look) {
    const struct state *state = look->hub ? hub_state(look->hub) : NULL;
    for (size_t i = 0; state && i < state->incidents_count; i++)
        look_at_steps(look, state->incidents[i]);
}
