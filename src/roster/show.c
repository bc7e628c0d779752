#include "config.h"

#include "roster/show.h"

#include "base/array.h"
#include "base/page.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"

#define LEAST_WIDTH 40
#define NAME_CELLS  16

struct show {
    const struct roster *roster;
    struct page page;
    void *scratch; /* until the page is done */
};

static const char *join(struct show *show, const char *list, const char *joint, const char *word) {
    return *list == '\0' ? word : xtalloc_asprintf(show->scratch, "%s%s%s", list, joint, word);
}

static const char *join_all(struct show *show, const char *const *words) {
    const char *list = "";
    for (; words != NULL && *words != NULL; words++)
        list = join(show, list, ", ", *words);
    return list;
}

static void heading(struct show *show, const char *words) {
    page_line(&show->page, "");
    page_line(&show->page, words);
}

static void entry(struct show *show, const char *label, const char *words) {
    page_entry(&show->page, 2, NAME_CELLS, label, words);
}

/* --- people ----------------------------------------------------------------------------------- */

static const char *roles_of(struct show *show, const char *person) {
    const struct roles *roles = &show->roster->roles;
    const char *list = "";
    for (size_t i = 0; i < roles->count; i++)
        if (role_has(&roles->list[i], person))
            list = join(show, list, ", ", roles->list[i].name);
    return list;
}

static const char *reach_of(struct show *show, const struct roster_person *person) {
    const char *list = "";
    for (const struct pair *pair = person->reach; pair != NULL && pair->key != NULL; pair++)
        list = join(show, list, ", ",
                    xtalloc_asprintf(show->scratch, "%s %s", pair->key, pair->value));
    return list;
}

static void show_person(struct show *show, const struct roster_person *person) {
    const char *words = authority_name(person->may);
    const char *roles = roles_of(show, person->id), *reach = reach_of(show, person);
    if (person->name != NULL)
        words = xtalloc_asprintf(show->scratch, "%s; %s", person->name, words);
    if (*roles != '\0')
        words = xtalloc_asprintf(show->scratch, "%s; %s", words, roles);
    if (*reach != '\0')
        words = xtalloc_asprintf(show->scratch, "%s; by %s", words, reach);
    entry(show, person->id, words);
}

static void show_people(struct show *show) {
    heading(show, "PEOPLE");
    for (size_t i = 0; i < show->roster->people_count; i++)
        show_person(show, &show->roster->people[i]);
    entry(show, "others", authority_name(show->roster->others));
}

static void show_roles(struct show *show) {
    const struct roles *roles = &show->roster->roles;
    if (roles->count != 0)
        heading(show, "ROLES, in the order of the call");
    for (size_t i = 0; i < roles->count; i++)
        entry(show, roles->list[i].name, join_all(show, roles->list[i].people));
}

/* --- channels --------------------------------------------------------------------------------- */

/* Where a secret is, never what it is. */
static const char *place_words(struct show *show, const struct secret_place *place) {
    if (place->env != NULL)
        return xtalloc_asprintf(show->scratch, "$%s", place->env);
    return place->file != NULL ? place->file : "";
}

static void show_channel(struct show *show, const struct channel *channel) {
    const char *words = channel_type_name(channel->type);
    const struct {
        const char *label, *value;
    } parts[] = {
        {": ", join_all(show, channel->run)},
        {", url from ", place_words(show, &channel->url)},
        {", key from ", place_words(show, &channel->key)},
        {", by ", channel->server != NULL ? channel->server : ""},
        {", from ", channel->from != NULL ? channel->from : ""},
        {", to ", join_all(show, channel->to)},
    };
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        if (*parts[i].value != '\0')
            words =
                xtalloc_asprintf(show->scratch, "%s%s%s", words, parts[i].label, parts[i].value);
    entry(show, channel->name, words);
}

static void show_channels(struct show *show) {
    if (show->roster->channels_count != 0)
        heading(show, "CHANNELS");
    for (size_t i = 0; i < show->roster->channels_count; i++)
        show_channel(show, &show->roster->channels[i]);
}

/* --- what holds for incidents ----------------------------------------------------------------- */

#define TARGET(name_)                                                                              \
    { #name_, offsetof(struct targets, name_##_ms) }

static const struct {
    const char *name;
    size_t offset;
} targets[] = {
    TARGET(detect),       TARGET(acknowledge),  TARGET(decide),          TARGET(contain),
    TARGET(first_notice), TARGET(update_every), TARGET(executive_every), TARGET(call_out),
};

static void show_targets(struct show *show) {
    const char *all = (const char *)&show->roster->targets;
    bool begun = false;
    for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
        int64_t ms = *(const int64_t *)(const void *)(all + targets[i].offset);
        if (ms == 0)
            continue;
        if (!begun)
            heading(show, "TARGETS, where a plan has none");
        begun = true;
        entry(show, targets[i].name, duration_unit(show->scratch, ms));
    }
}

static void show_escalation(struct show *show) {
    const struct escalation *escalation = &show->roster->escalation;
    if (escalation->count != 0)
        heading(show, "ESCALATION, where a plan has none");
    for (size_t i = 0; i < escalation->count; i++) {
        const struct escalation_level *level = &escalation->levels[i];
        const char *words = xtalloc_asprintf(show->scratch, "after %s: %s",
                                             duration_unit(show->scratch, level->after_ms),
                                             join_all(show, level->to));
        if (level->repeat != 0)
            words = xtalloc_asprintf(show->scratch, "%s, %lld times more", words,
                                     (long long)level->repeat);
        entry(show, lateness_name(level->event), words);
    }
}

char *roster_show(const void *parent, const struct roster *roster, int width_cells) {
    struct show show = {
        .roster = roster,
        .page = {.text = xtalloc_strdup(parent, ""),
                 .width = width_cells < LEAST_WIDTH ? LEAST_WIDTH : width_cells},
        .scratch = xtalloc_size(parent, 0),
    };
    page_line(&show.page, xtalloc_asprintf(show.scratch, "roster %s", roster->sha256));
    show_people(&show);
    show_roles(&show);
    show_channels(&show);
    show_targets(&show);
    show_escalation(&show);
    talloc_free(show.scratch);
    return show.page.text;
}
