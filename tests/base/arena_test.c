#include "config.h"

#include "tests/base/unit.h"

#include "base/arena.h"

#include <string.h>
#include <talloc.h>

#define PIECES 500

static void keeps_texts_of_any_length_apart(void **state) {
    struct arena *arena = arena_new(NULL);
    const char *texts[PIECES];
    char *text = talloc_zero_array(arena, char, 10 * PIECES);
    (void)state;
    for (size_t i = 0; i < PIECES; i++) {
        memset(text, 'a' + (int)(i % 26), 10 * i);
        texts[i] = arena_text_of(arena, text, 10 * i);
    }
    for (size_t i = 0; i < PIECES; i++) {
        assert_int_equal(strlen(texts[i]), 10 * i);
        assert_int_equal(strspn(texts[i], (char[]){(char)('a' + i % 26), '\0'}), 10 * i);
    }
    talloc_free(arena);
}

static void gives_records_that_are_zero_and_aligned(void **state) {
    struct arena *arena = arena_new(NULL);
    (void)state;
    for (size_t i = 1; i < PIECES; i++) {
        assert_string_equal(arena_text(arena, "odd"), "odd");
        char *record = arena_zero(arena, i);
        assert_int_equal((uintptr_t)record % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(record[k], 0);
        memset(record, 0xff, i);
    }
    talloc_free(arena);
}

/* That is what it is for. */
static void takes_little_more_than_the_bytes(void **state) {
    struct arena *arena = arena_new(NULL);
    (void)state;
    for (size_t i = 0; i < PIECES; i++)
        arena_text(arena, "nine byte");
    assert_in_range(talloc_total_size(arena), 10 * PIECES, 10 * PIECES + 2048);
    assert_in_range(talloc_total_blocks(arena), 1, 5);
    talloc_free(arena);
}

static void belongs_to_its_parent_whole(void **state) {
    void *parent = talloc_new(NULL);
    (void)state;
    struct arena *arena = arena_new(parent);
    for (size_t i = 0; i < PIECES; i++)
        arena_zero(arena, i);
    assert_in_range(talloc_total_size(parent), PIECES * PIECES / 2, 2 * PIECES * PIECES);
    talloc_free(arena);
    assert_int_equal(talloc_total_blocks(parent), 1);
    talloc_free(parent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_texts_of_any_length_apart),
        cmocka_unit_test(gives_records_that_are_zero_and_aligned),
        cmocka_unit_test(takes_little_more_than_the_bytes),
        cmocka_unit_test(belongs_to_its_parent_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
