/* backout-demo-shop COMMAND …, in the shop's home folder: its service, its customers, its tools. */
#include "config.h"

#include "data/demo/shop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name, *words;
    int least;
    command_fn *run;
} commands[] = {
    {"serve", "", 0, serve_run},
    {"load", "MINUTES", 1, load_run},
    {"get", "PATH", 1, get_run},
    {"make-database", "", 0, database_make},
    {"migrate", "up|down", 1, database_migrate},
    {"schema-is", "NUMBER", 1, database_schema_is},
    {"count", "", 0, database_count},
    {"backup", "FILE", 1, database_backup},
    {"prove", "FILE", 1, database_prove},
    {"restore", "FILE", 1, database_restore},
};

static int usage(void) {
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
        fprintf(stderr, "%s backout-demo-shop %s %s\n", i ? "      " : "usage:", commands[i].name,
                commands[i].words);
    return SHOP_USAGE;
}

static bool enter_home(void) {
    const char *home = getenv("SHOP_HOME");
    if (home && chdir(home) == 0)
        return true;
    fprintf(stderr, "shop: can't enter its home: set SHOP_HOME to its folder\n");
    return false;
}

int main(int argc, char **argv) {
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++) {
        if (strcmp(commands[i].name, argv[1]) != 0 || argc - 2 < commands[i].least)
            continue;
        return enter_home() ? commands[i].run(argv + 2) : SHOP_USAGE;
    }
    return usage();
}
