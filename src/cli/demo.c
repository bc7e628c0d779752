#include "config.h"

#include "cli/demo.h"

#include "base/array.h"
#include "base/host.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/demo_inside.h"
#include "cli/options.h"
#include "cli/out.h"
#include "incident/status.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define TURN_MS 50

/* ---- words ---- */

struct wish {
    bool headless, keep;
    const char *pace;
};

static const struct cli_option wishes[] = {
    {"--headless", NULL, offsetof(struct wish, headless), "drive it to the end without a screen"},
    {"--keep", NULL, offsetof(struct wish, keep), "leave the demo's folder when it ends"},
    {"--pace", "fast|human", offsetof(struct wish, pace), "how slowly the scripts talk"},
    {0},
};

#define USAGE "usage: backout demo [--headless] [--keep] [--pace fast|human]"

static bool read_pace(struct demo *demo, const char *pace, struct err *err) {
    demo->pace = pace ? pace : demo->headless ? "fast" : "human";
    return strcmp(demo->pace, "fast") == 0 || strcmp(demo->pace, "human") == 0 ||
           err_set(err, ERR_USAGE, "there is no such pace", pace, USAGE);
}

static bool read_words(struct demo *demo, char **words, struct err *err) {
    struct wish wish = {0};
    if (!options_take(wishes, &wish, words, err) || !options_none_left(wishes, words, USAGE, err))
        return false;
    if (words[0])
        return err_set(err, ERR_USAGE, "that is one word too many", words[0], USAGE);
    demo->headless = wish.headless;
    demo->keep = wish.keep;
    return read_pace(demo, wish.pace, err);
}

static bool may_play(const struct demo *demo, const struct cli_options *options, struct err *err) {
    if (options->read_only)
        return err_set(err, ERR_USAGE, "there is nothing to see read-only", "demo",
                       "leave --readonly away: it writes only to a store of its own");
    if (!demo->headless && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
        return err_set(err, ERR_USAGE, "the console needs a terminal", "demo",
                       "try `backout demo --headless`");
    return true;
}

/* ---- waiting ---- */

static void ring(void *data, int64_t now_ms) {
    (void)now_ms;
    *(bool *)data = true;
}

bool demo_wait(struct demo *demo, bool (*is_so)(struct demo *demo), int64_t limit_ms) {
    bool late = false, so = is_so(demo);
    struct loop_timer *limit = loop_timer(demo->loop, ring, &late);
    loop_timer_set(limit, limit_ms);
    while (!so && !late && !demo->interrupted) {
        loop_turn(demo->loop, TURN_MS);
        so = is_so(demo);
    }
    talloc_free(limit);
    return so;
}

/* The console has handlers of its own while it is open; this ends whatever else goes on. */
static void hear_signal(void *data, int signal_number) {
    struct demo *demo = data;
    (void)signal_number;
    demo->interrupted = true;
    loop_stop(demo->loop);
}

static bool listen_to_signals(struct demo *demo, struct err *err) {
    static const int asking_to_end[] = {SIGINT, SIGTERM, SIGHUP};
    bool heard = true;
    for (size_t i = 0; heard && i < ARRAY_SIZE(asking_to_end); i++)
        heard = loop_signal(demo->loop, asking_to_end[i], hear_signal, demo, err);
    return heard;
}

/* ---- the story ---- */

static bool is_interrupted(const struct demo *demo, struct err *err) {
    return demo->interrupted &&
           !err_set(err, ERR_UNAVAILABLE, "the demo was interrupted", NULL, NULL);
}

static bool ship(struct demo *demo, struct err *err) {
    static const char *const words[] = {"rollback/bin/ship", NULL};
    char *said;
    if (is_interrupted(demo, err) || !shop_run(demo, demo, words, &said, err))
        return false;
    out_line("Version " DEMO_NEW " is shipped:");
    out_page(said);
    return true;
}

/* The story needs its trouble: where the bad release serves well, the demo proves nothing. */
static bool see_trouble(struct demo *demo, struct err *err) {
    struct shop_seen seen = shop_look(demo, demo);
    out_line("Of %d orders %d failed; the page says \"%s\".", SHOP_ORDERS, seen.failed, seen.page);
    out_flush();
    if (is_interrupted(demo, err))
        return false;
    return seen.failed > 0 || err_set(err, ERR_UNAVAILABLE, "the demo's bad release doesn't fail",
                                      seen.page, "try again with --keep, and look at its folder");
}

static bool set_up(struct demo *demo, struct err *err) {
    char *port;
    if (!demo_find(demo, err) || !world_make(demo, err) || !shop_open(demo, err) ||
        !world_read(demo, world_path(demo, demo, "shop/port"), &port, err))
        return false;
    port[strcspn(port, "\n")] = '\0';
    const char *address = xtalloc_asprintf(demo, "http://127.0.0.1:%s/", port);
    out_line("A small shop serves at %s, version " DEMO_OLD ".", address);
    out_flush();
    return world_write_plan(demo, address, err) && ship(demo, err) && see_trouble(demo, err) &&
           drive_declare(demo, err);
}

static const char *incident_outcome(struct demo *demo) {
    const struct incident *incident = state_incident(hub_state(demo->hub), demo->incident);
    struct step_counts counts = incident_counts(incident);
    char *phase = xtalloc_strdup(demo, phase_words(incident_phase(incident)));
    return xtalloc_asprintf(demo, "INC-%lld ended as %s, %zu of %zu steps done",
                            (long long)demo->incident, phase, counts.over, counts.chosen);
}

static bool check_the_end(struct demo *demo, struct err *err) {
    struct shop_seen seen = shop_look(demo, demo);
    int64_t verified;
    if (!shop_is_well(&seen))
        return err_set(
            err, ERR_REFUSED, DEMO_OLD " doesn't serve again",
            err_fmt(err, "%d of %d orders failed: %s", seen.failed, SHOP_ORDERS, seen.page), NULL);
    if (!hub_verify(demo->hub, &verified, err))
        return false;
    out_line("%s; %s serves again (%d of %d orders, %s); log verified, %lld events.",
             incident_outcome(demo), DEMO_OLD, SHOP_ORDERS - seen.failed, SHOP_ORDERS, seen.page,
             (long long)verified);
    return true;
}

static void say_goodbye(struct demo *demo) {
    struct shop_seen seen = shop_look(demo, demo);
    out_line("%s.", incident_outcome(demo));
    out_line("%s: %d of %d orders failed, the page says \"%s\".",
             shop_is_well(&seen) ? DEMO_OLD " serves again" : DEMO_OLD " does not serve again",
             seen.failed, SHOP_ORDERS, seen.page);
}

/* In a loop of its own: the console's timers and handlers must not outlive it here. */
static bool open_console(struct demo *demo, bool ascii, console_fn *console, int *status,
                         struct err *err) {
    struct loop *loop = loop_new(demo, err);
    if (!loop)
        return false;
    *status = console(loop, demo->hub, ascii, false, demo->incident,
                      "The shop is losing orders. Press a to acknowledge; ? for help");
    talloc_free(loop);
    return true;
}

static bool play(struct demo *demo, const struct cli_options *options, console_fn *console,
                 int *status, struct err *err) {
    if (demo->headless)
        return drive_to_the_end(demo, err) && check_the_end(demo, err);
    if (!open_console(demo, options->ascii, console, status, err))
        return false;
    drive_stop(demo);
    say_goodbye(demo);
    return true;
}

/* Whatever came before: what the demo started is stopped, what it made is removed. */
static void tear_down(struct demo *demo) {
    struct err *err = err_new(NULL);
    drive_stop(demo);
    TALLOC_FREE(demo->door);
    TALLOC_FREE(demo->hub);
    shop_close(demo);
    if (demo->keep && demo->folder)
        out_line("Kept: %s (see it with `backout --store %s/store/demo.db`)", demo->folder,
                 demo->folder);
    else if (!world_remove(demo, err))
        out_problem(err);
    talloc_free(err);
}

int demo_main(const struct cli_options *options, char **words, console_fn *console) {
    struct demo *demo = xtalloc_zero(NULL, struct demo);
    struct err *err = err_new(demo);
    int status = 0;
    demo->hold = -1;
    demo->actor = host_user(demo);
    demo->loop = loop_new(demo, err);
    bool ready = demo->loop && read_words(demo, words, err) && may_play(demo, options, err) &&
                 listen_to_signals(demo, err);
    bool played = ready && set_up(demo, err) && play(demo, options, console, &status, err);
    if (!played) {
        out_problem(err);
        status = (int)err->code;
    }
    if (ready)
        tear_down(demo);
    talloc_free(demo);
    return status;
}
