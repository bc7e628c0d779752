#include "config.h"

#include "base/syslog.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

const char *syslog_path(void) {
    const char *named = getenv("BACKOUT_SYSLOG");
    if (!named || !*named)
        return "/dev/log";
    return strcmp(named, "none") == 0 ? NULL : named;
}

/* "<85>Nov 24 15:35:05 backout[812]: …": its time is local, as daemons take it. */
static char *line_of(const void *parent, int64_t now_ms, const char *text) {
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(now_ms / SECOND_MS);
    struct tm at = {.tm_mday = 1};
    localtime_r(&seconds, &at);
    return xtalloc_asprintf(parent, "<%d>%s %2d %02d:%02d:%02d backout[%ld]: %s",
                            LOG_AUTHPRIV | LOG_NOTICE, months[at.tm_mon], at.tm_mday, at.tm_hour,
                            at.tm_min, at.tm_sec, (long)getpid(), text_clean_z(parent, text));
}

bool syslog_say(const char *path, int64_t now_ms, const char *text) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return false;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    void *scratch = talloc_new(NULL);
    const char *line = line_of(scratch, now_ms, text);
    bool taken = sendto(fd, line, strlen(line), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                        sizeof(address)) >= 0;
    close(fd);
    talloc_free(scratch);
    return taken;
}
