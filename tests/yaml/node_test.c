#include "config.h"

#include "tests/yaml/fixture.h"

#include "base/text.h"
#include "yaml/node.h"

/* --- what is read ----------------------------------------------------------------------------- */

static struct node *read_text(void **state, const char *text) {
    struct err *err = err_new(*state);
    struct node *root;
    size_t line, column;
    if (!node_read(*state, text, strlen(text), &root, &line, &column, err))
        fail_msg("%zu:%zu: %s", line, column, err_sentence(*state, err));
    return root;
}

static void test_tree(void **state) {
    const struct node *root = read_text(state, "a: 1\nlist:\n  - x\n  - {deep: \"y\"}\n");
    assert_int_equal(root->kind, NODE_MAP);
    assert_int_equal(root->count, 2);
    assert_string_equal(root->keys[1]->text, "list");
    const struct node *list = node_get(root, "list");
    assert_int_equal(list->kind, NODE_LIST);
    assert_int_equal(list->count, 2);
    const struct node *deep = node_get(list->items[1], "deep");
    assert_string_equal(node_text(deep), "y");
    assert_true(deep->quoted);
    assert_false(list->items[0]->quoted);
    assert_int_equal(deep->line, 4);
    assert_int_equal(deep->column, 12);
}

static void test_long_lists_keep_everything(void **state) {
    char *text = xtalloc_strdup(*state, "list: [");
    for (int i = 0; i < 1000; i++)
        text = talloc_asprintf_append(text, "v%d, ", i);
    const struct node *list = node_get(read_text(state, talloc_asprintf_append(text, "]")), "list");
    assert_int_equal(list->count, 1000);
    assert_string_equal(list->items[999]->text, "v999");
}

/* "A scalar's type comes from its field: `off`, `no`, `1.10`, `2026-11-12` mean what was typed." */
static void test_scalars_stay_text(void **state) {
    static const char *const typed[] = {"off", "no", "1.10", "2026-11-12", "~", "0x1F", "null"};
    for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
        const struct node *root = read_text(state, xtalloc_asprintf(*state, "key: %s", typed[i]));
        assert_string_equal(node_text(node_get(root, "key")), typed[i]);
    }
}

static void test_quoted_merge_key_is_a_key(void **state) {
    assert_string_equal(node_text(node_get(read_text(state, "\"<<\": x\n"), "<<")), "x");
}

static void test_missing_is_null(void **state) {
    const struct node *root = read_text(state, "a: b\n");
    assert_null(node_get(root, "c"));
    assert_null(node_get(NULL, "a"));
    assert_null(node_get(node_get(root, "a"), "a"));
    assert_null(node_text(root));
    assert_null(node_text(NULL));
}

static void test_columns_count_characters(void **state) {
    const struct node *root = read_text(state, "\xEF\xBB\xBF{\xC3\xA4\xC3\xB6: x, y: z}\n");
    assert_int_equal(node_get(root, "y")->column, 12);
}

static void test_memory_has_one_owner(void **state) {
    size_t before = talloc_total_blocks(*state);
    struct err *err = err_new(*state);
    struct node *root;
    size_t line, column;
    assert_false(node_read(*state, "a: [b, {c: *d}]", 15, &root, &line, &column, err));
    assert_null(root);
    talloc_free(err);
    assert_int_equal(talloc_total_blocks(*state), before);
}

/* --- what never gets in ----------------------------------------------------------------------- */

#define LITERAL(text) .bytes = text, .length = sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t length;
    size_t line, column;
    const char *words;
} refused[] = {
    {LITERAL(""), 1, 1, "the file is empty"},
    {LITERAL("# only a comment\n"), 2, 1, "the file is empty"},
    {LITERAL("a: &x 1\n"), 1, 4, "an anchor"},
    {LITERAL("a: &x [1]\n"), 1, 4, "an anchor"},
    {LITERAL("a: &x {b: 1}\n"), 1, 4, "an anchor"},
    {LITERAL("a: 1\nb: *a\n"), 2, 4, "an alias"},
    {LITERAL("*a : 1\n"), 1, 1, "a key must be a plain word"},
    {LITERAL("a: !!str 1\n"), 1, 4, "a tag"},
    {LITERAL("a: !mine [1]\n"), 1, 4, "a tag"},
    {LITERAL("a: !mine {b: 1}\n"), 1, 4, "a tag"},
    {LITERAL("a: ! x\n"), 1, 4, "a tag"},
    {LITERAL("%TAG ! tag:x,2000:\n--- {a: 1}\n"), 1, 1, "a %TAG directive"},
    {LITERAL("a: 1\n<<: {b: 2}\n"), 2, 1, "a merge key"},
    {LITERAL("a: 1\n---\nb: 2\n"), 2, 1, "a second document"},
    {LITERAL("a: 1\nb: 2\na: 3\n"), 3, 1, "`a` stands here a second time"},
    {LITERAL("a: {z: 1, c: 2, \"c\": 3, z: 4}\n"), 1, 17, "`c` stands here a second time"},
    {LITERAL("{[a]: 1}\n"), 1, 2, "a key must be a plain word"},
    {LITERAL("{? {a: b} : 1}\n"), 1, 4, "a key must be a plain word"},
    {LITERAL("a: 1\nb: \xC3\x28\n"), 2, 4, "not UTF-8"},
    {LITERAL("a: \xC3\xA4\xED\xA0\x80\n"), 1, 5, "not UTF-8"},
    {LITERAL("a: 1\nb: x\0y\n"), 2, 5, "a NUL byte"},
    {LITERAL("a: \"x\\0y\"\n"), 1, 4, "a NUL byte"},
    {LITERAL("a: 1\nb: \x01\n"), 2, 4, "control characters"},
    {LITERAL("a: 1\n\tb: 2\n"), 2, 1, "can't be read as YAML"},
    {LITERAL("a: [1\nb: 2\n"), 2, 2, "can't be read as YAML"},
    {LITERAL("a: \"open\n"), 2, 1, "can't be read as YAML"},
    {LITERAL("a: b: c\n"), 1, 5, "can't be read as YAML"},
};

static void test_refused(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        struct err *err = err_new(*state);
        struct node *root;
        size_t line, column;
        if (node_read(*state, refused[i].bytes, refused[i].length, &root, &line, &column, err))
            fail_msg("%s: was read", refused[i].bytes);
        const char *words = err_sentence(*state, err);
        if (line != refused[i].line || column != refused[i].column ||
            strstr(words, refused[i].words) == NULL)
            fail_msg("%s: %zu:%zu: %s", refused[i].bytes, line, column, words);
        assert_int_equal(err->code, ERR_DAMAGED);
    }
}

/* --- bounds ----------------------------------------------------------------------------------- */

static bool reads(void **state, const char *text, size_t *line, size_t *column,
                  const char **words) {
    struct err *err = err_new(*state);
    struct node *root;
    bool fine = node_read(*state, text, strlen(text), &root, line, column, err);
    *words = err_sentence(*state, err);
    return fine;
}

static char *repeated(void **state, const char *piece, size_t times, const char *end) {
    size_t length = strlen(piece);
    char *text = xtalloc_zero_array(*state, char, length *times + strlen(end) + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, piece, length);
    memcpy(text + length * times, end, strlen(end));
    return text;
}

/* libyaml itself takes 20,000 nested brackets. */
static void test_depth_is_bounded(void **state) {
    size_t line, column;
    const char *words;
    char *fits = repeated(state, "[", YAML_MAX_DEPTH, repeated(state, "]", YAML_MAX_DEPTH, ""));
    assert_true(reads(state, fits, &line, &column, &words));
    assert_false(reads(state, repeated(state, "[", 20000, ""), &line, &column, &words));
    assert_non_null(strstr(words, "deeper than 32"));
    assert_int_equal(column, YAML_MAX_DEPTH + 1);
    assert_false(reads(state, repeated(state, "{a: ", 20000, ""), &line, &column, &words));
    assert_non_null(strstr(words, "deeper than 32"));
}

static void test_size_is_bounded(void **state) {
    size_t line, column;
    const char *words;
    assert_true(
        reads(state, repeated(state, "#", YAML_MAX_BYTES - 3, "\na"), &line, &column, &words));
    assert_false(reads(state, repeated(state, "#", YAML_MAX_BYTES, "\na"), &line, &column, &words));
    assert_non_null(strstr(words, "1 MiB"));
}

static void test_count_is_bounded(void **state) {
    size_t line, column;
    const char *words;
    assert_true(
        reads(state, repeated(state, "- a\n", YAML_MAX_NODES - 1, ""), &line, &column, &words));
    assert_false(
        reads(state, repeated(state, "- a\n", YAML_MAX_NODES, ""), &line, &column, &words));
    assert_int_equal(line, YAML_MAX_NODES);
    assert_non_null(strstr(words, "20000 values"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_tree),
        MEMORY_TEST(test_long_lists_keep_everything),
        MEMORY_TEST(test_scalars_stay_text),
        MEMORY_TEST(test_quoted_merge_key_is_a_key),
        MEMORY_TEST(test_missing_is_null),
        MEMORY_TEST(test_columns_count_characters),
        MEMORY_TEST(test_memory_has_one_owner),
        MEMORY_TEST(test_refused),
        MEMORY_TEST(test_depth_is_bounded),
        MEMORY_TEST(test_size_is_bounded),
        MEMORY_TEST(test_count_is_bounded),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
