#include "config.h"

#include "run/match.h"

#include "base/limits.h"
#include "base/xtalloc.h"
#include "run/kept.h"

#include <regex.h>
#include <string.h>

/* One regex on its way through the lines. */
struct seeker {
    regex_t regex;
    bool usable;
    char *found; /* NULL until it is */
};

static int free_regex(struct seeker *seeker) {
    if (seeker->usable)
        regfree(&seeker->regex);
    return 0;
}

static struct seeker *seeker_new(const void *parent, const char *pattern) {
    struct seeker *seeker = xtalloc_zero(parent, struct seeker);
    seeker->usable = regcomp(&seeker->regex, pattern, REG_EXTENDED) == 0;
    talloc_set_destructor(seeker, free_regex);
    return seeker;
}

static void seek(struct seeker *seeker, const char *text) {
    regmatch_t groups[2];
    if (!seeker->usable || seeker->found != NULL ||
        regexec(&seeker->regex, text, 2, groups, 0) != 0)
        return;
    const regmatch_t *group =
        seeker->regex.re_nsub > 0 && groups[1].rm_so >= 0 ? &groups[1] : &groups[0];
    size_t length = (size_t)(group->rm_eo - group->rm_so);
    seeker->found = xtalloc_strndup(seeker, text + group->rm_so,
                                    length < OUTPUT_MAX_BYTES ? length : OUTPUT_MAX_BYTES);
}

static void seek_line(void *data, const struct kept_line *line) {
    struct seeker **seekers = data;
    if (line->letter == CAPTURE_POSITION || line->letter == CAPTURE_REMARK)
        return;
    for (; *seekers != NULL; seekers++)
        seek(*seekers, line->text);
}

static void seek_all(const struct folder *folder, struct seeker **seekers) {
    size_t count;
    int64_t *numbers = kept_list(seekers, folder, CAPTURE_OUTPUT, &count);
    for (size_t i = 0; i < count; i++) {
        struct kept_file file = {.number = numbers[i]};
        kept_read(folder, CAPTURE_OUTPUT, &file, seek_line, seekers);
    }
    talloc_free(numbers);
}

const struct pair *match_outputs(const void *parent, const struct folder *folder,
                                 const struct pair *wanted) {
    size_t count = 0, found = 0;
    while (wanted != NULL && wanted[count].key != NULL)
        count++;
    if (count == 0)
        return NULL;
    struct seeker **seekers = xtalloc_zero_array(parent, struct seeker *, count + 1);
    for (size_t i = 0; i < count; i++)
        seekers[i] = seeker_new(seekers, wanted[i].value);
    seek_all(folder, seekers);
    struct pair *outputs = xtalloc_zero_array(parent, struct pair, count + 1);
    for (size_t i = 0; i < count; i++)
        if (seekers[i]->found != NULL)
            outputs[found++] =
                (struct pair){wanted[i].key, talloc_steal(outputs, seekers[i]->found)};
    talloc_free(seekers);
    return found > 0 ? outputs : NULL;
}

bool match_any(const struct folder *folder, const char *pattern) {
    struct seeker **seekers = xtalloc_zero_array(folder, struct seeker *, 2);
    seekers[0] = seeker_new(seekers, pattern);
    seek_all(folder, seekers);
    bool found = seekers[0]->found != NULL;
    talloc_free(seekers);
    return found;
}
