#include "config.h"

#include "run/secrets.h"

#include "base/limits.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int wipe(char *value) {
    sodium_memzero(value, talloc_get_size(value));
    return 0;
}

static bool read_all(int fd, char *value, size_t *length) {
    ssize_t got = 0;
    while (*length <= SECRET_MAX_BYTES &&
           (got = read(fd, value + *length, SECRET_MAX_BYTES + 1 - *length)) > 0)
        *length += (size_t)got;
    return got == 0 && *length <= SECRET_MAX_BYTES;
}

/* A file ends with a newline because editors do so; it is no part of the secret. */
static char *read_file(const void *parent, const char *folder, const char *name, struct err *err) {
    const char *path = name[0] == '/' ? name : err_fmt(err, "%s/%s", folder, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        err_errno(err, errno, "can't read a secret's file", path, NULL);
        return NULL;
    }
    char *value = xtalloc_zero_array(parent, char, SECRET_MAX_BYTES + 2);
    talloc_set_destructor(value, wipe);
    size_t length = 0;
    bool ok = read_all(fd, value, &length);
    close(fd);
    if (ok && length > 0 && value[length - 1] == '\n')
        value[--length] = '\0';
    if (ok && strlen(value) == length)
        return value;
    err_set(err, ERR_DAMAGED, "a secret's file is too long or holds a NUL byte", path, NULL);
    talloc_free(value);
    return NULL;
}

static char *read_variable(const void *parent, const char *name, struct err *err) {
    const char *value = getenv(name);
    if (value == NULL) {
        err_set(err, ERR_NOT_FOUND, "a secret is not in the environment", name,
                "set it where the step is started");
        return NULL;
    }
    char *copy = xtalloc_strdup(parent, value);
    talloc_set_destructor(copy, wipe);
    return copy;
}

static char *read_secret(const void *parent, const struct plan_secret *secret, const char *folder,
                         struct err *err) {
    if (secret->place.env != NULL)
        return read_variable(parent, secret->place.env, err);
    if (secret->place.file != NULL)
        return read_file(parent, folder, secret->place.file, err);
    err_set(err, ERR_NOT_FOUND, "a secret has no place to be read from", secret->name, NULL);
    return NULL;
}

void secrets_redact(const struct plan *plan, const char *folder, struct redact *redact) {
    struct err *ignored = err_new(NULL);
    for (size_t i = 0; i < plan->secrets_count; i++) {
        char *value = read_secret(ignored, &plan->secrets[i], folder, ignored);
        if (value != NULL)
            redact_add(redact, value);
    }
    talloc_free(ignored);
}

static const struct plan_secret *find(const struct plan *plan, const char *name) {
    for (size_t i = 0; i < plan->secrets_count; i++)
        if (strcmp(plan->secrets[i].name, name) == 0)
            return &plan->secrets[i];
    return NULL;
}

bool secrets_read(const void *parent, const struct plan *plan, const char *folder,
                  const struct pair *wanted, const struct pair **values, struct err *err) {
    size_t count = 0;
    while (wanted != NULL && wanted[count].key != NULL)
        count++;
    struct pair *read = xtalloc_zero_array(parent, struct pair, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct plan_secret *secret = find(plan, wanted[i].value);
        if (secret == NULL)
            return err_set(err, ERR_NOT_FOUND, "the plan declares no such secret", wanted[i].value,
                           NULL);
        read[i].key = wanted[i].key;
        read[i].value = read_secret(read, secret, folder, err);
        if (read[i].value == NULL)
            return false;
    }
    *values = read;
    return true;
}
