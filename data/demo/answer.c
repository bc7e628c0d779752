/* Every request is answered as the files say at that moment: that is why a release, a flag or a
 * configuration takes effect at once, and can be taken back at once. */
#include "config.h"

#include "data/demo/shop.h"

#include <stdio.h>
#include <string.h>

#define MANIFEST    "current/manifest"
#define CONFIG      "config"
#define PRICE_CENTS 4990
#define OLD_SCHEMA  87

/* What is live: the manifest of the release behind `current`, and how it is set up. */
struct release {
    char version[VALUE_BYTES];
    int64_t schema;
    int64_t price_percent; /* 100 where nobody slipped with a decimal point */
    int64_t payment_wait_ms;
    char fails_while[VALUE_BYTES]; /* a flag: every other order fails while it is on; or "" */
};

struct reply_words {
    int status;
    const char *reason;
};

static const struct reply_words fine = {200, "OK"}, failed = {500, "Internal Server Error"},
                                missing = {404, "Not Found"}, closed = {503, "Service Unavailable"};

static void reply(struct answer *answer, struct reply_words words, const char *body) {
    int length = snprintf(answer->text, sizeof(answer->text),
                          "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
                          "Connection: close\r\n\r\n%s",
                          words.status, words.reason, strlen(body), body);
    answer->length = length < ANSWER_BYTES ? (size_t)length : ANSWER_BYTES - 1;
}

static bool release_read(struct release *release) {
    *release = (struct release){
        .schema = file_number(MANIFEST, "schema", OLD_SCHEMA),
        .price_percent = file_number(MANIFEST, "price-percent", 100),
        .payment_wait_ms = file_number(CONFIG, "payment-wait-ms", 0),
    };
    file_value(MANIFEST, "fails-while", release->fails_while);
    return file_value(MANIFEST, "version", release->version);
}

static bool flag_is_on(const char *flag) {
    char path[VALUE_BYTES + 8], word[VALUE_BYTES];
    snprintf(path, sizeof(path), "flags/%s", flag);
    return *flag && file_word(path, word) && strcmp(word, "on") == 0;
}

/* The bug of 4.12: with its new checkout, every other order is lost. */
static bool order_fails(const struct release *release) {
    static unsigned long orders;
    return flag_is_on(release->fails_while) && orders++ % 2 == 1;
}

static void answer_order(const struct release *release, struct answer *answer) {
    int64_t cents = PRICE_CENTS * release->price_percent / 100;
    char body[2 * VALUE_BYTES];
    answer->delay_ms = release->payment_wait_ms;
    if (order_fails(release) || !order_take(cents, release->schema)) {
        snprintf(body, sizeof(body), "shop %s: the order failed\n", release->version);
        reply(answer, failed, body);
        return;
    }
    snprintf(body, sizeof(body), "shop %s: shoes ordered for %lld.%02lld EUR\n", release->version,
             (long long)cents / 100, (long long)cents % 100);
    reply(answer, fine, body);
}

static void answer_version(const struct release *release, struct answer *answer) {
    char body[VALUE_BYTES + 1];
    snprintf(body, sizeof(body), "%s\n", release->version);
    reply(answer, fine, body);
}

static void answer_health(const struct release *release, struct answer *answer) {
    (void)release;
    reply(answer, fine, "well\n");
}

/* One product and one button: whoever opens the page orders. */
static const struct {
    const char *start;
    void (*answer)(const struct release *release, struct answer *answer);
} routes[] = {
    {"GET / ", answer_order},
    {"GET /version ", answer_version},
    {"GET /health ", answer_health},
};

void answer_make(const char *request, struct answer *answer) {
    struct release release;
    *answer = (struct answer){0};
    if (!release_read(&release)) {
        reply(answer, closed, "no release is live\n");
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
        if (strncmp(request, routes[i].start, strlen(routes[i].start)) != 0)
            continue;
        routes[i].answer(&release, answer);
        return;
    }
    reply(answer, missing, "there is /, /version and /health\n");
}
