#include "config.h"

#include "fixture.h"

#include "tests/yaml/wrong.h"

const char smallest_plan[] =
    "backout: 1\n"
    "plan: search-2026-11\n"
    "title: Roll back search ranking 7.3\n"
    "service: search\n"
    "why: Search feeds a third of all orders; a wrong ranking is lost revenue every minute.\n"
    "roles: {commander: [ic1, ic2], search: [dev1, dev2]}\n"
    "steps:\n"
    "  - id: flag-off\n"
    "    title: Turn the new ranking off\n"
    "    owner: search\n"
    "    box: 5m\n"
    "    run: [./bin/flag, ranking-v7, \"off\"]\n"
    "    idempotent: true\n"
    "    verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}\n"
    "    undo: ./bin/flag ranking-v7 on\n"
    "  - id: look\n"
    "    title: Search for shoes on the page\n"
    "    owner: commander\n"
    "    box: 5m\n"
    "    manual: The first ten results are shoes.\n";

char *plan_with(const void *parent, const char *find, const char *replace) {
    return text_with(parent, smallest_plan, find, replace);
}

const struct plan *plan_of(const void *parent, const char *text) {
    struct err *err = err_new(parent);
    struct plan *plan = NULL;
    if (!plan_load(parent, text, strlen(text), &plan, err))
        fail_msg("%s", err_sentence(parent, err));
    return plan;
}
