/* What a trial left in its folder: a command of the program, one of whose calls failed.
 * Owns nothing. Looks only, with the program's own rooms. */
#ifndef BACKOUT_TESTS_FAULT_FOUND_H
#define BACKOUT_TESTS_FAULT_FOUND_H

#include "tests/fault/strace.h"

#include "hub/hub.h"

struct scene;

struct trial {
    struct fixture *fixture;
    const struct scene *scene;
    struct injection injection;
    struct traced traced;
    const char *folder;
};

/* A path in its folder. */
char *found_path(const struct trial *trial, const char *name);

/* A store of its folder; NULL where it can't be opened, for which the fixture's err has the words.
 */
struct hub *found_hub(const struct trial *trial, const char *store, bool read_only);

/* Whether that store's log is proven from its first event to its last; and whether its index and
 * its mirror are proven too. Those come with the next command where a call failed that they need.
 */
bool found_log(const struct trial *trial, const char *store);
bool found_whole(const struct trial *trial, const char *store);

/* How often the step's command ran, by what it does; what the log says of the step; and whether the
 * two go together: where it had its effect, nobody says that it had none. */
size_t found_effects(const struct trial *trial);
enum step_state found_step(const struct trial *trial);
bool found_told(const struct trial *trial);

/* Whether what the words of a scene ask for is there. */
bool found_note(const struct trial *trial);
bool found_declared(const struct trial *trial);
bool found_applied(const struct trial *trial);
bool found_performed(const struct trial *trial);
bool found_made(const struct trial *trial);
bool found_imported(const struct trial *trial);
bool found_backup(const struct trial *trial);
bool found_restored(const struct trial *trial);
bool found_export(const struct trial *trial);
bool found_page(const struct trial *trial);

#endif
