/* backout: takes a bad change back out of production. */
#include "config.h"

#include "base/digest.h"
#include "base/text.h"
#include "cli/cli.h"
#include "ui/console.h"

#include <stdio.h>
#include <sys/auxv.h>
#include <sys/stat.h>

/* What a caller may have done to us is undone before anything else is. */
static const char *unfit(void) {
    if (getauxval(AT_SECURE))
        return "it must not be setuid or setgid: remove those bits";
    if (!text_init())
        return "there is no UTF-8 locale: install C.UTF-8";
    if (!digest_init())
        return "there is no source of randomness";
    return NULL;
}

int main(int argc, char **argv) {
    const char *why = unfit();
    umask(077);
    if (why) {
        fprintf(stderr, "backout: can't start: %s\n", why);
        return ERR_UNAVAILABLE;
    }
    return cli_main(argc, argv, console_run);
}
