/* The shop's customers: about ten orders a second, and a note of how the last ones went. */
#include "config.h"

#include "data/demo/shop.h"

#include <stdio.h>

#define PERIOD_MS 100
#define WINDOW_MS 3000
#define WINDOW    64 /* requests; more than fit into the time */

struct outcome {
    int64_t at_ms; /* 0: none yet */
    int64_t took_ms;
    bool failed;
};

static void write_traffic(const struct outcome *window, int64_t now_ms) {
    int requests = 0, failed = 0;
    int64_t slowest_ms = 0;
    char text[3 * VALUE_BYTES];
    for (size_t i = 0; i < WINDOW; i++) {
        if (window[i].at_ms == 0 || window[i].at_ms < now_ms - WINDOW_MS)
            continue;
        requests++;
        failed += window[i].failed;
        slowest_ms = window[i].took_ms > slowest_ms ? window[i].took_ms : slowest_ms;
    }
    snprintf(text, sizeof(text), "requests %d\nfailed %d\nslowest-ms %lld\n", requests, failed,
             (long long)slowest_ms);
    file_replace("traffic", text);
}

int load_run(char **words) {
    static struct outcome window[WINDOW];
    int64_t minutes;
    if (!number_read(words[0], 1, 24 * 60, &minutes)) {
        fprintf(stderr, "shop: load wants a number of minutes\n");
        return SHOP_USAGE;
    }
    int64_t now_ms = clock_ms();
    int64_t end_ms = now_ms + minutes * 60000;
    for (size_t i = 0; now_ms < end_ms && held_until(now_ms + PERIOD_MS); i++) {
        struct reply reply = request_send("GET", "/");
        now_ms = clock_ms();
        window[i % WINDOW] = (struct outcome){now_ms, reply.took_ms, reply.status != 200};
        write_traffic(window, now_ms);
    }
    return SHOP_OK;
}
