#include "config.h"

#include "tests/fault/judge.h"

#include "tests/fault/model.h"
#include "tests/fault/scenes.h"
#include "tests/hub/store.h"
#include "tests/log/reflection.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "hub/local.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SAID = 12 };

static size_t wrong;

static void complain(const struct trial *trial, const char *how) {
    if (wrong++ < MOST_SAID)
        print_message("%s, %s %zu%s %s: %s (status %x): %s\n", trial->scene->name,
                      trial->injection.call, trial->injection.nth,
                      trial->injection.from_there_on ? "+" : "", trial->injection.error, how,
                      (unsigned)trial->traced.status, trial->traced.err);
}

/* "backout: what failed: on what; what to do", of the last line. */
static bool has_three_parts(const char *text) {
    const char *line = strstr(text, "backout: ");
    for (const char *next; line && (next = strstr(line + 1, "\nbackout: "));)
        line = next + 1;
    const char *on = line ? strstr(line + strlen("backout: "), ": ") : NULL;
    return on && strstr(on, "; ");
}

/* Of those that stand in the table of exit codes, those that a failing machine may lead to. */
static bool ended_in_order(const struct trial *trial) {
    static const int codes[] = {0, 1, 5, 6, 7};
    int status = trial->traced.status;
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == codes[i])
            return true;
    return false;
}

/* What is in doubt was said to be; an answer that couldn't be given too. */
static bool says_doubt(const struct trial *trial) {
    return strstr(trial->traced.err, "nobody knows") || trial->traced.to_user ||
           strstr(trial->traced.err, "can't write the output") ||
           strstr(trial->traced.err, "the new store is there");
}

/* Of a restore that failed in between there may be no store. */
static void prove(const struct trial *trial,
                  bool (*whole)(const struct trial *trial, const char *store)) {
    if (access(found_path(trial, STORE), F_OK) == 0 && !whole(trial, STORE))
        complain(trial, err_sentence(trial->fixture, trial->fixture->err));
}

/* Libraries that couldn't be loaded leave no program to judge. */
static bool is_the_loaders(const struct trial *trial) {
    return WIFEXITED(trial->traced.status) && WEXITSTATUS(trial->traced.status) == 127;
}

static void judge(const struct trial *trial) {
    bool ok = trial->traced.status == 0, happened = trial->scene->happened(trial);
    if (!ended_in_order(trial) && !is_the_loaders(trial))
        complain(trial, "that is no way to end");
    else if (!ok && !is_the_loaders(trial) && !trial->traced.to_user &&
             !has_three_parts(trial->traced.err))
        complain(trial, "its message lacks a part");
    if (ok && !happened)
        complain(trial, "acknowledged, and not there");
    if (!ok && happened && !trial->scene->only_looks && !trial->scene->resumes &&
        !says_doubt(trial))
        complain(trial, "there, and not acknowledged");
    if (found_effects(trial) > 1)
        complain(trial, "it ran twice");
    if (trial->scene->happened == found_performed && !found_told(trial))
        complain(trial, "what is said of its effect is wrong");
    prove(trial, found_log);
}

static void check_mirror(struct trial *trial) {
    struct hub *hub = found_hub(trial, STORE, false);
    if (!hub) {
        complain(trial, err_sentence(trial->fixture, trial->fixture->err));
        return;
    }
    store_ok(trial->fixture, hub, "note 1 next");
    assert_mirrored(trial->fixture, hub_log(hub));
    talloc_free(hub);
}

/* What a person does about a step that nobody knows of: looks, and says so; and about one that
 * couldn't be run. */
static void settle(struct trial *trial) {
    model_run(trial->fixture, trial->folder, ON "note 1 looking");
    if (found_step(trial) == STEP_FAILED)
        model_run(trial->fixture, trial->folder, ON "retry 1 flag --reason again --wait");
    else if (found_effects(trial) > 0)
        model_run(trial->fixture, trial->folder, ON "settle 1 flag happened --evidence seen");
    else
        model_run(trial->fixture, trial->folder, ON "settle 1 flag absent --evidence seen");
}

/* Without harm the same words do what they say, where they didn't yet. */
static void try_again(struct trial *trial) {
    bool there = trial->scene->happened(trial);
    if (trial->scene->happened == found_performed && !there)
        settle(trial);
    there = trial->scene->happened(trial);
    if (!there || !trial->scene->once)
        trial->traced = model_run(trial->fixture, trial->folder, trial->scene->words);
    if (trial->traced.status != 0 && (!there || !trial->scene->once))
        complain(trial, "the next try fails");
    if (!trial->scene->happened(trial))
        complain(trial, "the next try does nothing");
    check_mirror(trial);
    prove(trial, found_whole);
}

void judge_trial(struct trial *trial) {
    judge(trial);
    try_again(trial);
}

size_t judge_wrong(void) {
    size_t found = wrong;
    wrong = 0;
    return found;
}
