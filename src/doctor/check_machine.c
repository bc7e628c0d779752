/* The machine: its clock, what its kernel grants and shows, and the program as it is installed. */
#include "config.h"

#include "doctor/look.h"

#include "base/host.h"
#include "base/number.h"
#include "base/syslog.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#define INSTANCES_LOW   8
#define FILES_LOW       256
#define FILE_BYTES_LOW  (1024 * LIMIT_MIB)
#define CLOCK_AHEAD_MS  (2 * SECOND_MS)
#define INSTANCES_LIMIT "/proc/sys/fs/inotify/max_user_instances"

/* ---- time ------------------------------------------------------------------------------------ */

static bool take_newest(void *data, const struct event *event) {
    int64_t *newest = data;
    if (event->at_ms > *newest)
        *newest = event->at_ms;
    return true;
}

/* Countdowns and times of day are read off the wall clock, whatever the order is made of. */
static void check_future(struct look *look) {
    struct log_head head;
    int64_t newest = 0;
    if (!look->hub || !hub_head(look->hub, &head, look->err) ||
        !hub_events(look->hub, head.seq - 1, LOG_ANY_INCIDENT, take_newest, &newest, look->err) ||
        newest <= look->question->now_ms + CLOCK_AHEAD_MS)
        return;
    found(look, DOCTOR_WARN, "the newest event is dated later than now",
          look_fmt(look, "by %s: this clock is slow, or that one was fast",
                   duration_clock(look->scratch, newest - look->question->now_ms)),
          "timedatectl status");
}

void check_clock(struct look *look) {
    struct timex clock = {.modes = 0};
    int state = adjtimex(&clock);
    if (state == TIME_ERROR || (state >= 0 && (clock.status & STA_UNSYNC)))
        found(look, DOCTOR_WARN, "nothing keeps the clock in step",
              "countdowns and times will drift from other machines'", "timedatectl set-ntp true");
    check_future(look);
}

/* ---- the system's log ------------------------------------------------------------------------ */

/* A socket that nobody listens at refuses to be connected to; nothing is said to one that does. */
static bool is_heard(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return false;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool heard = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    if (fd >= 0)
        close(fd);
    return heard;
}

void check_syslog(struct look *look) {
    const char *path = syslog_path();
    if (path && is_heard(path))
        return;
    found(look, DOCTOR_NOTE, "heads don't reach the system's log: nothing outside remembers them",
          path ? look_fmt(look, "nobody listens at %s", path) : "BACKOUT_SYSLOG is none",
          path ? "apt-get install rsyslog, and have it send auth messages on to another host"
               : "unset BACKOUT_SYSLOG");
}

/* ---- what the kernel grants ------------------------------------------------------------------ */

static bool count_instances(void *data, pid_t pid) {
    uid_t user;
    int held =
        process_user(pid, &user) && user == getuid() ? process_holds(pid, "anon_inode:inotify") : 0;
    *(int64_t *)data += held > 0 ? held : 0;
    return true;
}

static bool read_number(const struct look *look, const char *path, int64_t *number) {
    size_t length;
    char *text = proc_file(look->scratch, path, 64, &length);
    if (text)
        text[strcspn(text, "\n")] = '\0';
    return text && number_parse(text, 0, INT64_MAX, number);
}

void check_inotify(struct look *look) {
    int64_t used = 0, most;
    if (!read_number(look, INSTANCES_LIMIT, &most))
        return;
    processes_each(count_instances, &used);
    if (most - used >= INSTANCES_LOW)
        return;
    found(look, DOCTOR_WARN, "inotify instances are used up",
          look_fmt(look, "%lld of %lld of %s; the screen then looks four times a second",
                   (long long)used, (long long)most, host_user(look->scratch)),
          "sysctl fs.inotify.max_user_instances=512");
}

void check_limits(struct look *look) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_LOW)
        found(look, DOCTOR_WARN, "few files may be open at once",
              look_fmt(look, "%llu", (unsigned long long)limit.rlim_cur), "ulimit -n 1024");
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < FILE_BYTES_LOW)
        found(look, DOCTOR_BAD, "files may not grow: the store would stop taking events",
              look_fmt(look, "at %llu KiB", (unsigned long long)limit.rlim_cur >> 10),
              "ulimit -f unlimited");
}

/* ---- what the kernel shows ------------------------------------------------------------------- */

void check_processes(struct look *look) {
    uid_t user;
    if (process_user(1, &user))
        return;
    found(look, DOCTOR_NOTE, "other people's processes are hidden (hidepid)",
          "a runner of theirs that died is known a minute after its start at the earliest",
          "mount -o remount,hidepid=0 /proc");
}

/* ---- the program ----------------------------------------------------------------------------- */

void check_program(struct look *look) {
    struct stat program;
    char path[4096] = "";
    if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0 || stat(path, &program) != 0)
        return;
    if (program.st_mode & (S_ISUID | S_ISGID))
        found(look, DOCTOR_BAD, "the program is setuid or setgid, and refuses to start so", path,
              look_fmt(look, "chmod u-s,g-s %s", path));
    if (program.st_mode & S_IWOTH)
        found(look, DOCTOR_BAD, "anybody may replace the program", path,
              look_fmt(look, "chmod o-w %s", path));
}
