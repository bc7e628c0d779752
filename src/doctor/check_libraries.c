/* What it is linked with, as it runs now. */
#include "config.h"

#include "doctor/look.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "log/acl.h"
#include "yaml/node.h"

static const struct {
    const char *name;
    const char *(*version)(void);
} libraries[] = {
    {"SQLite", log_library},    {"libyaml", node_library},   {"libsodium", digest_library},
    {"utf8proc", text_library}, {"talloc", xtalloc_library}, {"libacl", acl_library},
};

void check_sqlite(struct look *look) {
    if (log_library_is_sound())
        return;
    found(look, DOCTOR_NOTE,
          "this SQLite can lose pages when a checkpoint races a commit (before 3.51.3)",
          look_fmt(look,
                   "%s; all of backout's take turns by one lock, so only other programs could",
                   log_library()),
          "let nothing but backout write to or checkpoint a store in use");
}

void check_libraries(struct look *look) {
    const char *all = look->question->screen_library;
    for (size_t i = 0; i < ARRAY_SIZE(libraries); i++)
        all = look_fmt(look, "%s, %s %s", all, libraries[i].name, libraries[i].version());
    found(look, DOCTOR_OK, "it runs with", all, NULL);
}
