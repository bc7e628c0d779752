/* The words of line mode and palette, read by the command's own argument table. */
#include "config.h"

#include "incident/command.h"

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>
#include <strings.h>

#define INCIDENT_PREFIX "INC-"
#define INCIDENT_MAX    (INT64_C(1) << 53) /* what JSON carries without loss */

struct parsing {
    struct command *command;
    const struct command_arg *arg; /* the one that is being read */
    const char **placed;           /* the words that are no options, ended by NULL */
    size_t placed_count;
    int64_t incident; /* the one that is meant where none is named; 0: none */
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

/* --- one reader per type of argument ---------------------------------------------------------- */

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
        return wrong(parsing, "", "give the path of a file");
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

static bool read_duration(const struct parsing *parsing, const char *word) {
    int64_t *ms = member(parsing);
    return duration_parse(word, ms, parsing->err) &&
           (*ms > 0 || wrong(parsing, word, "give it some time: 90s, 10m"));
}

static bool read_concern(const struct parsing *parsing, const char *word) {
    return number_parse(word, 1, INCIDENT_MAX, member(parsing)) ||
           wrong(parsing, word, "give the concern's number");
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

static bool has_number(const void *member) {
    return *(const int64_t *)member != 0;
}

static bool has_list(const void *member) {
    return *(const void *const *)member != NULL;
}

static bool has_flag(const void *member) {
    return *(const bool *)member;
}

/* Where `has` is NULL the member is a text. */
static const struct {
    const char *word;
    read_fn *read;
    bool (*has)(const void *member);
} arg_types[ARG_TYPE_COUNT] = {
    [ARG_INCIDENT] = {"N", read_incident, has_number},
    [ARG_STEP] = {"STEP", read_text, NULL},
    [ARG_ROLE] = {"ROLE", read_text, NULL},
    [ARG_ROLE_OR_STEP] = {"ROLE|STEP", read_text, NULL},
    [ARG_PERSON] = {"PERSON", read_text, NULL},
    [ARG_OPTION] = {"OPTION", read_text, NULL},
    [ARG_PLAN] = {"PLAN", read_path, NULL},
    [ARG_ROSTER] = {"FILE", read_path, NULL},
    [ARG_TEXT] = {"TEXT", read_text, NULL},
    [ARG_SEVERITY] = {"1-5", read_severity, has_number},
    [ARG_TIME] = {"TIME", read_time, has_number},
    [ARG_DURATION] = {"DURATION", read_duration, has_number},
    [ARG_CONCERN] = {"CONCERN", read_concern, has_number},
    [ARG_DETECTOR] = {"monitor|staff|customer", read_choice, NULL},
    [ARG_OUTCOME] = {"happened|absent|partial", read_choice, NULL},
    [ARG_INPUTS] = {"K=V", read_pair, has_list},
    [ARG_FLAG] = {"", read_flag, has_flag},
    [ARG_RUN] = {"RUN", read_text, NULL},
};

const char *arg_word(enum arg_type type) {
    return arg_types[type].word;
}

bool command_read(struct command *command, const struct command_arg *arg, const char *word,
                  int64_t now_ms, struct err *err) {
    struct parsing parsing = {.command = command, .arg = arg, .now_ms = now_ms, .err = err};
    return arg_types[arg->type].read(&parsing, word);
}

/* --- the words in order ----------------------------------------------------------------------- */

static const struct command_arg *find_option(const struct command_type *type, const char *name) {
    for (const struct command_arg *arg = type->args; arg->name; arg++)
        if (arg->place == PLACE_OPTION && strcmp(arg->name, name) == 0)
            return arg;
    return NULL;
}

static const char *const *option_names(const void *parent, const struct command_type *type) {
    size_t args = 0, count = 0;
    while (type->args[args].name)
        args++;
    const char **names = xtalloc_zero_array(parent, const char *, args + 1);
    for (const struct command_arg *arg = type->args; arg->name; arg++)
        if (arg->place == PLACE_OPTION)
            names[count++] = arg->name;
    return names;
}

static bool unknown_option(const struct parsing *parsing, const char *name) {
    const struct command_type *type = parsing->command->type;
    const char *near = text_nearest(name, option_names(parsing->err, type));
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

/* Options are read where they stand; what is left are the words in order. "--" ends the options. */
static bool read_options(struct parsing *parsing, const char *const *words) {
    while (*words && strcmp(*words, "--") != 0) {
        if (strncmp(*words, "--", 2) != 0)
            parsing->placed[parsing->placed_count++] = *words++;
        else if (!read_option(parsing, &words))
            return false;
    }
    for (words += *words != NULL; *words; words++)
        parsing->placed[parsing->placed_count++] = *words;
    return true;
}

static const struct command_arg *next_place(const struct command_arg *arg) {
    while (arg->name && arg->place == PLACE_OPTION)
        arg++;
    return arg;
}

/* Where the incident is understood, its number need not be typed: a number stands for it only when
 * the words that follow fill every other place. */
static bool incident_left_out(const struct parsing *parsing) {
    const char *first = parsing->placed_count ? parsing->placed[0] : "";
    size_t places = 0;
    bool text = false;
    int64_t number;
    const struct command_arg *arg = next_place(parsing->command->type->args);
    if (arg->type != ARG_INCIDENT || !parsing->incident)
        return false;
    for (; arg->name; arg = next_place(arg + 1), places++)
        text = text || arg->place == PLACE_REST;
    bool named = strncasecmp(first, INCIDENT_PREFIX, strlen(INCIDENT_PREFIX)) == 0;
    bool counted = !text && parsing->placed_count >= places;
    return !((named || counted) && incident_number_parse(first, &number));
}

static bool read_rest(const struct parsing *parsing, const char *const *words) {
    char *text = xtalloc_strdup(parsing->err, *words);
    while (*++words)
        text = xtalloc_asprintf_append(text, " %s", *words);
    return arg_types[parsing->arg->type].read(parsing, text);
}

static bool read_places(struct parsing *parsing) {
    const struct command_type *type = parsing->command->type;
    const struct command_arg *place = next_place(type->args);
    if (incident_left_out(parsing)) {
        parsing->command->incident = parsing->incident;
        place = next_place(place + 1);
    }
    for (const char **word = parsing->placed; *word; word++, place = next_place(place + 1)) {
        parsing->arg = place;
        if (!place->name)
            return err_set(parsing->err, ERR_USAGE,
                           err_fmt(parsing->err, "\"%s\" is one word too many", *word), type->name,
                           command_usage(parsing->err, type));
        if (place->place == PLACE_REST)
            return read_rest(parsing, word);
        if (!arg_types[place->type].read(parsing, *word))
            return false;
    }
    return true;
}

/* --- what was left out ------------------------------------------------------------------------ */

bool command_has(const struct command *command, const struct command_arg *arg) {
    const void *at = (const char *)command + arg->offset;
    bool (*has)(const void *) = arg_types[arg->type].has;
    return has ? has(at) : *(const char *const *)at != NULL;
}

const struct command_arg *command_missing(const struct command *command) {
    for (const struct command_arg *arg = command->type->args; arg->name; arg++)
        if (arg->required && !command_has(command, arg))
            return arg;
    return NULL;
}

static bool all_given(const struct parsing *parsing) {
    const struct command_type *type = parsing->command->type;
    const struct command_arg *arg = command_missing(parsing->command);
    if (!arg)
        return true;
    bool option = arg->place == PLACE_OPTION;
    return err_set(parsing->err, ERR_USAGE,
                   err_fmt(parsing->err, "%s%s is missing: %s", option ? "--" : "",
                           option ? arg->name : arg_word(arg->type), arg->help),
                   type->name, command_usage(parsing->err, type));
}

bool command_parse(const void *parent, const struct command_type *type, const char *const *words,
                   int64_t incident, int64_t now_ms, struct command **command, struct err *err) {
    size_t count = 0;
    while (words[count])
        count++;
    struct parsing parsing = {.command = command_new(parent, type->name, now_ms),
                              .placed = xtalloc_zero_array(NULL, const char *, count + 1),
                              .incident = incident,
                              .now_ms = now_ms,
                              .err = err};
    bool ok = read_options(&parsing, words) && read_places(&parsing) && all_given(&parsing);
    talloc_free(parsing.placed);
    if (ok)
        *command = parsing.command;
    else
        talloc_free(parsing.command);
    return ok;
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
    if (strncasecmp(text, INCIDENT_PREFIX, strlen(INCIDENT_PREFIX)) == 0)
        text += strlen(INCIDENT_PREFIX);
    return *text >= '0' && *text <= '9' && number_parse(text, 1, INCIDENT_MAX, number);
}
