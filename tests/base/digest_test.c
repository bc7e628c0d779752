#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/digest.h"

#include <ctype.h>
#include <string.h>
#include <talloc.h>

static const char abc_sha256[] =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; /* FIPS 180-4, "abc" */
static const char abc_blake2b[] =
    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"; /* b2sum -l 256 */

static const char *hex_of(struct digest digest) {
    static char hex[DIGEST_HEX];

    digest_hex(&digest, hex);
    return hex;
}

static struct digest of_parts(const char *a, const char *b) {
    struct digest_state *state = digest_begin(NULL);

    digest_add_part(state, 't', a, strlen(a));
    digest_add_part(state, 't', b, strlen(b));
    return digest_end(state);
}

static void sha256_is_what_sha256sum_says(void **state) {
    struct digest_sha *sha = digest_sha_begin(NULL);

    (void)state;
    assert_string_equal(hex_of(digest_sha256("abc", 3)), abc_sha256);
    digest_sha_add(sha, "a", 1);
    digest_sha_add(sha, "", 0);
    digest_sha_add(sha, "bc", 2);
    assert_string_equal(hex_of(digest_sha_end(sha)), abc_sha256);
}

static void blake2b_is_what_b2sum_says(void **state) {
    struct digest_state *blake = digest_begin(NULL);

    (void)state;
    digest_add(blake, "ab", 2);
    digest_add(blake, "c", 1);
    assert_string_equal(hex_of(digest_end(blake)), abc_blake2b);
    assert_string_equal(hex_of(digest_blake2b("abc", 3)), abc_blake2b);
}

static void a_part_is_its_type_its_length_and_its_bytes(void **state) {
    static const uint8_t framed[] = {'t', 0,   0, 0, 0, 0, 0, 0, 2, 'a',
                                     'b', 'n', 0, 0, 0, 0, 0, 0, 0, 0};
    struct digest_state *parts = digest_begin(NULL);
    struct digest_state *whole = digest_begin(NULL);

    (void)state;
    digest_add_part(parts, 't', "ab", 2);
    digest_add_part(parts, 'n', NULL, 0);
    digest_add(whole, framed, sizeof(framed));
    struct digest a = digest_end(parts), b = digest_end(whole);
    assert_true(digest_equal(&a, &b));
}

static void a_long_part_has_its_length_big_endian(void **state) {
    static const uint8_t frame[] = {'t', 0, 0, 0, 0, 0, 1, 2, 3};
    static const uint8_t bytes[0x010203];
    struct digest_state *part = digest_begin(NULL);
    struct digest_state *whole = digest_begin(NULL);

    (void)state;
    digest_add_part(part, 't', bytes, sizeof(bytes));
    digest_add(whole, frame, sizeof(frame));
    digest_add(whole, bytes, sizeof(bytes));
    struct digest a = digest_end(part), b = digest_end(whole);
    assert_true(digest_equal(&a, &b));
}

static void bytes_that_move_between_parts_change_the_digest(void **state) {
    struct digest a = of_parts("ab", "c"), b = of_parts("a", "bc"), c = of_parts("ab", "c");

    (void)state;
    assert_false(digest_equal(&a, &b));
    assert_true(digest_equal(&a, &c));
}

static void a_digest_is_told_from_one_with_another_bit(void **state) {
    struct digest a = digest_sha256("abc", 3);

    (void)state;
    for (size_t i = 0; i < 8 * sizeof(a.bytes); i++) {
        struct digest b = a;
        b.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(digest_equal(&a, &b));
    }
}

static void hex_is_read_whole_or_not_at_all(void **state) {
    struct digest digest, expected = digest_sha256("abc", 3);
    char hex[DIGEST_HEX + 2];

    (void)state;
    memcpy(hex, abc_sha256, sizeof(abc_sha256));
    assert_true(digest_from_hex(hex, &digest));
    assert_true(digest_equal(&digest, &expected));
    hex[0] = 'B';
    assert_true(digest_from_hex(hex, &digest));
    assert_true(digest_equal(&digest, &expected));
    hex[7] = 'g';
    assert_false(digest_from_hex(hex, &digest));
    memcpy(hex, abc_sha256, sizeof(abc_sha256));
    hex[63] = '\0';
    assert_false(digest_from_hex(hex, &digest));
    memcpy(hex, abc_sha256, sizeof(abc_sha256));
    memcpy(hex + 64, "00", 3);
    assert_false(digest_from_hex(hex, &digest));
    memcpy(hex + 64, "g", 2);
    assert_false(digest_from_hex(hex, &digest));
    assert_false(digest_from_hex("", &digest));
}

static void a_uuid7_carries_its_instant_and_version(void **state) {
    char text[UUID_TEXT];

    (void)state;
    /* RFC 9562, appendix A.6: 2022-02-22T19:22:22Z */
    uuid7(INT64_C(1645557742000), text);
    assert_int_equal(strlen(text), UUID_TEXT - 1);
    assert_memory_equal(text, "017f22e2-79b0-7", 15);
    assert_non_null(memchr("89ab", text[19], 4));
    for (size_t i = 0; i < UUID_TEXT - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        assert_true(dash ? text[i] == '-' : isxdigit((unsigned char)text[i]));
    }
}

static void ids_differ(void **state) {
    char first[UUID_TEXT], second[UUID_TEXT], a[33], b[33];

    (void)state;
    uuid7(1, first);
    uuid7(1, second);
    assert_string_not_equal(first, second);
    random_hex(a);
    random_hex(b);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_int_equal(strlen(a), 32);
    assert_string_not_equal(a, b);
}

static int init(void **state) {
    (void)state;
    return digest_init() ? 0 : -1;
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_is_what_sha256sum_says),
        cmocka_unit_test(blake2b_is_what_b2sum_says),
        cmocka_unit_test(a_part_is_its_type_its_length_and_its_bytes),
        cmocka_unit_test(a_long_part_has_its_length_big_endian),
        cmocka_unit_test(bytes_that_move_between_parts_change_the_digest),
        cmocka_unit_test(a_digest_is_told_from_one_with_another_bit),
        cmocka_unit_test(hex_is_read_whole_or_not_at_all),
        cmocka_unit_test(a_uuid7_carries_its_instant_and_version),
        cmocka_unit_test(ids_differ),
    };

    return cmocka_run_group_tests_name("digest", tests, init, NULL);
}
