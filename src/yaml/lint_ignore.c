#include "config.h"

#include "yaml/lint_rules.h"

#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>

/* # backout:ignore RULE until=DATE reason
 * Found by looking at lines, for the tree has no comments. */

#define MARK  "# backout:ignore "
#define UNTIL "until="

static char *copy_line(const void *parent, const char *bytes, size_t length, size_t line) {
    const char *at = bytes;
    const char *end = bytes + length;
    for (; line > 1 && at != NULL; line--) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL)
        return NULL;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return xtalloc_strndup(parent, at, (size_t)((stop == NULL ? end : stop) - at));
}

/* The next word of `*rest`, owned by `parent`; "" at the end. */
static const char *next_word(const void *parent, const char **rest) {
    *rest += strspn(*rest, " \t\r");
    size_t length = strcspn(*rest, " \t\r");
    const char *word = xtalloc_strndup(parent, *rest, length);
    *rest += length;
    return word;
}

/* The first instant that `until=DATE` doesn't cover: the day itself still counts, in UTC. */
static bool read_until(void *scratch, const char *word, int64_t *end_ms) {
    if (strncmp(word, UNTIL, strlen(UNTIL)) != 0)
        return false;
    const char *midnight = xtalloc_asprintf(scratch, "%sT00:00:00Z", word + strlen(UNTIL));
    if (!time_parse(midnight, 0, end_ms, err_new(scratch)))
        return false;
    *end_ms += DAY_MS;
    return true;
}

/* Judges what stands behind MARK and the rule's name. */
static const char *refusal(const void *parent, void *scratch, const char *rest, int64_t now_ms) {
    const char *until = next_word(scratch, &rest);
    int64_t end_ms;
    if (!read_until(scratch, until, &end_ms))
        return "the comment that ignores it has no until=YYYY-MM-DD";
    if (*next_word(scratch, &rest) == '\0')
        return "the comment that ignores it gives no reason";
    if (now_ms >= end_ms)
        return xtalloc_asprintf(parent, "it was ignored %s", until);
    return NULL;
}

bool lint_ignored(const void *parent, const char *bytes, size_t length,
                  const struct finding *finding, int64_t now_ms, const char **note) {
    void *scratch = xtalloc_size(parent, 0);
    const char *line = copy_line(scratch, bytes, length, finding->line);
    bool ignored = false;
    while (line != NULL && (line = strstr(line, MARK)) != NULL) {
        line += strlen(MARK);
        if (strcmp(next_word(scratch, &line), finding->rule) != 0)
            continue;
        *note = refusal(parent, scratch, line, now_ms);
        ignored = *note == NULL;
        break;
    }
    talloc_free(scratch);
    return ignored;
}
