/* DESIGN §11.6, "Changing any byte of history is detected": the hash covers every column. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"
#include "log/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define GOLDEN_ONE "387d9bb275fb1e9bc4279430f4e040fc05f72af46cb138c843732b07a4732fa9"
#define GOLDEN_TWO "61838c62161a2e9b9c402eeeb522f28ba3b17f7e4b69c3e444025b714a86a2ca"

static const struct digest zeros;

static struct digest bytes_0_to_31(void) {
    struct digest digest;
    for (size_t i = 0; i < sizeof digest.bytes; i++)
        digest.bytes[i] = (uint8_t)i;
    return digest;
}

static struct event first_event(void) {
    return (struct event){
        .seq = 1,
        .command = "019a7d3c-1e00-7000-8000-000000000001",
        .at_ms = 1794492482000,
        .actor = "ana",
        .via = "store",
        .kind = "store.created",
        .body = "{\"store\":\"019a7d3c-1e00-7000-8000-000000000002\",\"format\":1}",
    };
}

static struct event second_event(void) {
    return (struct event){
        .seq = 2,
        .command = "019a7d3c-1e00-7000-8000-000000000003",
        .request = bytes_0_to_31(),
        .incident = 41,
        .at_ms = 1794492543210,
        .actor = "bo",
        .via = "line",
        .kind = "note.added",
        .body = "{\"text\":\"gr\xc3\xb6\xc3\x9f"
                "er als 5 %\"}",
    };
}

static void assert_hex(const struct digest *digest, const char *expected) {
    char hex[DIGEST_HEX];
    digest_hex(digest, hex);
    assert_string_equal(hex, expected);
}

/* The vector that docs/log.md prints, made by another program (Python's hashlib). */
static void hashes_the_golden_vector(void **state) {
    (void)state;
    struct event first = first_event(), second = second_event();
    struct digest one = chain_hash(&zeros, &first);
    struct digest two = chain_hash(&one, &second);
    assert_hex(&one, GOLDEN_ONE);
    assert_hex(&two, GOLDEN_TWO);
}

/* Also by hashlib: the golden second event with 5000 x for its body. */
#define GOLDEN_LONG "28db0fd052d13e7b18d680f3380a5cc0939564376d5ff784fd52461b5113bce5"

/* Every length about where a message no longer fits what is kept for it: no byte goes astray. */
static void hashes_bodies_of_any_length(void **state) {
    (void)state;
    struct digest one, last = zeros;
    struct event first = first_event(), second = second_event();
    char *body = talloc_array(NULL, char, 5001);
    assert_true(digest_from_hex(GOLDEN_ONE, &one));
    memset(body, 'x', 5000);
    body[5000] = '\0';
    second.body = body;
    struct digest hash = chain_hash(&one, &second);
    assert_hex(&hash, GOLDEN_LONG);
    for (size_t length = 1500; length < 2500; length++) {
        second.body = body + 5000 - length;
        hash = chain_hash(&last, &second);
        assert_false(digest_equal(&hash, &last));
        last = hash;
    }
    first.body = "";
    chain_hash(&zeros, &first);
    talloc_free(body);
}

static void stands_in_the_docs(void **state) {
    (void)state;
    char page[64 * 1024] = "";
    const char *source = getenv("SRCDIR");
    char *path = talloc_asprintf(NULL, "%s/docs/log.md", source ? source : ".");
    FILE *file = fopen(path, "r");
    talloc_free(path);
    if (file == NULL)
        skip();
    assert_true(fread(page, 1, sizeof page - 1, file) > 0);
    fclose(file);
    assert_non_null(strstr(page, "hash(1) = " GOLDEN_ONE));
    assert_non_null(strstr(page, "hash(2) = " GOLDEN_TWO));
}

static void covers_every_column(void **state) {
    (void)state;
    struct event changed[10];
    struct event event = second_event();
    struct digest original = chain_hash(&zeros, &event);
    for (size_t i = 0; i < ARRAY_SIZE(changed); i++)
        changed[i] = event;
    changed[0].seq++;
    changed[1].command = "019a7d3c-1e00-7000-8000-000000000004";
    changed[2].part++;
    changed[3].request.bytes[31] ^= 1;
    changed[4].incident++;
    changed[5].at_ms++;
    changed[6].actor = "Bo";
    changed[7].via = "lime";
    changed[8].kind = "note.adder";
    changed[9].body = "{}";
    for (size_t i = 0; i < ARRAY_SIZE(changed); i++) {
        struct digest hash = chain_hash(&zeros, &changed[i]);
        assert_false(digest_equal(&hash, &original));
    }
}

static void covers_the_hash_before(void **state) {
    (void)state;
    struct event event = second_event();
    struct digest other = zeros;
    other.bytes[0] = 1;
    struct digest a = chain_hash(&zeros, &event), b = chain_hash(&other, &event);
    assert_false(digest_equal(&a, &b));
}

/* Two columns that share the same bytes in another way are other columns. */
static void keeps_columns_apart(void **state) {
    (void)state;
    struct event a = second_event(), b = second_event();
    a.actor = "ab", a.via = "c";
    b.actor = "a", b.via = "bc";
    struct digest hash_a = chain_hash(&zeros, &a), hash_b = chain_hash(&zeros, &b);
    assert_false(digest_equal(&hash_a, &hash_b));
}

static void leaves_its_own_hash_out(void **state) {
    (void)state;
    struct event a = second_event(), b = second_event();
    b.hash = bytes_0_to_31();
    struct digest hash_a = chain_hash(&zeros, &a), hash_b = chain_hash(&zeros, &b);
    assert_true(digest_equal(&hash_a, &hash_b));
}

static int setup(void **state) {
    (void)state;
    return digest_init() ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_the_golden_vector), cmocka_unit_test(hashes_bodies_of_any_length),
        cmocka_unit_test(stands_in_the_docs),       cmocka_unit_test(covers_every_column),
        cmocka_unit_test(covers_the_hash_before),   cmocka_unit_test(keeps_columns_apart),
        cmocka_unit_test(leaves_its_own_hash_out),
    };
    return cmocka_run_group_tests_name("chain", tests, setup, NULL);
}
