/* The words of line mode and palette, read by the command's own argument table. */
#include "config.h"

#include "incident/command.h"

#include "base/array.h"
#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <stdlib.h>
#include <string.h>

struct parsing {
    struct command *command;
    const struct command_arg *arg;
    int64_t now_ms;
    struct err *err;
};

static void *member(const struct parsing *parsing) {
    return (char *)parsing->command + parsing->arg->offset;
}

static bool wrong(const struct parsing *parsing, const char *word, const char *expected) {
    const char *option = parsing->arg->place == PLACE_OPTION ? "--" : "";
    return err_set(parsing->err, ERR_USAGE,
                   err_fmt(parsing->err, "%s%s can't be \"%s\"", option, parsing->arg->name, word),
                   parsing->command->type->name, expected);
}

/* ---- one reader per type of argument ----------------------------------------------------------
 */

typedef bool read_fn(const struct parsing *parsing, const char *word);

static bool read_text(const struct parsing *parsing, const char *word) {
    char *clean = text_clean_z(parsing->command, word);
    if (!*clean)
        return wrong(parsing, "", "give it some words");
    *(const char **)member(parsing) = clean;
    return true;
}

/* A path is bytes for the file system: it is cleaned where it is shown, not here. */
static bool read_path(const struct parsing *parsing, const char *word) {
    if (!*word)
        return wrong(parsing, "", "give the path of a plan file");
    *(const char **)member(parsing) = xtalloc_strdup(parsing->command, word);
    return true;
}

static bool read_incident(const struct parsing *parsing, const char *word) {
    return incident_number_parse(word, member(parsing)) ||
           wrong(parsing, word, "give an incident as 41 or INC-41");
}

static bool read_severity(const struct parsing *parsing, const char *word) {
    return number_parse(word, 1, 5, member(parsing)) ||
           wrong(parsing, word, "give a number from 1 (worst) to 5");
}

static bool read_time(const struct parsing *parsing, const char *word) {
    return time_parse(word, parsing->now_ms, member(parsing), parsing->err);
}

static bool read_choice(const struct parsing *parsing, const char *word) {
    const char *const *choices = arg_candidates(parsing->err, parsing->arg->type, NULL, NULL);
    for (size_t i = 0; choices[i]; i++)
        if (strcmp(choices[i], word) == 0)
            return read_text(parsing, word);
    const char *near = text_nearest(word, choices);
    return wrong(parsing, word,
                 near ? err_fmt(parsing->err, "did you mean %s?", near) : parsing->arg->help);
}

/* Repeatable: each K=V is added to the list. */
static bool read_pair(const struct parsing *parsing, const char *word) {
    struct pair **list = member(parsing);
    const char *equals = strchr(word, '=');
    size_t count = 0;
    if (!equals || equals == word)
        return wrong(parsing, word, "give it as NAME=VALUE");
    while (*list && (*list)[count].key)
        count++;
    *list = xtalloc_realloc(parsing->command, *list, struct pair, count + 2);
    (*list)[count].key = xtalloc_strndup(parsing->command, word, (size_t)(equals - word));
    (*list)[count].value = text_clean_z(parsing->command, equals + 1);
    (*list)[count + 1] = (struct pair){0};
    return true;
}

static bool read_flag(const struct parsing *parsing, const char *word) {
    (void)word;
    *(bool *)member(parsing) = true;
    return true;
}

static const char *const no_words[] = {NULL};
static const char *const detectors[] = {"monitor", "staff", "customer", NULL};
static const char *const outcomes[] = {"happened", "absent", "partial", NULL};
static const char *const severities[] = {"1", "2", "3", "4", "5", NULL};

static const struct {
    const char *word;
    read_fn *read;
    const char *const *fixed; /* all that may stand there, where that is known without a store */
} arg_types[ARG_TYPE_COUNT] = {
    [ARG_INCIDENT] = {"N", read_incident, NULL},
    [ARG_STEP] = {"STEP", read_text, NULL},
    [ARG_ROLE] = {"ROLE", read_text, NULL},
    [ARG_ROLE_OR_STEP] = {"ROLE|STEP", read_text, NULL},
    [ARG_PERSON] = {"PERSON", read_text, NULL},
    [ARG_OPTION] = {"OPTION", read_text, NULL},
    [ARG_PLAN] = {"PLAN", read_path, no_words},
    [ARG_TEXT] = {"TEXT", read_text, no_words},
    [ARG_SEVERITY] = {"1-5", read_severity, severities},
    [ARG_TIME] = {"TIME", read_time, no_words},
    [ARG_DETECTOR] = {"monitor|staff|customer", read_choice, detectors},
    [ARG_OUTCOME] = {"happened|absent|partial", read_choice, outcomes},
    [ARG_INPUTS] = {"K=V", read_pair, no_words},
    [ARG_FLAG] = {"", read_flag, no_words},
    [ARG_RUN] = {"RUN", read_text, no_words},
};

const char *arg_word(enum arg_type type) {
    return arg_types[type].word;
}

/* ---- the words in order
 * -------------------------------------------------------------------------- */

static const struct command_arg *find_option(const struct command_type *type, const char *name) {
    for (const struct command_arg *arg = type->args; arg->name; arg++)
        if (arg->place == PLACE_OPTION && strcmp(arg->name, name) == 0)
            return arg;
    return NULL;
}

static bool unknown_option(struct parsing *parsing, const char *name) {
    const char *names[16] = {NULL};
    size_t count = 0;
    const struct command_type *type = parsing->command->type;
    for (const struct command_arg *arg = type->args; arg->name && count + 1 < ARRAY_SIZE(names);
         arg++)
        if (arg->place == PLACE_OPTION)
            names[count++] = arg->name;
    const char *near = text_nearest(name, names);
    return err_set(parsing->err, ERR_USAGE, "there is no such option",
                   err_fmt(parsing->err, "%s --%s", type->name, name),
                   near ? err_fmt(parsing->err, "did you mean --%s?", near)
                        : command_usage(parsing->err, type));
}

/* "--name VALUE", "--name=VALUE" or a flag; moves *words past what it took. */
static bool read_option(struct parsing *parsing, const char *const **words) {
    const char *word = *(*words)++ + 2;
    const char *equals = strchr(word, '=');
    char *name =
        xtalloc_strndup(parsing->err, word, equals ? (size_t)(equals - word) : strlen(word));
    parsing->arg = find_option(parsing->command->type, name);
    if (!parsing->arg)
        return unknown_option(parsing, name);
    if (parsing->arg->type == ARG_FLAG)
        return equals ? wrong(parsing, equals + 1, "it takes no value") : read_flag(parsing, NULL);
    const char *value = equals ? equals + 1 : **words;
    if (!value)
        return err_set(parsing->err, ERR_USAGE, err_fmt(parsing->err, "--%s needs a value", name),
                       parsing->command->type->name,
                       command_usage(parsing->err, parsing->command->type));
    if (!equals)
        (*words)++;
    return arg_types[parsing->arg->type].read(parsing, value);
}

/* Joins what remains, options excepted, into one text. */
static bool read_rest(struct parsing *parsing, const char *const **words) {
    char *text = xtalloc_strdup(parsing->err, "");
    for (; **words && strncmp(**words, "--", 2) != 0; (*words)++)
        text = xtalloc_asprintf_append(text, "%s%s", *text ? " " : "", **words);
    return arg_types[parsing->arg->type].read(parsing, text);
}

static const struct command_arg *next_place(const struct command_arg *arg) {
    while (arg->name && arg->place == PLACE_OPTION)
        arg++;
    return arg;
}

/* Where the incident is understood, its number need not be typed. */
static bool incident_left_out(const struct parsing *parsing, const char *word, int64_t incident) {
    int64_t number;
    return parsing->arg->type == ARG_INCIDENT && incident && !incident_number_parse(word, &number);
}

static bool read_place(struct parsing *parsing, const char *const **words, int64_t incident) {
    if (!parsing->arg->name)
        return err_set(
            parsing->err, ERR_USAGE, err_fmt(parsing->err, "\"%s\" is one word too many", **words),
            parsing->command->type->name, command_usage(parsing->err, parsing->command->type));
    if (incident_left_out(parsing, **words, incident)) {
        parsing->command->incident = incident;
        return true;
    }
    if (parsing->arg->place == PLACE_REST)
        return read_rest(parsing, words);
    return arg_types[parsing->arg->type].read(parsing, *(*words)++);
}

static bool is_given(const struct command *command, const struct command_arg *arg) {
    const char *at = (const char *)command + arg->offset;
    if (arg->type == ARG_INCIDENT || arg->type == ARG_SEVERITY || arg->type == ARG_TIME)
        return *(const int64_t *)(const void *)at != 0;
    return *(const char *const *)(const void *)at != NULL;
}

static bool all_given(const struct parsing *parsing) {
    const struct command_type *type = parsing->command->type;
    for (const struct command_arg *arg = type->args; arg->name; arg++) {
        if (!arg->required || is_given(parsing->command, arg))
            continue;
        return err_set(
            parsing->err, ERR_USAGE,
            err_fmt(parsing->err, "%s%s is missing: %s", arg->place == PLACE_OPTION ? "--" : "",
                    arg->place == PLACE_OPTION ? arg->name : arg_word(arg->type), arg->help),
            type->name, command_usage(parsing->err, type));
    }
    return true;
}

bool command_parse(const void *parent, const struct command_type *type, const char *const *words,
                   int64_t incident, int64_t now_ms, struct command **command, struct err *err) {
    struct parsing parsing = {
        .command = command_new(parent, type->name, now_ms), .now_ms = now_ms, .err = err};
    const struct command_arg *place = next_place(type->args);
    bool ok = true;
    while (ok && *words) {
        if (strncmp(*words, "--", 2) == 0 && (*words)[2]) {
            ok = read_option(&parsing, &words);
            continue;
        }
        parsing.arg = place;
        ok = read_place(&parsing, &words, incident);
        place = place->name ? next_place(place + 1) : place;
    }
    if (ok && !parsing.command->incident && type->args[0].type == ARG_INCIDENT)
        parsing.command->incident = incident;
    if (ok && all_given(&parsing)) {
        *command = parsing.command;
        return true;
    }
    talloc_free(parsing.command);
    return false;
}

char *command_usage(const void *parent, const struct command_type *type) {
    char *text = xtalloc_strdup(parent, type->name);
    for (const struct command_arg *arg = type->args; arg->name; arg++) {
        const char *word = arg_word(arg->type);
        const char *open = arg->required ? "" : "[", *close = arg->required ? "" : "]";
        if (arg->place == PLACE_OPTION)
            text = xtalloc_asprintf_append(text, " %s--%s%s%s%s", open, arg->name, *word ? " " : "",
                                           word, close);
        else
            text = xtalloc_asprintf_append(text, " %s%s%s", open, word, close);
        if (arg->type == ARG_INPUTS)
            text = xtalloc_strdup_append(text, "…");
    }
    return text;
}

bool incident_number_parse(const char *text, int64_t *number) {
    if (strncasecmp(text, "INC-", 4) == 0)
        text += 4;
    return *text >= '0' && *text <= '9' && number_parse(text, 1, INT64_MAX / 2, number);
}

/* ---- what could stand there
 * ------------------------------------------------------------------------ */

struct words {
    const char **list;
    size_t count;
};

static void add(struct words *words, const char *word) {
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->list[i], word) == 0)
            return;
    words->list = xtalloc_realloc(NULL, words->list, const char *, words->count + 2);
    words->list[words->count++] = word;
}

static void add_steps(struct words *words, const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++)
        add(words, incident->steps[i].spec->id);
}

static void add_roles(struct words *words, const struct incident *incident) {
    static const char *const standing[] = {"commander", "deputy", "comms", "scribe"};
    for (size_t i = 0; i < ARRAY_SIZE(standing); i++)
        add(words, standing[i]);
    for (size_t i = 0; incident->plan && i < incident->plan->roles_count; i++)
        add(words, incident->plan->roles[i].name);
    for (size_t i = 0; i < incident->roles_count; i++)
        add(words, incident->roles[i].role);
}

static void add_options(struct words *words, const struct incident *incident) {
    static const char *const implied[] = {"back", "forward", "hold"};
    for (size_t i = 0; !incident->plan && i < ARRAY_SIZE(implied); i++)
        add(words, implied[i]);
    for (size_t i = 0; incident->plan && i < incident->plan->options_count; i++)
        add(words, incident->plan->options[i].id);
}

static void add_from_incident(struct words *words, enum arg_type type,
                              const struct incident *incident) {
    if (type == ARG_ROLE || type == ARG_ROLE_OR_STEP)
        add_roles(words, incident);
    if (type == ARG_STEP || type == ARG_ROLE_OR_STEP)
        add_steps(words, incident);
    if (type == ARG_OPTION)
        add_options(words, incident);
    if (type != ARG_PERSON)
        return;
    const char *const *people = incident_people(words->list, incident);
    for (size_t i = 0; people[i]; i++)
        add(words, people[i]);
}

const char *const *arg_candidates(const void *parent, enum arg_type type, const struct state *state,
                                  const struct incident *incident) {
    if (arg_types[type].fixed)
        return arg_types[type].fixed;
    struct words words = {.list = xtalloc_zero_array(NULL, const char *, 1)};
    for (size_t i = 0; type == ARG_INCIDENT && state && i < state->incidents_count; i++)
        add(&words, xtalloc_asprintf(words.list, "%lld", (long long)state->incidents[i]->number));
    if (incident)
        add_from_incident(&words, type, incident);
    words.list[words.count] = NULL;
    return talloc_steal(parent, words.list);
}
