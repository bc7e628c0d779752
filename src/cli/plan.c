#include "config.h"

#include "cli/families.h"

#include "base/xtalloc.h"
#include "cli/findings.h"
#include "cli/out.h"
#include "plan/lint.h"
#include "plan/show.h"
#include "run/facts.h"

/* A plan file comes in by the same door as when it is declared. */
static bool read_plan(struct call *call, const char *path, struct facts *facts) {
    struct command *command = command_new(call, "declare", call->now_ms);
    command->plan = path;
    return facts_gather(call, command, NULL, facts, call->err);
}

static struct lint *lint_file(struct call *call, const char *path, const struct lint_words *words) {
    struct facts facts;
    const struct roster *roster = words->roster ? roster_of_file(call, words->roster) : NULL;
    if ((words->roster && !roster) || !read_plan(call, path, &facts))
        return NULL;
    return plan_lint(call, facts.plan_text, facts.plan_length, roster ? &roster->roles : NULL,
                     call->now_ms);
}

bool run_plan_lint(struct call *call) {
    return findings_run(call, lint_file);
}

/* ---- plan show, plan new ---- */

bool run_plan_show(struct call *call) {
    if (!call_read(call, NULL))
        return false;
    const char *path = call->words[0];
    static const struct lint_words alone = {0};
    struct lint *lint = lint_file(call, path, &alone);
    if (!lint)
        return false;
    if (!lint->file || !lint->loadable)
        return err_set(call->err, ERR_USAGE, "the plan can't be loaded", path,
                       "`backout plan lint` says why");
    out_page(plan_show(call, lint->file, out_width(PAGE_CELLS)));
    if (lint->errors)
        out_note("%s has %zu error%s: `backout plan lint` shows them", path, lint->errors,
                 lint->errors == 1 ? "" : "s");
    return true;
}

bool run_plan_new(struct call *call) {
    if (!call_read(call, NULL))
        return false;
    out_page(plan_template);
    return true;
}
