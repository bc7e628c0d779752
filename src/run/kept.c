#include "config.h"

#include "run/kept.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than capture ever writes to one file: its bound, and again as much for times. */
#define FILE_BYTES ((int64_t)(2 * CAPTURE_HEAD + CAPTURE_LONGEST))
#define FILES_MAX  64

/* "1731420000000 o text" */
static bool parse_line(const void *parent, char *line, size_t length, struct kept_line *kept) {
    char *space = memchr(line, ' ', length);
    if (space == NULL || (size_t)(space - line) + 3 > length || space[2] != ' ')
        return false;
    char *time = xtalloc_strndup(parent, line, (size_t)(space - line));
    bool ok = number_parse(time, 0, INT64_MAX, &kept->at_ms);
    talloc_free(time);
    kept->letter = space[1];
    kept->text = space + 3;
    kept->length = length - (size_t)(space + 3 - line);
    return ok;
}

/* Gives out the whole lines; returns the bytes they took. */
static size_t give_lines(const void *parent, char *bytes, size_t length, kept_fn *fn, void *data) {
    size_t at = 0;
    char *newline;
    while (at < length && (newline = memchr(bytes + at, '\n', length - at)) != NULL) {
        size_t end = (size_t)(newline - bytes);
        struct kept_line line;
        bytes[end] = '\0';
        if (parse_line(parent, bytes + at, end - at, &line))
            fn(data, &line);
        at = end + 1;
    }
    return at;
}

bool kept_read(const struct folder *folder, const char *name, struct kept_file *file, kept_fn *fn,
               void *data) {
    char *path = capture_file(NULL, name, file->number);
    int fd = folder_file(folder, path, O_RDONLY);
    char *bytes = xtalloc_array(path, char, CAPTURE_LONGEST);
    int64_t start = file->offset;
    ssize_t got;
    while (fd >= 0 && file->offset < FILE_BYTES &&
           (got = pread(fd, bytes, CAPTURE_LONGEST, file->offset)) > 0) {
        size_t taken = give_lines(path, bytes, (size_t)got, fn, data);
        file->offset += (int64_t)taken;
        if (taken == 0)
            break; /* the rest of the line is still to come */
    }
    if (fd >= 0)
        close(fd);
    talloc_free(path);
    return file->offset > start;
}

static int compare(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* NAME or NAME.000012; false for anything else. */
static bool file_number(const char *entry, const char *name, int64_t *number) {
    size_t length = strlen(name);
    *number = 0;
    if (strncmp(entry, name, length) != 0)
        return false;
    return entry[length] == '\0' ||
           (entry[length] == '.' && number_parse(entry + length + 1, 1, INT64_MAX, number));
}

int64_t *kept_list(const void *parent, const struct folder *folder, const char *name,
                   size_t *count) {
    int64_t *numbers = xtalloc_array(parent, int64_t, FILES_MAX);
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    *count = 0;
    while (listing != NULL && *count < FILES_MAX && (entry = readdir(listing)) != NULL)
        if (file_number(entry->d_name, name, &numbers[*count]))
            (*count)++;
    if (listing != NULL)
        closedir(listing);
    else if (fd >= 0)
        close(fd);
    qsort(numbers, *count, sizeof(*numbers), compare);
    return numbers;
}
