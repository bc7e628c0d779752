#include "config.h"

#include "run/output.h"

#include "base/number.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "run/claim.h"
#include "run/kept.h"
#include "run/tries.h"

#include <string.h>

/* The lines of one file. */
struct chunk {
    struct kept_file file;
    struct run_line *lines;
    size_t count, room;
    size_t text_bytes;
    int64_t bytes_before, dropped_before; /* as its position line says */
    struct run_line gap;                  /* text NULL: none before it */
};

/* All files of one name. */
struct trail {
    const char *name;
    char stream; /* what its lines are shown as; 0: as the file says */
    struct chunk **chunks;
    size_t count;
};

enum { OUTPUT, VERIFY, TRAILS };

struct run_output {
    const char *run_folder, *run;
    struct folder *folder; /* NULL until it is there */
    struct trail trails[TRAILS];
    struct tries tries;
    struct ending *ending; /* NULL while it runs */
};

struct run_output *run_output_open(const void *parent, const char *run_folder, const char *run) {
    struct run_output *output = xtalloc_zero(parent, struct run_output);
    output->run_folder = xtalloc_strdup(output, run_folder);
    output->run = xtalloc_strdup(output, run);
    output->trails[OUTPUT] = (struct trail){.name = CAPTURE_OUTPUT};
    output->trails[VERIFY] = (struct trail){.name = CAPTURE_VERIFY, .stream = 'v'};
    return output;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* What a line is read into. */
struct reading {
    struct trail *trail;
    struct chunk *chunk;
};

/* "262144 0" */
static void take_position(struct chunk *chunk, const char *text) {
    const char *space = strchr(text, ' ');
    if (space == NULL || !number_parse(space + 1, 0, INT64_MAX, &chunk->dropped_before))
        return;
    char *bytes = xtalloc_strndup(chunk, text, (size_t)(space - text));
    if (!number_parse(bytes, 0, INT64_MAX, &chunk->bytes_before))
        chunk->bytes_before = 0;
    talloc_free(bytes);
}

static void take_line(void *data, const struct kept_line *kept) {
    struct reading *reading = data;
    struct chunk *chunk = reading->chunk;
    if (kept->letter == CAPTURE_POSITION) {
        take_position(chunk, kept->text);
        return;
    }
    if (chunk->count == chunk->room) {
        chunk->room = chunk->room == 0 ? 64 : 2 * chunk->room;
        chunk->lines = xtalloc_realloc(chunk, chunk->lines, struct run_line, chunk->room);
    }
    bool goes_on = kept->letter == 'O' || kept->letter == 'E';
    char stream = goes_on ? (char)(kept->letter - 'A' + 'a') : kept->letter;
    if (reading->trail->stream != 0 && stream != CAPTURE_REMARK)
        stream = reading->trail->stream;
    chunk->lines[chunk->count++] = (struct run_line){
        .at_ms = kept->at_ms,
        .stream = stream,
        .goes_on = goes_on,
        .text = text_clean(chunk, kept->text, kept->length),
    };
    chunk->text_bytes += kept->length + 1;
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool contains(const int64_t *numbers, size_t count, int64_t number) {
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

/* What capture dropped goes from the screen too: memory stays within its bounds. */
static bool drop_gone(struct trail *trail, const int64_t *numbers, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < trail->count; i++) {
        struct chunk *chunk = trail->chunks[i];
        if (contains(numbers, count, chunk->file.number))
            trail->chunks[kept++] = chunk;
        else
            talloc_free(chunk);
    }
    bool dropped = kept < trail->count;
    trail->count = kept;
    return dropped;
}

static void add_new(struct run_output *output, struct trail *trail, const int64_t *numbers,
                    size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (trail->count > 0 && trail->chunks[trail->count - 1]->file.number >= numbers[i])
            continue;
        struct chunk *chunk = xtalloc_zero(output, struct chunk);
        chunk->file.number = numbers[i];
        trail->chunks = xtalloc_realloc(output, trail->chunks, struct chunk *, trail->count + 1);
        trail->chunks[trail->count++] = chunk;
    }
}

static void say_gap(struct chunk *chunk) {
    if (chunk->gap.text != NULL || chunk->count == 0)
        return;
    chunk->gap = (struct run_line){
        .at_ms = chunk->lines[0].at_ms,
        .stream = CAPTURE_REMARK,
        .text = xtalloc_asprintf(chunk, "… %lld KiB of the middle were dropped …",
                                 (long long)(chunk->dropped_before + 1023) / 1024),
    };
}

static void say_gaps(struct trail *trail) {
    for (size_t i = 1; i < trail->count; i++)
        if (trail->chunks[i]->file.number > trail->chunks[i - 1]->file.number + 1)
            say_gap(trail->chunks[i]);
}

static bool poll_trail(struct run_output *output, struct trail *trail) {
    size_t count;
    int64_t *numbers = kept_list(output, output->folder, trail->name, &count);
    bool changed = drop_gone(trail, numbers, count);
    add_new(output, trail, numbers, count);
    talloc_free(numbers);
    for (size_t i = 0; i < trail->count; i++) {
        struct reading reading = {.trail = trail, .chunk = trail->chunks[i]};
        changed =
            kept_read(output->folder, trail->name, &reading.chunk->file, take_line, &reading) ||
            changed;
    }
    say_gaps(trail);
    return changed;
}

static bool find_folder(struct run_output *output) {
    struct err *ignored = err_new(NULL);
    if (output->folder == NULL)
        folder_open(output, output->run_folder, output->run, false, &output->folder, ignored);
    talloc_free(ignored);
    return output->folder != NULL;
}

/* True when it ended just now. */
static bool poll_ending(struct run_output *output) {
    if (output->ending != NULL)
        return false;
    struct err *ignored = err_new(NULL);
    output->ending = ending_read(output, output->folder, ENDING_OF_WORK, ignored);
    talloc_free(ignored);
    return output->ending != NULL;
}

bool run_output_poll(struct run_output *output) {
    if (!find_folder(output))
        return false;
    bool changed = false;
    for (size_t i = 0; i < TRAILS; i++)
        changed = poll_trail(output, &output->trails[i]) || changed;
    changed = tries_read(output->folder, &output->tries) || changed;
    return poll_ending(output) || changed;
}

/* ---- what is asked --------------------------------------------------------------------------- */

size_t run_output_count(const struct run_output *output) {
    size_t count = 0;
    for (size_t i = 0; i < TRAILS; i++)
        for (size_t n = 0; n < output->trails[i].count; n++) {
            const struct chunk *chunk = output->trails[i].chunks[n];
            count += chunk->count + (chunk->gap.text != NULL);
        }
    return count;
}

static bool find_line(const struct trail *trail, size_t *index, struct run_line *line) {
    for (size_t n = 0; n < trail->count; n++) {
        const struct chunk *chunk = trail->chunks[n];
        size_t gap = chunk->gap.text != NULL;
        if (*index < gap + chunk->count) {
            *line = *index < gap ? chunk->gap : chunk->lines[*index - gap];
            return true;
        }
        *index -= gap + chunk->count;
    }
    return false;
}

struct run_line run_output_line(const struct run_output *output, size_t index) {
    struct run_line line = {.stream = CAPTURE_REMARK, .text = ""};
    for (size_t i = 0; i < TRAILS; i++)
        if (find_line(&output->trails[i], &index, &line))
            break;
    return line;
}

static const struct chunk *last_chunk(const struct run_output *output) {
    const struct trail *trail = &output->trails[OUTPUT];
    return trail->count > 0 ? trail->chunks[trail->count - 1] : NULL;
}

int64_t run_output_bytes(const struct run_output *output) {
    const struct chunk *last = last_chunk(output);
    if (output->ending != NULL)
        return output->ending->output_bytes;
    return last == NULL ? 0 : last->bytes_before + (int64_t)last->text_bytes;
}

int64_t run_output_dropped(const struct run_output *output) {
    const struct chunk *last = last_chunk(output);
    if (output->ending != NULL)
        return output->ending->dropped_bytes;
    return last == NULL ? 0 : last->dropped_before;
}

int64_t run_output_tries(const struct run_output *output, int64_t *last_ms) {
    if (last_ms != NULL)
        *last_ms = output->tries.last_ms;
    return output->tries.count;
}
