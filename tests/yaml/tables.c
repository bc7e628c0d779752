#include "config.h"

#include "tests/yaml/tables.h"

/* --- they hold together ----------------------------------------------------------------------- */

static void check_shape(const char *label, const struct shape *shape, size_t depth);

static void check_keys(const struct section *section, size_t depth) {
    assert_non_null(section->name);
    size_t choices = 0;
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        if (section_key(section, key->name) != key)
            fail_msg("%s has the key %s twice", section->name, key->name);
        choices += key->choice;
        if (key->choice && key->required)
            fail_msg("%s: %s can't be a choice and required", section->name, key->name);
        if (key->shape == NULL)
            fail_msg("%s: %s has no shape", section->name, key->name);
        check_shape(key->name, key->shape, depth);
    }
    assert_int_equal(choices > 1, section->choice != CHOICE_FREE);
}

static void check_shape(const char *label, const struct shape *shape, size_t depth) {
    if (depth > 12) /* a shape may contain itself: sites */
        return;
    if (shape->scalar == NULL && shape->list == NULL && shape->map == NULL &&
        shape->section == NULL)
        fail_msg("nothing may stand at %s", label);
    if (shape->section != NULL && shape->map != NULL)
        fail_msg("%s has fixed keys and free ones", label);
    if (shape->scalar != NULL)
        assert_non_null(shape->scalar->expects);
    if (shape->list != NULL)
        check_shape(label, shape->list, depth + 1);
    if (shape->map != NULL) {
        assert_non_null(shape->map_key);
        check_shape(label, shape->map, depth + 1);
    }
    if (shape->section != NULL)
        check_keys(shape->section, depth + 1);
}

void check_tables(const struct section *section) {
    check_keys(section, 0);
}

/* --- they are what is described --------------------------------------------------------------- */

/* The section that stands as a value, as each item or as each value of a map. */
static const struct section *section_in(const struct shape *shape) {
    if (shape->section != NULL)
        return shape->section;
    const struct shape *inner = shape->list != NULL ? shape->list : shape->map;
    return inner == NULL ? NULL : inner->section;
}

static const struct section *find_section(const void *parent, const struct section *section,
                                          const char *path) {
    char *rest = xtalloc_strdup(parent, path);
    for (char *name = strtok(rest, "."); name != NULL; name = strtok(NULL, ".")) {
        const struct key *key = section_key(section, name);
        section = key == NULL ? NULL : section_in(key->shape);
        if (section == NULL)
            fail_msg("no section at %s", path);
    }
    return section;
}

static void check_every_key(const void *parent, const struct section *section, const char *keys) {
    char *rest = xtalloc_strdup(parent, keys);
    for (char *name = strtok(rest, " "); name != NULL; name = strtok(NULL, " "))
        if (section_key(section, name) == NULL)
            fail_msg("%s has no key %s", section->name, name);
}

static void check_no_other(const void *parent, const struct section *section, const char *keys) {
    const char *all = xtalloc_asprintf(parent, " %s ", keys);
    for (const struct key *key = section->keys; key->name != NULL; key++)
        if (strstr(all, xtalloc_asprintf(parent, " %s ", key->name)) == NULL)
            fail_msg("%s has a key %s that nobody described", section->name, key->name);
}

void check_described(const void *parent, const struct section *section,
                     const struct described *described, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct section *found = find_section(parent, section, described[i].path);
        if (described[i].keys == NULL)
            continue;
        check_every_key(parent, found, described[i].keys);
        check_no_other(parent, found, described[i].keys);
    }
}
