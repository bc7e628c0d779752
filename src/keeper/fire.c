/* The duty of firing levels that are due, a few at a time. */
#include "config.h"

#include "keeper/duties.h"

#include "base/xtalloc.h"
#include "incident/levels.h"

#include <string.h>

/* ---- when the soonest is due ----------------------------------------------------------------- */

/* The policy may be the roster's. */
static void forget_other_roster(struct fires *fires, const struct state *state) {
    const char *roster = state->roster ? state->roster->sha256 : "";
    if (strcmp(fires->roster, roster) == 0)
        return;
    memcpy(fires->roster, roster, strlen(roster) + 1);
    fires->soonest_count = 0;
}

static void make_room(struct keeper *keeper, size_t count) {
    struct fires *fires = &keeper->fires;
    if (fires->soonest_count >= count)
        return;
    fires->soonest = xtalloc_realloc(keeper, fires->soonest, struct soonest, count);
    memset(fires->soonest + fires->soonest_count, 0,
           (count - fires->soonest_count) * sizeof(*fires->soonest));
    fires->soonest_count = count;
}

static int64_t compute_due(const struct incident *incident) {
    void *scratch = talloc_new(NULL);
    struct levels levels = incident_levels(scratch, incident, LEVELS_TO_COME);
    int64_t due_ms = levels.count ? levels.list[0].due_ms : INT64_MAX;
    talloc_free(scratch);
    return due_ms;
}

/* Most of a night nothing happens in most incidents: it is computed once after each event. */
static int64_t soonest_due_ms(struct soonest *soonest, const struct incident *incident) {
    if (soonest->incident != incident->number || soonest->seq != incident->last_seq)
        *soonest = (struct soonest){incident->number, incident->last_seq, compute_due(incident)};
    return soonest->due_ms;
}

/* ---- firing ---------------------------------------------------------------------------------- */

/* What is under way already has its place before what comes new. */
struct firing {
    struct keeper *keeper;
    struct moment now;
    struct asked still[FIRES];
    size_t count, submitted;
};

static struct asked *find_asked(struct fires *fires, const char *id) {
    for (size_t i = 0; i < fires->asked_count; i++)
        if (strcmp(fires->asked[i].id, id) == 0)
            return &fires->asked[i];
    return NULL;
}

static void fire(struct firing *firing, const struct command *command) {
    struct asked *asked = find_asked(&firing->keeper->fires, command->id);
    struct asked *still = &firing->still[firing->count++];
    if (asked && firing->now.boot_ms - asked->at_ms < AGAIN_MS) {
        *still = *asked;
        return;
    }
    memcpy(still->id, command->id, COMMAND_ID);
    still->at_ms = firing->now.boot_ms;
    firing->submitted++;
    hub_submit(firing->keeper->hub, command, NULL);
}

static void fire_due(struct firing *firing, const struct incident *incident) {
    void *scratch = talloc_new(NULL);
    int64_t now_ms = firing->now.wall_ms;
    struct levels levels = incident_levels(scratch, incident, now_ms);
    for (size_t i = 0; i < levels.count && levels.list[i].due_ms <= now_ms; i++)
        if (firing->count < FIRES)
            fire(firing, level_command(scratch, incident, &levels.list[i], now_ms));
    talloc_free(scratch);
}

/* While nothing gets through, there is no hurry either. */
void fire_run(struct keeper *keeper, struct moment now) {
    const struct state *state = hub_state(keeper->hub);
    struct fires *fires = &keeper->fires;
    struct firing firing = {.keeper = keeper, .now = now};
    forget_other_roster(fires, state);
    make_room(keeper, state->incidents_count);
    for (size_t i = 0; i < state->incidents_count && firing.count < FIRES; i++)
        if (incident_is_open(state->incidents[i]) &&
            soonest_due_ms(&fires->soonest[i], state->incidents[i]) <= now.wall_ms)
            fire_due(&firing, state->incidents[i]);
    memcpy(fires->asked, firing.still, sizeof(fires->asked));
    fires->asked_count = firing.count;
    fires->more = firing.count == FIRES && firing.submitted;
}
