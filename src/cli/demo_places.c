#include "config.h"

#include "cli/demo_inside.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Looked for in this order: where the environment says, beside this program (a build tree), and
 * where `make install` put it. */
struct place {
    const char *variable, *beside, *installed;
    const char *name; /* what must be there */
};

static const struct place data_place = {.variable = "BACKOUT_DATA",
                                        .beside = "data",
                                        .installed = PKGDATADIR,
                                        .name = "demo/shop.yaml"};
static const struct place program_place = {.variable = "BACKOUT_LIBEXEC",
                                           .beside = ".",
                                           .installed = LIBEXECDIR,
                                           .name = "backout-demo-shop"};

static char *own_folder(const void *parent) {
    char *real = realpath("/proc/self/exe", NULL);
    char *slash = real ? strrchr(real, '/') : NULL;
    char *folder = xtalloc_strndup(parent, slash ? real : "", slash ? (size_t)(slash - real) : 0);
    free(real);
    return folder;
}

/* The thing itself, with its whole path; NULL when it is in none of its places. */
static const char *place_find(const void *parent, const struct place *place) {
    const char *given = getenv(place->variable);
    const char *const folders[] = {
        given, xtalloc_asprintf(parent, "%s/%s", own_folder(parent), place->beside),
        place->installed};
    for (size_t i = given && *given ? 0 : 1; i < ARRAY_SIZE(folders); i++) {
        const char *path = xtalloc_asprintf(parent, "%s/%s", folders[i], place->name);
        if (access(path, R_OK) == 0)
            return path;
        if (i == 0)
            return NULL; /* who names a folder means that one */
    }
    return NULL;
}

static bool refuse_missing(const struct place *place, struct err *err) {
    return err_set(err, ERR_NOT_FOUND, "the demo isn't installed here",
                   err_fmt(err, "%s/%s", place->installed, place->name),
                   err_fmt(err, "install backout whole, or set %s to its folder", place->variable));
}

bool demo_find(struct demo *demo, struct err *err) {
    const char *plan = place_find(demo, &data_place);
    demo->program = place_find(demo, &program_place);
    if (!plan || !demo->program)
        return refuse_missing(plan ? &program_place : &data_place, err);
    demo->data = xtalloc_strndup(demo, plan, (size_t)(strrchr(plan, '/') - plan));
    return true;
}
