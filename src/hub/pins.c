#include "config.h"

#include "hub/pins.h"

#include "base/limits.h"
#include "base/number.h"
#include "base/xtalloc.h"
#include "log/place.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Somebody of the same user writes this file in microseconds; a process that was stopped meanwhile
 * must not stop others. */
#define LOCK_TRIES 50

/* ---- a line ---------------------------------------------------------------------------------- */

struct pin {
    struct log_head head;
    const char *path; /* in the line */
};

/* The word at `*at`, which is ended in place; NULL where there is none. */
static char *take_word(char **at) {
    char *word = *at;
    char *space = word ? strchr(word, ' ') : NULL;
    if (!space)
        return NULL;
    *space = '\0';
    *at = space + 1;
    return word;
}

static bool parse(char *line, struct pin *pin) {
    char *at = line;
    const char *store = take_word(&at), *seq = take_word(&at), *hash = take_word(&at);
    if (!hash || strlen(store) != UUID_TEXT - 1 || *at != '/' ||
        !number_parse(seq, 1, INT64_MAX, &pin->head.seq) || !digest_from_hex(hash, &pin->head.hash))
        return false;
    memcpy(pin->head.store, store, UUID_TEXT);
    pin->path = at;
    return true;
}

static char *append(char *text, const char *path, const struct log_head *head) {
    char hex[DIGEST_HEX];
    digest_hex(&head->hash, hex);
    return xtalloc_asprintf_append(text, "%s %lld %s %s\n", head->store, (long long)head->seq, hex,
                                   path);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* "" where there is none. NULL with errno: it can't be read. */
static char *read_file(const void *parent, const char *file) {
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? xtalloc_strdup(parent, "") : NULL;
    char *text = xtalloc_array(parent, char, PINS_MAX_BYTES + 1);
    size_t length = 0;
    ssize_t got = 0;
    while (length < PINS_MAX_BYTES && (got = read(fd, text + length, PINS_MAX_BYTES - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(fd);
    return text;
}

/* Lines that can't be read are as good as not there. */
static bool next_pin(char **rest, struct pin *pin) {
    for (char *line; (line = strsep(rest, "\n"));)
        if (parse(line, pin))
            return true;
    return false;
}

/* A store that was moved is found by its id; where its old place is still taken, what is looked at
 * is only a copy of it, and has a pin of its own. */
static bool is_of(const struct pin *pin, const char *store, const char *path) {
    return strcmp(pin->path, path) == 0 ||
           (strcmp(pin->head.store, store) == 0 && access(pin->path, F_OK) != 0);
}

bool pins_find(const char *file, const char *store, const char *path, struct log_head *pin) {
    char *text = read_file(NULL, file), *rest = text;
    bool found = false;
    struct pin each;
    while (next_pin(&rest, &each)) {
        if (!is_of(&each, store, path))
            continue;
        *pin = each.head;
        found = true;
        if (strcmp(each.path, path) == 0)
            break;
    }
    talloc_free(text);
    return found;
}

/* ---- replacing it ---------------------------------------------------------------------------- */

/* The folder is what is locked: the file changes its inode each time. */
static int lock_folder(const char *folder) {
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int tries = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (errno == EWOULDBLOCK && tries < LOCK_TRIES) {
            poll(NULL, 0, 1);
            continue;
        }
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

static bool write_file(const char *file, const char *text) {
    char *fresh = xtalloc_asprintf(NULL, "%s.new", file);
    unlink(fresh); /* of one that died while it held the lock */
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    size_t length = strlen(text);
    bool wrote = fd >= 0 && fchmod(fd, 0600) == 0 && write(fd, text, length) == (ssize_t)length;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    bool kept = wrote && rename(fresh, file) == 0;
    if (wrote)
        reason = errno;
    if (!kept && fd >= 0)
        unlink(fresh);
    talloc_free(fresh);
    errno = reason;
    return kept;
}

/* All pins but those that this one takes the place of. NULL: one of them is further on. */
static char *text_with(const void *parent, char *rest, const char *path,
                       const struct log_head *head, bool back) {
    char *text = append(xtalloc_strdup(parent, ""), path, head);
    struct pin each;
    while (next_pin(&rest, &each)) {
        bool ours = is_of(&each, head->store, path);
        if (ours && !back && strcmp(each.head.store, head->store) == 0 && each.head.seq > head->seq)
            return NULL;
        if (!ours)
            text = append(text, each.path, &each.head);
    }
    return text;
}

static bool keep_locked(const char *file, const char *path, const struct log_head *head,
                        bool back) {
    char *before = read_file(NULL, file);
    char *text = before ? text_with(before, before, path, head, back) : NULL;
    bool kept = before && (!text || write_file(file, text));
    int reason = errno;
    talloc_free(before);
    errno = reason;
    return kept;
}

static bool cant_keep(const char *file, struct err *err) {
    return err_errno(err, errno, "what you saw of stores can't be kept", file,
                     "make that folder yours, and its disk writable");
}

bool pins_keep(const char *file, const char *path, const struct log_head *head, bool back,
               struct err *err) {
    char *folder = xtalloc_strndup(NULL, file, (size_t)(strrchr(file, '/') - file));
    log_place_make_folders(file);
    int fd = lock_folder(folder);
    bool kept = fd >= 0 && (strchr(path, '\n') || keep_locked(file, path, head, back));
    if (!kept)
        cant_keep(file, err);
    if (fd >= 0)
        close(fd);
    talloc_free(folder);
    return kept;
}

bool pins_check(const char *file, struct err *err) {
    char *folder = xtalloc_strndup(NULL, file, (size_t)(strrchr(file, '/') - file));
    char *text = read_file(folder, file);
    bool well = text && (access(folder, W_OK | X_OK) == 0 || errno == ENOENT);
    if (!well)
        cant_keep(file, err);
    talloc_free(folder);
    return well;
}
