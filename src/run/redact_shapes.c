#include "config.h"

#include "run/redact_shapes.h"

#include "base/array.h"

#include <string.h>
#include <strings.h>

/* ---- what tokens are made of (ASCII, whatever the locale) --------------------------------------
 */

static bool is_letter(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(unsigned char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_upper_or_digit(unsigned char byte) {
    return (byte >= 'A' && byte <= 'Z') || is_digit(byte);
}

static bool is_word(unsigned char byte) {
    return is_letter(byte) || is_digit(byte) || byte == '_';
}

static bool is_dashed(unsigned char byte) {
    return is_word(byte) || byte == '-';
}

static bool is_dotted(unsigned char byte) {
    return is_dashed(byte) || byte == '.';
}

/* RFC 6750 §2.1, token68. */
static bool is_bearer(unsigned char byte) {
    return is_dotted(byte) || byte == '~' || byte == '+' || byte == '/' || byte == '=';
}

static bool is_base64(unsigned char byte) {
    return is_letter(byte) || is_digit(byte) || byte == '+' || byte == '/' || byte == '=';
}

static bool is_value(unsigned char byte) {
    return byte > ' ' && byte != 0x7f && strchr("\"'&;,<>()[]{}", byte) == NULL;
}

static bool is_quoted_value(unsigned char byte) {
    return byte >= ' ' && byte != 0x7f && byte != '"' && byte != '\'';
}

static bool is_userinfo(unsigned char byte) {
    return byte > ' ' && byte != 0x7f && strchr("/@?#\"'<>", byte) == NULL;
}

/* ---- tokens that are known by how they begin ---------------------------------------------------
 */

struct shape {
    const char *prefix;
    bool (*body)(unsigned char byte);
    size_t least;  /* bytes of body, fewer are no token */
    bool any_case; /* of the prefix */
    bool keep;     /* the prefix says what it was, and stays */
};

static const struct shape shapes[] = {
    {.prefix = "AKIA", .body = is_upper_or_digit, .least = 16}, /* AWS access key id */
    {.prefix = "ASIA", .body = is_upper_or_digit, .least = 16}, /* the same, temporary */
    {.prefix = "ghp_", .body = is_word, .least = 20},           /* GitHub: personal */
    {.prefix = "gho_", .body = is_word, .least = 20},           /* OAuth */
    {.prefix = "ghu_", .body = is_word, .least = 20},           /* user to server */
    {.prefix = "ghs_", .body = is_word, .least = 20},           /* server to server */
    {.prefix = "ghr_", .body = is_word, .least = 20},           /* refresh */
    {.prefix = "github_pat_", .body = is_word, .least = 20},
    {.prefix = "glpat-", .body = is_dashed, .least = 16}, /* GitLab */
    {.prefix = "xoxa-", .body = is_dashed, .least = 8},   /* Slack */
    {.prefix = "xoxb-", .body = is_dashed, .least = 8},
    {.prefix = "xoxe-", .body = is_dashed, .least = 8},
    {.prefix = "xoxp-", .body = is_dashed, .least = 8},
    {.prefix = "xoxr-", .body = is_dashed, .least = 8},
    {.prefix = "xoxs-", .body = is_dashed, .least = 8},
    {.prefix = "xapp-", .body = is_dashed, .least = 8},
    {.prefix = "eyJ", .body = is_dotted, .least = 24}, /* JWT: base64url of {" */
    {.prefix = "bearer ", .body = is_bearer, .least = 6, .any_case = true, .keep = true},
    {.prefix = "authorization: basic ",
     .body = is_bearer,
     .least = 4,
     .any_case = true,
     .keep = true},
    {.prefix = "--password ", .body = is_value, .least = 1, .keep = true},
    {.prefix = "--token ", .body = is_value, .least = 1, .keep = true},
};

static size_t run_of(const char *text, size_t length, bool (*body)(unsigned char byte)) {
    size_t count = 0;
    while (count < length && body((unsigned char)text[count]))
        count++;
    return count;
}

static bool begins(const char *text, size_t length, const char *word, bool any_case) {
    size_t size = strlen(word);
    if (length < size)
        return false;
    return (any_case ? strncasecmp(text, word, size) : strncmp(text, word, size)) == 0;
}

static struct secret_span match_prefix(const char *text, size_t length) {
    for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
        const struct shape *shape = &shapes[i];
        if (!begins(text, length, shape->prefix, shape->any_case))
            continue;
        size_t prefix = strlen(shape->prefix);
        size_t body = run_of(text + prefix, length - prefix, shape->body);
        if (body >= shape->least)
            return (struct secret_span){
                .keep = shape->keep ? prefix : 0, .length = prefix + body, .goes_on = shape->body};
    }
    return (struct secret_span){0};
}

/* ---- password=…, "token": "…" -------------------------------------------------------------------
 */

static const char *const secret_names[] = {
    "password",   "passwd",      "passphrase", "pwd",        "secret",
    "token",      "api_key",     "apikey",     "api-key",    "access_key",
    "secret_key", "private_key", "credential", "access-key", "secret-key",
};

static size_t blanks(const char *text, size_t length) {
    size_t count = 0;
    while (count < length && (text[count] == ' ' || text[count] == '\t'))
        count++;
    return count;
}

static bool is_quote(char byte) {
    return byte == '"' || byte == '\'';
}

/* The bytes from the name's end to its value: `=`, `": "`; 0 when no value is being given. A colon
 * counts only after a quoted name: in "token: none left" nothing is secret. */
static size_t assignment(const char *text, size_t length, bool *quoted) {
    size_t at = 0;
    bool quoted_name = at < length && is_quote(text[at]);
    at += quoted_name;
    at += blanks(text + at, length - at);
    if (at == length || (text[at] != '=' && !(quoted_name && text[at] == ':')))
        return 0;
    at++;
    at += blanks(text + at, length - at);
    *quoted = at < length && is_quote(text[at]);
    return at + *quoted;
}

static struct secret_span match_name(const char *text, size_t length) {
    for (size_t i = 0; i < ARRAY_SIZE(secret_names); i++) {
        if (!begins(text, length, secret_names[i], true))
            continue;
        size_t keep = strlen(secret_names[i]);
        bool quoted = false;
        size_t sign = assignment(text + keep, length - keep, &quoted);
        bool (*body)(unsigned char) = quoted ? is_quoted_value : is_value;
        keep += sign;
        size_t value = sign == 0 ? 0 : run_of(text + keep, length - keep, body);
        if (value > 0)
            return (struct secret_span){.keep = keep, .length = keep + value, .goes_on = body};
    }
    return (struct secret_span){0};
}

/* ---- scheme://user:password@host (RFC 3986 §3.2.1) ----------------------------------------------
 */

static struct secret_span match_userinfo(const char *text, size_t length) {
    if (!begins(text, length, "://", false))
        return (struct secret_span){0};
    size_t info = run_of(text + 3, length - 3, is_userinfo);
    const char *colon = memchr(text + 3, ':', info);
    if (colon == NULL || 3 + info == length || text[3 + info] != '@')
        return (struct secret_span){0};
    return (struct secret_span){.keep = (size_t)(colon - text) + 1, .length = 3 + info};
}

/* ---- all of them ----------------------------------------------------------------------------- */

bool shape_may_start(unsigned char byte) {
    return byte != 0 && strchr("AaBbCcEeGgPpSsTtXx:-", byte) != NULL;
}

/* A token begins where a word begins; a name may end another (DB_PASSWORD=…). */
struct secret_span shape_match(const char *text, size_t length, char before) {
    struct secret_span span = {0};
    if (!is_word((unsigned char)before))
        span = match_prefix(text, length);
    if (span.length == 0)
        span = match_name(text, length);
    if (span.length == 0)
        span = match_userinfo(text, length);
    return span;
}

bool shape_key_begins(const char *line, size_t length) {
    const char *start = memmem(line, length, "-----BEGIN ", 11);
    return start != NULL &&
           memmem(start, length - (size_t)(start - line), "PRIVATE KEY", 11) != NULL;
}

bool shape_key_ends(const char *line, size_t length) {
    return memmem(line, length, "-----END ", 9) != NULL;
}

bool shape_key_inside(const char *line, size_t length) {
    size_t start = blanks(line, length);
    size_t body = run_of(line + start, length - start, is_base64);
    size_t end = start + body + blanks(line + start + body, length - start - body);
    return end == length || begins(line + start, length - start, "Proc-Type:", false) ||
           begins(line + start, length - start, "DEK-Info:", false);
}
