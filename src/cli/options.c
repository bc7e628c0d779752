#include "config.h"

#include "cli/options.h"

#include "base/array.h"
#include "base/text.h"

#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(struct cli_globals, member)

const struct cli_option global_options[] = {
    {"--store", "PATH", AT(store), "the store; else BACKOUT_STORE, else the user's data folder"},
    {"--readonly", NULL, AT(options.read_only), "refuse whatever would write"},
    {"--as", "ROLE", AT(options.as), "act in this one of your roles, where a roster is in force"},
    {"--repin", NULL, AT(options.repin), "take the log as it is, though it isn't the one you saw"},
    {"--json", NULL, AT(options.json), "answer in JSON"},
    {"--ascii", NULL, AT(options.ascii), "nothing but ASCII"},
    {"--help", NULL, AT(help), "what a command does, and its words"},
    {"--version", NULL, AT(version), "the version"},
    {0},
};

/* The option that the word names, alone or as "--name=VALUE"; *value gets what is behind "=". */
static const struct cli_option *find(const struct cli_option *table, char *word, char **value) {
    for (; table->name; table++) {
        size_t length = strlen(table->name);
        if (strncmp(word, table->name, length) != 0)
            continue;
        *value = word[length] == '=' ? word + length + 1 : NULL;
        if (word[length] == '\0' || (*value && table->value))
            return table;
    }
    return NULL;
}

static void keep(const struct cli_option *option, void *record, const char *value) {
    char *member = (char *)record + option->offset;
    if (option->value)
        *(const char **)(void *)member = value;
    else
        *(bool *)member = true;
}

bool options_take(const struct cli_option *table, void *record, char **words, struct err *err) {
    char **kept = words;
    while (*words && strcmp(*words, OPTIONS_END) != 0) {
        char *value, *word = *words++;
        const struct cli_option *option = find(table, word, &value);
        if (!option) {
            *kept++ = word;
            continue;
        }
        if (option->value && !value && !(value = *words ? *words++ : NULL))
            return err_set(err, ERR_USAGE, err_fmt(err, "%s needs a value", option->name),
                           option->value, option->help);
        keep(option, record, value);
    }
    while (*words)
        *kept++ = *words++;
    *kept = NULL;
    return true;
}

#define NAMES_MAX 24

static size_t add_names(const struct cli_option *table, const char **names, size_t count) {
    for (; table && table->name && count < NAMES_MAX; table++)
        names[count++] = table->name;
    return count;
}

static bool unknown_option(const struct cli_option *table, const char *word, const char *usage,
                           struct err *err) {
    const char *names[NAMES_MAX + 1] = {NULL};
    add_names(global_options, names, add_names(table, names, 0));
    const char *near = text_nearest(word, names);
    return err_set(err, ERR_USAGE, "there is no such option", word,
                   near ? err_fmt(err, "did you mean %s?", near) : usage);
}

bool options_none_left(const struct cli_option *table, char *const *words, const char *usage,
                       struct err *err) {
    for (; *words && strcmp(*words, OPTIONS_END) != 0; words++)
        if ((*words)[0] == '-' && (*words)[1])
            return unknown_option(table, *words, usage, err);
    return true;
}
