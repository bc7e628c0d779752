/* Line 6: what a tick of ten timers costs on a line: bytes and TCP segments with something in them,
 * as the kernel counts them at the client's end of a real SSH connection over loopback. Both
 * programs run at once, each over a connection of its own, and are read over the same ticks. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/xtalloc.h"
#include "tests/bench/clock.h"
#include "tests/bench/program.h"
#include "tests/bench/terminal.h"

#include <dirent.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WINDOWS   8
#define TICKS     8
#define SETTLE_MS 3000
#define SLICE_MS  50
#define LISTEN_MS 10000
#define PORTS     8 /* that are tried */

struct server {
    const char *folder;
    int port;
    struct program *sshd;
};

struct line_end {
    struct terminal *terminal;
    int socket;
    double segments, bytes;
    size_t shown; /* bytes that came out of the terminal */
};

/* ---- a server of our own --------------------------------------------------------------------- */

static bool make_key(const struct bench *bench, const char *keygen, const char *path,
                     struct err *err) {
    const char *argv[] = {keygen, "-q", "-t", "ed25519", "-N", "", "-f", path, NULL};
    return bench_run(bench, argv, err);
}

static bool write_config(const struct server *server, struct err *err) {
    const char *path = xtalloc_asprintf(server->folder, "%s/config", server->folder);
    FILE *file = fopen(path, "we");
    if (!file)
        return err_errno(err, errno, "can't write a configuration", path, NULL);
    fprintf(file,
            "ListenAddress 127.0.0.1\nPort %d\nHostKey %s/host\nAuthorizedKeysFile %s/key.pub\n"
            "PidFile %s/pid\nStrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\n"
            "PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
            server->port, server->folder, server->folder, server->folder);
    return fclose(file) == 0 || err_errno(err, errno, "can't write a configuration", path, NULL);
}

/* Its pid file is there when it listens. */
static bool listens(const struct server *server) {
    const char *pid = xtalloc_asprintf(server->folder, "%s/pid", server->folder);
    double limit_ms = clock_ms() + LISTEN_MS;
    while (access(pid, F_OK) != 0) {
        if (clock_ms() > limit_ms || kill(program_pid(server->sshd), 0) != 0)
            return false;
        clock_sleep_ms(5);
    }
    return true;
}

static bool start_server(const struct bench *bench, const char *sshd, struct server *server,
                         struct err *err) {
    const char *argv[] = {
        sshd, "-D", "-e", "-f", xtalloc_asprintf(server->folder, "%s/config", server->folder),
        NULL};
    for (int i = 0; i < PORTS; i++) {
        server->port = 20000 + (int)((getpid() + i * 977) % 30000);
        if (!write_config(server, err))
            return false;
        server->sshd = program_start(bench, argv, bench->work, err);
        if (!server->sshd || listens(server))
            return server->sshd != NULL;
        TALLOC_FREE(server->sshd);
    }
    return err_set(err, ERR_UNAVAILABLE, "sshd doesn't start here", server->folder,
                   "run it by hand with -d");
}

/* Root's sshd wants the folder that its service would have made. */
static bool open_server(const struct bench *bench, struct server *server, struct err *err) {
    const char *sshd = program_find(bench, "sshd"), *keygen = program_find(bench, "ssh-keygen");
    server->folder = bench_folder(bench, bench, "ssh");
    if (geteuid() == 0)
        mkdir("/run/sshd", 0755);
    return make_key(bench, keygen, xtalloc_asprintf(server->folder, "%s/host", server->folder),
                    err) &&
           make_key(bench, keygen, xtalloc_asprintf(server->folder, "%s/key", server->folder),
                    err) &&
           start_server(bench, sshd, server, err);
}

/* ---- a connection ---------------------------------------------------------------------------- */

/* A copy of the descriptor that a child of ours has; -1 when it isn't there any more. */
static int copy_descriptor(pid_t pid, int number) {
    int process = (int)syscall(SYS_pidfd_open, pid, 0);
    int copy = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, number, 0);
    if (process >= 0)
        close(process);
    return copy;
}

static bool count_received(int socket, struct tcp_info *info) {
    socklen_t size = sizeof(*info);
    memset(info, 0, sizeof(*info));
    return getsockopt(socket, IPPROTO_TCP, TCP_INFO, info, &size) == 0 && info->tcpi_data_segs_in;
}

/* The client's only TCP socket is its end of the line. */
static int find_socket(pid_t pid) {
    int found = -1;
    struct tcp_info info;
    char *path = xtalloc_asprintf(NULL, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && found < 0 && (entry = readdir(folder));) {
        int copy = copy_descriptor(pid, (int)strtol(entry->d_name, NULL, 10));
        if (copy >= 0 && count_received(copy, &info))
            found = copy;
        else if (copy >= 0)
            close(copy);
    }
    if (folder)
        closedir(folder);
    talloc_free(path);
    return found;
}

static bool connect_line(const struct bench *bench, const struct server *server,
                         const char *program, const char *word, struct line_end *end,
                         struct err *err) {
    const char *far =
        xtalloc_asprintf(server->folder, "HOME='%s' LC_ALL=C.UTF-8 exec %s", bench->work, program);
    const char *key = xtalloc_asprintf(far, "%s/key", server->folder);
    const char *known = xtalloc_asprintf(far, "UserKnownHostsFile=%s/known", server->folder);
    const char *argv[] = {program_find(far, "ssh"),
                          "-F",
                          "none",
                          "-tt",
                          "-i",
                          key,
                          "-p",
                          xtalloc_asprintf(far, "%d", server->port),
                          "-o",
                          "IdentitiesOnly=yes",
                          "-o",
                          known,
                          "-o",
                          "StrictHostKeyChecking=no",
                          "-o",
                          "LogLevel=ERROR",
                          "-o",
                          "BatchMode=yes",
                          "127.0.0.1",
                          far,
                          NULL};
    double ignored;
    end->terminal = terminal_open(bench, argv, bench->work, err);
    if (!end->terminal || !terminal_first_frame(end->terminal, word, &ignored, err))
        return false;
    end->socket = find_socket(terminal_pid(end->terminal));
    return end->socket >= 0 || err_set(err, ERR_UNAVAILABLE, "can't count at the socket of ssh",
                                       program, "it needs Linux 5.6");
}

/* ---- ticks ----------------------------------------------------------------------------------- */

/* What came since it was last asked. */
static struct line_end since(struct line_end *end) {
    struct tcp_info info;
    struct line_end before = *end;
    count_received(end->socket, &info);
    end->segments = (double)info.tcpi_data_segs_in;
    end->bytes = (double)info.tcpi_bytes_received;
    end->shown = terminal_bytes(end->terminal);
    return (struct line_end){.segments = end->segments - before.segments,
                             .bytes = end->bytes - before.bytes,
                             .shown = end->shown - before.shown};
}

static void rest(struct line_end *ours, struct line_end *theirs, double ms) {
    double end_ms = clock_ms() + ms;
    while (clock_ms() < end_ms) {
        terminal_rest(ours->terminal, SLICE_MS);
        terminal_rest(theirs->terminal, SLICE_MS);
    }
}

struct counted {
    struct pairs segments, bytes;
    size_t shown[2], ticks;
};

static void count_ticks(struct line_end *ours, struct line_end *theirs, struct counted *counted) {
    rest(ours, theirs, SETTLE_MS);
    for (size_t i = 0; i < WINDOWS; i++) {
        clock_between_ticks(500);
        since(ours);
        since(theirs);
        rest(ours, theirs, TICKS * 1000 - 50);
        struct line_end mine = since(ours), other = since(theirs);
        counted->segments.ours[i] = mine.segments / TICKS;
        counted->segments.theirs[i] = 1;
        counted->bytes.ours[i] = mine.bytes / TICKS;
        counted->bytes.theirs[i] = other.bytes / TICKS;
        counted->shown[0] += mine.shown;
        counted->shown[1] += other.shown;
    }
    counted->segments.count = counted->bytes.count = WINDOWS;
    counted->ticks = WINDOWS * TICKS;
}

static void tell(struct bench *bench, const struct counted *counted) {
    const struct result segments = {.line = "6",
                                    .what = "segments a tick over ssh, ten timers",
                                    .against = "one a frame",
                                    .unit = "segments",
                                    .goal = {AT_MOST, 1}};
    const struct result bytes = {.line = "6",
                                 .what = "bytes a tick over ssh, ten timers",
                                 .against = "plain ncurses",
                                 .unit = "bytes",
                                 .goal = {AT_MOST, 0.75}};
    bench_say(bench, &segments, &counted->segments);
    bench_say(bench, &bytes, &counted->bytes);
    bench_note(bench, "6", "before SSH a tick is %.1f bytes, of plain ncurses %.1f",
               (double)counted->shown[0] / (double)counted->ticks,
               (double)counted->shown[1] / (double)counted->ticks);
}

bool line_ssh(struct bench *bench, struct err *err) {
    struct server server = {0};
    struct line_end ours = {0}, theirs = {0};
    struct counted counted = {0};
    const char *store;
    if (!program_find(bench, "sshd") || !program_find(bench, "ssh")) {
        bench_skip(bench, "6", "ticks over ssh", "there is no sshd or no ssh");
        return true;
    }
    if (!open_server(bench, &server, err) || !bench_ten(bench, bench, "far", &store, err) ||
        !connect_line(bench, &server,
                      xtalloc_asprintf(bench, "'%s' --store '%s'", bench->backout, store), "LIVE",
                      &ours, err) ||
        !connect_line(bench, &server, bench_program(bench, bench, "floor_timers"), "step05",
                      &theirs, err))
        return false;
    count_ticks(&ours, &theirs, &counted);
    tell(bench, &counted);
    talloc_free(ours.terminal);
    talloc_free(theirs.terminal);
    talloc_free(server.sshd);
    return true;
}
