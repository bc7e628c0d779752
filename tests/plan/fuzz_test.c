#include "config.h"

#include "fixture.h"

#include "plan/expr.h"
#include "plan/show.h"

/* Plans that something went wrong with: whatever is cut, doubled, swapped or typed into a good one,
 * lint ends with an answer, and what it calls loadable can be loaded. */

#define ROUNDS      3000
#define MUTATIONS   6
#define ROOM        ((size_t)64 * 1024)
#define LONGEST_CUT 200

struct mutant {
    char *bytes;
    size_t length;
    uint64_t seed;
};

/* xorshift64: the same plans on every machine, so that a failure can be seen again. */
static size_t pick(struct mutant *mutant, size_t below) {
    mutant->seed ^= mutant->seed << 13;
    mutant->seed ^= mutant->seed >> 7;
    mutant->seed ^= mutant->seed << 17;
    return below == 0 ? 0 : (size_t)(mutant->seed % below);
}

static const char *const words[] = {
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "&a ",
    "*a",
    "!!int ",
    "<<: ",
    "#",
    "'",
    "\"",
    "|",
    ">-",
    "${",
    "${inputs.target}",
    "}",
    "$${",
    "steps",
    "needs: [a]",
    "when: ",
    " && (",
    "!",
    "== 5",
    "run: [x]",
    "id: look",
    "true",
    "9999999999999999999d",
    "-1",
    "\xC3\xA4",
    "\xFF",
    "\x01",
    "\t",
    "---\n",
    "...\n",
    "%TAG ! x\n",
    "only: on_failure",
    "on_failure: {run: look}",
    "options: {}",
    "roles: []",
    "steps:\n",
    "verify: {expr: '((('}",
    "outputs: {a: '((((a{9}){9}){9}'}",
};

static void insert(struct mutant *mutant, size_t at, const char *bytes, size_t length) {
    if (mutant->length + length > ROOM)
        return;
    memmove(mutant->bytes + at + length, mutant->bytes + at, mutant->length - at);
    memcpy(mutant->bytes + at, bytes, length);
    mutant->length += length;
}

static void insert_word(struct mutant *mutant) {
    const char *word = words[pick(mutant, ARRAY_SIZE(words))];
    insert(mutant, pick(mutant, mutant->length + 1), word, strlen(word));
}

static void change_byte(struct mutant *mutant) {
    if (mutant->length > 0)
        mutant->bytes[pick(mutant, mutant->length)] = (char)pick(mutant, 256);
}

static void cut(struct mutant *mutant) {
    size_t at = pick(mutant, mutant->length);
    size_t length = pick(mutant, LONGEST_CUT);
    if (length > mutant->length - at)
        length = mutant->length - at;
    memmove(mutant->bytes + at, mutant->bytes + at + length, mutant->length - at - length);
    mutant->length -= length;
}

static void copy_elsewhere(struct mutant *mutant) {
    char piece[LONGEST_CUT];
    size_t at = pick(mutant, mutant->length);
    size_t length = pick(mutant, sizeof(piece));
    if (length > mutant->length - at)
        length = mutant->length - at;
    memcpy(piece, mutant->bytes + at, length);
    insert(mutant, pick(mutant, mutant->length + 1), piece, length);
}

/* Where a line begins at or before a place. */
static size_t line_start(const struct mutant *mutant, size_t at) {
    while (at > 0 && mutant->bytes[at - 1] != '\n')
        at--;
    return at;
}

static void double_line(struct mutant *mutant) {
    char line[LONGEST_CUT];
    size_t start = line_start(mutant, pick(mutant, mutant->length));
    size_t length = 0;
    while (start + length < mutant->length && length < sizeof(line)) {
        line[length] = mutant->bytes[start + length];
        if (line[length++] == '\n')
            break;
    }
    insert(mutant, line_start(mutant, pick(mutant, mutant->length)), line, length);
}

static void (*const mutations[])(struct mutant *mutant) = {
    insert_word, change_byte, cut, copy_elsewhere, double_line,
};

/* --- what must hold for every one of them ----------------------------------------------------- */

static void check_indexes(const struct plan *plan) {
    for (size_t i = 0; i < plan->steps_count; i++)
        for (size_t j = 0; j < plan->steps[i].needs_count; j++)
            assert_true(plan->steps[i].needs[j] < plan->steps_count);
    for (size_t i = 0; i < plan->options_count; i++)
        for (size_t j = 0; j < plan->options[i].steps_count; j++)
            assert_true(plan->options[i].steps[j] < plan->steps_count);
}

/* What the run of an incident relies on when lint let the plan through. */
static void check_loadable(void *scratch, const struct plan *plan) {
    for (size_t i = 0; i < plan->steps_count; i++) {
        const struct plan_step *step = &plan->steps[i];
        assert_true(step->kind != STEP_RUN || step->run.argv[0] != NULL);
        assert_true(step->verify.kind != VERIFY_RUN || step->verify.run.argv[0] != NULL);
        struct expr *expr;
        assert_true(step->when == NULL || expr_parse(scratch, step->when, &expr, err_new(scratch)));
    }
    assert_non_null(plan_show(scratch, plan, 80));
}

static void check_mutant(void *scratch, const struct mutant *mutant, size_t *loadable) {
    const struct lint *lint = plan_lint(scratch, mutant->bytes, mutant->length, TODAY_MS);
    struct plan *plan;
    bool loads = plan_load(scratch, mutant->bytes, mutant->length, &plan, err_new(scratch));
    assert_int_equal(loads, lint->plan != NULL);
    assert_true(loads || !lint->loadable);
    assert_true(lint->count > 0 || lint->loadable);
    for (size_t i = 0; i < lint->count; i++)
        assert_true(lint->findings[i].line > 0 && lint->findings[i].column > 0);
    if (loads)
        check_indexes(plan);
    if (lint->loadable) {
        check_loadable(scratch, plan);
        ++*loadable;
    }
}

static void test_mutants(void **state) {
    const char *const seeds[] = {smallest_plan, file_of(*state, "data/plans/search-flag.yaml"),
                                 file_of(*state, "data/plans/web-release.yaml"),
                                 file_of(*state, "data/plans/checkout.yaml")};
    struct mutant mutant = {.bytes = xtalloc_array(*state, char, ROOM), .seed = 20261112};
    size_t loadable = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        const char *seed = seeds[round % ARRAY_SIZE(seeds)];
        mutant.length = strlen(seed);
        memcpy(mutant.bytes, seed, mutant.length);
        for (size_t i = pick(&mutant, MUTATIONS) + 1; i > 0; i--)
            mutations[pick(&mutant, ARRAY_SIZE(mutations))](&mutant);
        void *scratch = xtalloc_size(*state, 0);
        check_mutant(scratch, &mutant, &loadable);
        talloc_free(scratch);
    }
    /* Neither all spoilt nor all spared: both sides of the promise were tried. */
    assert_in_range(loadable, ROUNDS / 50, ROUNDS / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_mutants),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
