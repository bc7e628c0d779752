#include "config.h"

#include "data/demo/shop.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 256
#define PATH_BYTES 256

static bool copy_value(char value[VALUE_BYTES], const char *text, size_t length) {
    if (length >= VALUE_BYTES)
        return false;
    memcpy(value, text, length);
    value[length] = '\0';
    return true;
}

bool file_value(const char *path, const char *name, char value[VALUE_BYTES]) {
    char line[LINE_BYTES];
    size_t length = strlen(name);
    bool found = false;
    FILE *file = fopen(path, "re");
    while (file && !found && fgets(line, sizeof(line), file)) {
        const char *rest = line + length;
        if (strncmp(line, name, length) == 0 && *rest == ' ')
            found = copy_value(value, rest + 1, strcspn(rest + 1, "\n"));
    }
    if (file)
        fclose(file);
    return found;
}

int64_t file_number(const char *path, const char *name, int64_t otherwise) {
    char value[VALUE_BYTES];
    int64_t number;
    if (file_value(path, name, value) && number_read(value, INT32_MIN, INT32_MAX, &number))
        return number;
    return otherwise;
}

bool file_word(const char *path, char value[VALUE_BYTES]) {
    char line[LINE_BYTES];
    FILE *file = fopen(path, "re");
    bool found =
        file && fgets(line, sizeof(line), file) && copy_value(value, line, strcspn(line, " \n"));
    if (file)
        fclose(file);
    return found;
}

static bool write_whole(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    bool written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

bool file_replace(const char *path, const char *text) {
    char part[PATH_BYTES];
    int length = snprintf(part, sizeof(part), "%s.part", path);
    return length > 0 && (size_t)length < sizeof(part) && write_whole(part, text) &&
           rename(part, path) == 0;
}

bool number_read(const char *text, int64_t low, int64_t high, int64_t *value) {
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || number < low || number > high)
        return false;
    *value = number;
    return true;
}

int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Nobody writes to the pipe, so whatever makes it readable is its end. */
bool held_until(int64_t until_ms) {
    struct pollfd pipe = {.fd = STDIN_FILENO, .events = POLLIN};
    int64_t left_ms;
    while ((left_ms = until_ms - clock_ms()) > 0) {
        int ready = poll(&pipe, 1, (int)left_ms);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return false;
    }
    return poll(&pipe, 1, 0) == 0;
}
