#include "config.h"

#include "run/environment.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who runs it, and how it reads and writes text and time. Nothing else leaks in, so a step does the
 * same whoever starts it. */
static const char *const allowed[] = {"HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ"};

/* Every category of the locale. */
#define ALLOWED_PREFIX "LC_"

/* PATH is fixed: a program found elsewhere tomorrow is another program. TERM tells tools that there
 * is nobody to draw for. */
static const struct pair fixed[] = {
    {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
    {"TERM", "dumb"},
    {NULL, NULL},
};

static bool same_name(const char *entry, const char *name, size_t length) {
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

static bool is_allowed(const char *entry) {
    if (strncmp(entry, ALLOWED_PREFIX, strlen(ALLOWED_PREFIX)) == 0)
        return true;
    for (size_t i = 0; i < ARRAY_SIZE(allowed); i++)
        if (same_name(entry, allowed[i], strlen(allowed[i])))
            return true;
    return false;
}

/* `entry` is NAME=value, owned by the array already. */
static void put(char ***environment, size_t *count, char *entry) {
    size_t name = strcspn(entry, "=");
    for (size_t i = 0; i < *count; i++) {
        if (!same_name((*environment)[i], entry, name))
            continue;
        talloc_free((*environment)[i]);
        (*environment)[i] = entry;
        return;
    }
    *environment = xtalloc_realloc(NULL, *environment, char *, *count + 2);
    (*environment)[(*count)++] = entry;
    (*environment)[*count] = NULL;
}

static void put_pairs(char ***environment, size_t *count, const struct pair *pairs) {
    for (; pairs != NULL && pairs->key != NULL; pairs++)
        put(environment, count, xtalloc_asprintf(*environment, "%s=%s", pairs->key, pairs->value));
}

char **environment_make(const void *parent, const struct pair *const *lists) {
    char **environment = xtalloc_zero_array(parent, char *, 1);
    size_t count = 0;
    for (char **own = environ; own != NULL && *own != NULL; own++)
        if (is_allowed(*own))
            put(&environment, &count, xtalloc_strdup(environment, *own));
    put_pairs(&environment, &count, fixed);
    for (; *lists != NULL; lists++)
        put_pairs(&environment, &count, *lists);
    return environment;
}

const char *environment_value(char *const *environment, const char *name) {
    size_t length = strlen(name);
    for (; *environment != NULL; environment++)
        if (same_name(*environment, name, length))
            return *environment + length + 1;
    return NULL;
}

static bool is_program(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

char *environment_find_program(const void *parent, char *const *environment, const char *name) {
    if (strchr(name, '/') != NULL)
        return xtalloc_strdup(parent, name);
    const char *path = environment_value(environment, "PATH");
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        char *program = xtalloc_asprintf(parent, "%.*s/%s", (int)length, path, name);
        if (length > 0 && is_program(program))
            return program;
        talloc_free(program);
        path += length + (path[length] == ':');
    }
    return NULL;
}
