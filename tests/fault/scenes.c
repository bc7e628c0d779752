#include "config.h"

#include "tests/fault/scenes.h"

#include "tests/fault/model.h"

const struct scene scenes[SCENES] = {
    {.name = "note", .words = ON "note 1 acknowledged", .happened = found_note, .sanitized = true},
    {.name = "declare", .words = ON "declare plan.yaml --accept t", .happened = found_declared},
    {.name = "start --wait",
     .words = ON "start 1 flag --wait",
     .happened = found_performed,
     .once = true,
     .sanitized = true},
    {.name = "init", .words = "--store new/store.db init", .happened = found_made, .resumes = true},
    {.name = "backup", .words = ON "backup kept.db", .happened = found_backup, .once = true},
    {.name = "restore", .words = ON "restore copy.db --reason lost", .happened = found_restored},
    {.name = "import",
     .words = "--store other/store.db import log.ndjson",
     .happened = found_imported,
     .once = true},
    {.name = "import --continue",
     .words = "--store other/store.db import log.ndjson --continue --reason gone",
     .happened = found_imported,
     .once = true},
    {.name = "export", .words = ON "export kept.ndjson", .happened = found_export, .once = true},
    {.name = "roster apply",
     .words = ON "roster apply roster.yaml",
     .happened = found_applied,
     .once = true},
    {.name = "mirror made anew",
     .words = ON "note 1 acknowledged",
     .happened = found_note,
     .removed = "store/view/incidents.db.ndjson"},
    {.name = "verify", .words = ON "verify", .happened = found_page, .only_looks = true},
    {.name = "status", .words = ON "status --json", .happened = found_page, .only_looks = true},
};
