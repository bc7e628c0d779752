/* A file that is going to be a store, while it is made: what others do to it is told. */
#include "config.h"

#include "tests/log/fixture.h"

#include "log/copy.h"

#include <talloc.h>

/* Who can't begin must not take it for done: a failure without words is one with exit status 0. */
static void says_that_it_cant_be_locked(void **state) {
    struct fixture *fixture = *state;
    struct stage *stage;
    struct log *other;
    fixture_ok(fixture, stage_new(fixture, fixture->path, &stage, fixture->err));
    fixture_ok(fixture, stage_open(stage, &fixture->log, fixture->err));
    fixture_ok(fixture, stage_open(stage, &other, fixture->err));
    fixture_ok(fixture, stage_begin(stage, other, fixture->err));
    fixture_failed(fixture, stage_begin(stage, fixture->log, fixture->err), ERR_UNAVAILABLE);
    log_rollback(other);
    fixture_ok(fixture, stage_begin(stage, fixture->log, fixture->err));
    talloc_free(stage);
    fixture->log = NULL;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(says_that_it_cant_be_locked),
    };
    return cmocka_run_group_tests_name("stage", tests, NULL, NULL);
}
