#include "config.h"

#include "ui/keys.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/input.h"

#include <string.h>

#define WORDS_MAX 4

struct binding {
    const char *view, *action;
    uint32_t key;
};

struct keys {
    struct binding *bindings; /* no two of one view and key */
    size_t count;
};

/* One line on its way in. */
struct line {
    struct keys *keys;
    struct settings *settings;
    const char *file;
    int number;
    const char *const *actions, *const *views;
    char *words[WORDS_MAX];
    size_t count;
};

static const char every_view[] = "any";

struct keys *keys_new(const void *parent) {
    struct keys *keys = xtalloc_zero(parent, struct keys);

    keys->bindings = xtalloc_array(keys, struct binding, 0);
    return keys;
}

/* ---- bindings -------------------------------------------------------------------------------- */

static struct binding *find(const struct keys *keys, const char *view, uint32_t key) {
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->bindings[i].key == key && strcmp(keys->bindings[i].view, view) == 0) {
            return &keys->bindings[i];
        }
    }
    return NULL;
}

static void add_binding(struct keys *keys, const char *view, uint32_t key, const char *action) {
    struct binding *binding = find(keys, view, key);

    if (binding == NULL) {
        keys->bindings = xtalloc_realloc(keys, keys->bindings, struct binding, keys->count + 1);
        binding = &keys->bindings[keys->count++];
        *binding = (struct binding){.view = xtalloc_strdup(keys->bindings, view), .key = key};
    }
    binding->action = xtalloc_strdup(keys->bindings, action);
}

static void remove_binding(struct keys *keys, const char *view, uint32_t key) {
    struct binding *binding = find(keys, view, key);

    if (binding != NULL) {
        *binding = keys->bindings[--keys->count];
    }
}

const char *keys_action(const struct keys *keys, const char *view, uint32_t key) {
    const struct binding *binding = find(keys, view, key);

    if (binding == NULL) {
        binding = find(keys, every_view, key);
    }
    return binding == NULL ? NULL : binding->action;
}

/* Whether the binding is the one that counts in `view`. */
static bool counts_in(const struct keys *keys, const struct binding *binding, const char *view) {
    return strcmp(binding->view, view) == 0 ||
           (strcmp(binding->view, every_view) == 0 && find(keys, view, binding->key) == NULL);
}

/* The action is compared first: few bindings have it, and every frame asks for a dozen of them. */
static bool serves(const struct keys *keys, const struct binding *binding, const char *view,
                   const char *action) {
    return strcmp(binding->action, action) == 0 && counts_in(keys, binding, view);
}

char *keys_for(const void *parent, const struct keys *keys, const char *view, const char *action) {
    char *list = xtalloc_strdup(parent, "");

    for (size_t i = 0; i < keys->count; i++) {
        if (serves(keys, &keys->bindings[i], view, action)) {
            char *name = key_label(list, keys->bindings[i].key);
            list = xtalloc_strdup_append(list, *list == '\0' ? "" : " ");
            list = xtalloc_strdup_append(list, name);
        }
    }
    return list;
}

char *keys_first(const void *parent, const struct keys *keys, const char *view,
                 const char *action) {
    for (size_t i = 0; i < keys->count; i++) {
        if (serves(keys, &keys->bindings[i], view, action)) {
            return key_label(parent, keys->bindings[i].key);
        }
    }
    return xtalloc_strdup(parent, "");
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool refuse(const struct line *line, const char *why, const char *word, const char *remedy,
                   struct err *err) {
    return err_set(err, ERR_USAGE, "can't read the key bindings",
                   err_fmt(err, "%s:%d: %s \"%s\"", line->file, line->number, why, word), remedy);
}

static bool is_one_of(const char *word, const char *const *names) {
    for (; *names != NULL; names++) {
        if (strcmp(word, *names) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_name(const struct line *line, const char *why, const char *word,
                       const char *const *names, struct err *err) {
    if (names == NULL || is_one_of(word, names)) {
        return true;
    }
    const char *nearest = text_nearest(word, names);
    return refuse(line, why, word,
                  nearest == NULL ? NULL : err_fmt(err, "did you mean %s?", nearest), err);
}

static bool check_view(const struct line *line, const char *view, struct err *err) {
    return strcmp(view, every_view) == 0 || check_name(line, "no view", view, line->views, err);
}

static bool read_key(const struct line *line, uint32_t *key, struct err *err) {
    *key = key_parse(line->words[2]);
    return *key != 0 || refuse(line, "no key", line->words[2],
                               "write a letter, ctrl-LETTER, or a name such as Enter or PgDn", err);
}

static bool read_bind(const struct line *line, struct err *err) {
    uint32_t key;

    if (!check_view(line, line->words[1], err) || !read_key(line, &key, err) ||
        !check_name(line, "no action", line->words[3], line->actions, err)) {
        return false;
    }
    add_binding(line->keys, line->words[1], key, line->words[3]);
    return true;
}

static bool read_unbind(const struct line *line, struct err *err) {
    uint32_t key;

    if (!check_view(line, line->words[1], err) || !read_key(line, &key, err)) {
        return false;
    }
    remove_binding(line->keys, line->words[1], key);
    return true;
}

static bool read_set(const struct line *line, struct err *err) {
    const char *name = line->words[1], *value = line->words[2];
    return check_name(line, "no setting", name, settings_names(), err) &&
           check_name(line, "no value", value, settings_values(name), err) &&
           settings_set(line->settings, name, value);
}

static const struct {
    const char *word;
    size_t count;
    const char *shape;
    bool (*read)(const struct line *line, struct err *err);
} statements[] = {
    {.word = "bind", .count = 4, .shape = "bind VIEW KEY ACTION", .read = read_bind},
    {.word = "unbind", .count = 3, .shape = "unbind VIEW KEY", .read = read_unbind},
    {.word = "set", .count = 3, .shape = "set NAME VALUE", .read = read_set},
};

static bool read_words(const struct line *line, struct err *err) {
    for (size_t i = 0; i < ARRAY_SIZE(statements); i++) {
        if (strcmp(statements[i].word, line->words[0]) == 0) {
            if (line->count != statements[i].count) {
                return refuse(line, "wrong number of words for", line->words[0],
                              err_fmt(err, "write %s", statements[i].shape), err);
            }
            return statements[i].read(line, err);
        }
    }
    return refuse(line, "no such word as", line->words[0], "a line begins with bind, unbind or set",
                  err);
}

/* A word too many is counted, not kept. "#" is a key like others where one is expected. */
static void split_words(struct line *line, char *text) {
    char *rest;

    line->count = 0;
    for (char *word = strtok_r(text, " \t\r", &rest); word != NULL;
         word = strtok_r(NULL, " \t\r", &rest)) {
        if (*word == '#' && line->count != 2) {
            return;
        }
        if (line->count < WORDS_MAX) {
            line->words[line->count] = word;
        }
        line->count++;
    }
}

bool keys_read(struct keys *keys, struct settings *settings, const char *file, const char *text,
               const char *const *actions, const char *const *views, struct err *err) {
    struct line line = {
        .keys = keys, .settings = settings, .file = file, .actions = actions, .views = views};
    char *copy = xtalloc_strdup(NULL, text);
    bool good = true;

    for (char *rest = copy, *next; good && (next = strsep(&rest, "\n")) != NULL;) {
        line.number++;
        split_words(&line, next);
        good = line.count == 0 || read_words(&line, err);
    }
    talloc_free(copy);
    return good;
}
