/* backout: takes a bad change back out of production. */
#include "config.h"

#include "base/digest.h"
#include "base/text.h"
#include "cli/cli.h"
#include "ui/console.h"
#include "ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a caller may have done to us is undone before anything else is. */
static const char *unfit(void) {
    if (getauxval(AT_SECURE))
        return "it must not be setuid or setgid; remove those bits";
    if (!text_init())
        return "there is no UTF-8 locale; install C.UTF-8, or see whether it can be read";
    if (!digest_init())
        return "there is no source of randomness; see what the kernel says (dmesg)";
    return NULL;
}

/* A stream that came closed would lend its number to the next file that is opened, and what is
 * printed would land there. What takes its place can't be written, so that this shows. */
static bool fill_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv) {
    if (!fill_streams())
        return ERR_UNAVAILABLE;
    const char *why = unfit();
    umask(077);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to tell of, no death */
    if (why) {
        fprintf(stderr, "backout: can't start: %s\n", why);
        return ERR_UNAVAILABLE;
    }
    const struct cli_screen screen = {.open = console_run, .curses = term_library()};
    return cli_main(argc, argv, &screen);
}
