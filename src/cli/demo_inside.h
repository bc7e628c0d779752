/* What the files of the demo share. Nobody else includes it. */
#ifndef BACKOUT_CLI_DEMO_INSIDE_H
#define BACKOUT_CLI_DEMO_INSIDE_H

#include "base/err.h"
#include "base/loop.h"
#include "hub/hub.h"

#include <sys/types.h>

#define DEMO_OLD "4.11"
#define DEMO_NEW "4.12"

struct door;

struct demo {
    bool headless, keep;
    const char *pace;  /* of the plan's scripts */
    const char *actor; /* who plays */
    struct loop *loop;
    bool interrupted; /* a signal asked for the end */

    const char *data, *program; /* what the demo is made of: its files, the shop's program */
    const char *folder;         /* what it was made into */
    int hold;                   /* the pipe that holds the shop's processes; -1: none */
    pid_t serve, load;          /* 0: not running */

    struct hub *hub;
    struct door *door;
    int64_t incident;
    size_t told; /* events of its timeline that were printed */
};

/* ---- demo_places.c: where the demo's files and the shop's program are ---- */

bool demo_find(struct demo *demo, struct err *err);

/* ---- demo_world.c: the folder ---- */

/* Makes it, for its user alone, with all that needs no running service. */
bool world_make(struct demo *demo, struct err *err);
/* The plan with the player's name and the service's address in it. */
bool world_write_plan(struct demo *demo, const char *address, struct err *err);
/* A path in it, owned by `parent`. */
char *world_path(const void *parent, const struct demo *demo, const char *name);
bool world_read(const void *parent, const char *path, char **text, struct err *err);
/* Removes it with everything in it. */
bool world_remove(struct demo *demo, struct err *err);

/* ---- demo_shop.c: the service ---- */

/* Runs a program (a path in the world) to its end. False when it fails: err holds its last words,
 * else *said (may be NULL; owned by `parent`) all of them. */
bool shop_run(struct demo *demo, const void *parent, const char *const *words, char **said,
              struct err *err);
/* Starts the service and its customers, and waits until it answers. */
bool shop_open(struct demo *demo, struct err *err);
void shop_close(struct demo *demo);

#define SHOP_ORDERS 10
/* Orders SHOP_ORDERS times, as a customer. */
struct shop_seen {
    int failed;
    char *page; /* the last answer, one line; "" when there was none */
};
struct shop_seen shop_look(struct demo *demo, const void *parent);
/* Whether that is the old version, without a fault. */
bool shop_is_well(const struct shop_seen *seen);

/* ---- demo_drive.c: the incident ---- */

bool drive_declare(struct demo *demo, struct err *err);
/* Does what waits on the player, by the same commands as anybody's, until the incident is closed.
 */
bool drive_to_the_end(struct demo *demo, struct err *err);
/* Stops the steps that still run: their processes would outlive the demo. */
void drive_stop(struct demo *demo);

/* Turns the loop until it is so. False after `limit_ms`, and when a signal asked for the end. */
bool demo_wait(struct demo *demo, bool (*is_so)(struct demo *demo), int64_t limit_ms);

#endif
