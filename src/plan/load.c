#include "config.h"

#include "plan/load.h"

#include "base/xtalloc.h"

#include <string.h>

#define ENVIRONMENT "production"

/* What software and people rely on being there, even in a plan frozen by a newer program. */
static void load_identity(struct plan *plan) {
    if (plan->id == NULL)
        plan->id = "unnamed";
    if (plan->title == NULL)
        plan->title = plan->id;
    if (plan->service == NULL)
        plan->service = plan->id;
}

void *plan_from_document(const void *parent, struct node *document, const char *bytes,
                         size_t length) {
    if (document->kind != NODE_MAP)
        return NULL;
    struct plan *plan = xtalloc_zero(parent, struct plan);
    struct digest digest = digest_sha256(bytes, length);
    digest_hex(&digest, plan->sha256);
    plan->document = talloc_steal(plan, document);
    plan->environment = ENVIRONMENT;
    plan->version = 1;
    section_store(plan, &plan_section, document, plan);
    load_identity(plan);
    load_step_defaults(plan);
    load_options(plan);
    return plan;
}

bool plan_load(const void *parent, const char *bytes, size_t length, struct plan **plan,
               struct err *err) {
    void *file;
    bool loaded = file_load(parent, &plan_file, bytes, length, &file, err);
    *plan = file;
    return loaded;
}
