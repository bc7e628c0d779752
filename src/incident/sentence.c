/* Sentences from the templates of the event table. */
#include "config.h"

#include "incident/events.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/levels.h"
#include "incident/status.h"
#include "incident/who.h"

#include <string.h>

/* What most sentences take on their way, in one piece. */
#define SCRATCH_BYTES 832

struct telling {
    const struct incident *incident;
    const struct event_type *type;
    const void *body;
    const void *scratch;
    char *text;
};

static const char *step_words(const struct telling *telling, const char *id) {
    const struct step *step = telling->incident ? incident_step(telling->incident, id) : NULL;
    return step ? step->label : id;
}

/* "timed_out" is for machines. */
static const char *spaced_words(const struct telling *telling, const char *word) {
    char *spaced = xtalloc_strdup(telling->scratch, word);
    for (char *at = spaced; (at = strchr(at, '_')); at++)
        *at = ' ';
    return spaced;
}

/* What of a policy is late; a word of a newer program as it is. */
static const char *lateness_words(const struct telling *telling, const char *word) {
    enum lateness late;
    return lateness_parse(word, &late) ? late_words(telling->scratch, late, NULL)
                                       : spaced_words(telling, word);
}

static const struct {
    const char *field;
    const char *(*words)(const struct telling *telling, const char *value);
} translations[] = {{"step", step_words},
                    {"ended", spaced_words},
                    {"verdict", spaced_words},
                    {"late", lateness_words}};

static const char *instant_words(const struct telling *telling, int64_t ms) {
    return time_minute(telling->scratch, ms);
}

static const char *duration_words(const struct telling *telling, int64_t ms) {
    return duration_unit(telling->scratch, ms);
}

static const char *step_of_clock_words(const struct telling *telling, int64_t by_ms) {
    return xtalloc_asprintf(telling->scratch, "%s %s", by_ms < 0 ? "back" : "forward",
                            duration_clock(telling->scratch, by_ms));
}

/* What is not just a number. */
static const struct {
    const char *field;
    const char *(*words)(const struct telling *telling, int64_t value);
} measures[] = {{"due", instant_words},
                {"until", instant_words},
                {"every", duration_words},
                {"by_ms", step_of_clock_words}};

static const char *number_words(const struct telling *telling, const char *name, int64_t value) {
    for (size_t i = 0; value && i < ARRAY_SIZE(measures); i++)
        if (strcmp(measures[i].field, name) == 0)
            return measures[i].words(telling, value);
    return value ? xtalloc_asprintf(telling->scratch, "%lld", (long long)value) : NULL;
}

static const char *text_words(const struct telling *telling, const char *name, const char *value) {
    for (size_t i = 0; value && i < ARRAY_SIZE(translations); i++)
        if (strcmp(translations[i].field, name) == 0)
            return translations[i].words(telling, value);
    return value;
}

/* The field's value as words, or NULL where it has none. */
static const char *field_words(const struct telling *telling, const struct field *field) {
    const char *at = (const char *)telling->body + field->offset;
    if (field->type == FIELD_INTEGER)
        return number_words(telling, field->name, *(const int64_t *)(const void *)at);
    if (field->type == FIELD_FLAG)
        return *(const bool *)(const void *)at ? "" : NULL;
    return field->type == FIELD_TEXT
               ? text_words(telling, field->name, *(const char *const *)(const void *)at)
               : NULL;
}

static const char *named_words(const struct telling *telling, const char *name, size_t length) {
    for (const struct field *field = telling->type->fields; field->name; field++)
        if (strlen(field->name) == length && strncmp(field->name, name, length) == 0)
            return field_words(telling, field);
    return NULL;
}

/* Writes the template up to `end`; false when a field in it had no value. */
static bool tell_span(struct telling *telling, const char *from, const char *end) {
    bool complete = true;
    while (from < end) {
        const char *open = memchr(from, '{', (size_t)(end - from));
        const char *plain_end = open ? open : end;
        telling->text = xtalloc_strndup_append(telling->text, from, (size_t)(plain_end - from));
        if (!open)
            break;
        from = open;
        const char *close = memchr(from, '}', (size_t)(end - from));
        const char *words = named_words(telling, from + 1, (size_t)(close - from - 1));
        if (words)
            telling->text = xtalloc_strdup_append(telling->text, words);
        complete = complete && words;
        from = close + 1;
    }
    return complete;
}

static void tell_optional(struct telling *telling, const char *from, const char *end) {
    size_t before = strlen(telling->text);
    if (!tell_span(telling, from, end))
        telling->text[before] = '\0';
}

/* Behind the actor's name, where every timeline has it: "ana (IC) DECIDED back". */
static void tell_acting(struct telling *telling) {
    if (!telling->type->acting)
        return;
    const char *at = (const char *)telling->body + telling->type->acting;
    const char *role = *(const char *const *)(const void *)at;
    if (role)
        telling->text = xtalloc_asprintf_append(telling->text, "(%s) ", role_words(role));
}

static void tell(struct telling *telling) {
    const char *at = telling->type->sentence;
    tell_acting(telling);
    while (*at) {
        size_t plain = strcspn(at, "[");
        tell_span(telling, at, at + plain);
        at += plain;
        if (*at != '[')
            continue;
        const char *close = strchr(at, ']');
        tell_optional(telling, at + 1, close);
        at = close + 1;
    }
}

static char *raw_sentence(const void *parent, const struct event *event) {
    return xtalloc_asprintf(parent, "%s %s", event->kind, event->body);
}

char *event_sentence(const void *parent, const struct incident *incident,
                     const struct event *event) {
    const struct event_type *type = event_type_find(event->kind);
    void *scratch = xtalloc_check(talloc_pool(NULL, SCRATCH_BYTES));
    const void *body = type ? event_decode(scratch, type, event, err_new(scratch)) : NULL;
    char *text;
    if (body) {
        struct telling telling = {incident, type, body, scratch, xtalloc_strdup(parent, "")};
        tell(&telling);
        text = telling.text;
    } else {
        text = raw_sentence(parent, event);
    }
    talloc_free(scratch);
    return text;
}
