#include "config.h"

#include "run/capture.h"

#include "base/xtalloc.h"
#include "run/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES ((size_t)64 << 10)

/* One stream's way in. */
struct inlet {
    struct capture *capture;
    struct lines *lines;
    char letter;
};

struct capture {
    const struct folder *folder;
    const char *name;
    struct inlet inlets[SINK_STREAMS];

    int fd;               /* of the file that grows; -1 after trouble */
    int64_t number;       /* of that file */
    int64_t oldest;       /* of the segments that are kept; the beginning is always kept */
    size_t charge;        /* what its lines count */
    struct buffer staged; /* lines on their way to it */
    int64_t sources[CAPTURE_SEGMENTS]; /* bytes written for the lines of each kept segment */

    int64_t bytes, dropped_bytes, given_bytes; /* given: accounted to lines so far */
    int64_t now_ms;
    char *last;
    const char *trouble;
};

char *capture_file(const void *parent, const char *name, int64_t number) {
    if (number == 0)
        return xtalloc_strdup(parent, name);
    return xtalloc_asprintf(parent, "%s.%06lld", name, (long long)number);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* The command goes on whatever happens to its output: from here on all of it counts as dropped. */
static void give_up(struct capture *capture, int number) {
    if (capture->trouble == NULL)
        capture->trouble =
            xtalloc_asprintf(capture, "output could not be kept: %s", strerror(number));
    if (capture->fd >= 0)
        close(capture->fd);
    capture->fd = -1;
}

static int close_files(struct capture *capture) {
    if (capture->fd >= 0)
        close(capture->fd);
    return 0;
}

static void write_staged(struct capture *capture) {
    struct buffer *staged = &capture->staged;
    if (capture->fd >= 0 && staged->length > 0 &&
        !write_whole(capture->fd, staged->bytes, staged->length))
        give_up(capture, errno);
    staged->length = 0;
}

static bool open_file(struct capture *capture) {
    char *file = capture_file(capture, capture->name, capture->number);
    capture->fd = folder_file(capture->folder, file, O_WRONLY | O_CREAT | O_TRUNC);
    talloc_free(file);
    capture->charge = 0;
    return capture->fd >= 0;
}

static void stage(struct capture *capture, char letter, const char *text) {
    char prefix[32];
    int length = snprintf(prefix, sizeof(prefix), "%lld %c ", (long long)capture->now_ms, letter);
    buffer_add(&capture->staged, prefix, (size_t)length);
    buffer_add_z(&capture->staged, text);
    buffer_add(&capture->staged, "\n", 1);
}

/* The oldest segment goes before the next one comes: never more than seven are there. */
static void drop_oldest(struct capture *capture) {
    char *file = capture_file(capture, capture->name, capture->oldest);
    unlinkat(capture->folder->fd, file, 0);
    talloc_free(file);
    capture->dropped_bytes += capture->sources[capture->oldest % CAPTURE_SEGMENTS];
    capture->oldest++;
}

static void next_file(struct capture *capture) {
    write_staged(capture);
    if (capture->fd < 0)
        return;
    close(capture->fd);
    capture->number++;
    if (capture->number - capture->oldest == CAPTURE_SEGMENTS)
        drop_oldest(capture);
    capture->sources[capture->number % CAPTURE_SEGMENTS] = 0;
    if (!open_file(capture)) {
        give_up(capture, errno);
        return;
    }
    char *position = xtalloc_asprintf(capture, "%lld %lld", (long long)capture->given_bytes,
                                      (long long)capture->dropped_bytes);
    stage(capture, CAPTURE_POSITION, position);
    talloc_free(position);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void keep(struct capture *capture, char letter, const char *text, size_t length) {
    size_t limit = capture->number == 0 ? CAPTURE_HEAD : CAPTURE_SEGMENT;
    size_t charge = length + 1 > CAPTURE_LINE ? length + 1 : CAPTURE_LINE;
    if (capture->fd >= 0 && capture->charge + charge > limit)
        next_file(capture);
    if (capture->fd < 0)
        return;
    capture->charge += charge;
    stage(capture, letter, text);
}

static void remember(struct capture *capture, const char *text) {
    talloc_free(capture->last);
    capture->last = xtalloc_strdup(capture, text);
}

static void take_line(void *data, const struct line *line) {
    const struct inlet *inlet = data;
    struct capture *capture = inlet->capture;
    char letter = line->goes_on ? (char)(inlet->letter - 'a' + 'A') : inlet->letter;
    keep(capture, letter, line->text, line->length);
    if (line->length > 0)
        remember(capture, line->text);
    capture->given_bytes += (int64_t)line->source;
    if (capture->fd < 0)
        capture->dropped_bytes += (int64_t)line->source;
    else if (capture->number > 0)
        capture->sources[capture->number % CAPTURE_SEGMENTS] += (int64_t)line->source;
}

bool capture_open(const void *parent, const struct folder *folder, const char *name,
                  const struct redact *redact, struct capture **capture, struct err *err) {
    static const char letters[SINK_STREAMS] = {'o', 'e'};
    struct capture *fresh = xtalloc_zero(parent, struct capture);
    fresh->folder = folder;
    fresh->name = xtalloc_strdup(fresh, name);
    fresh->staged.parent = fresh;
    fresh->oldest = 1;
    fresh->last = xtalloc_strdup(fresh, "");
    for (size_t i = 0; i < SINK_STREAMS; i++) {
        struct inlet *inlet = &fresh->inlets[i];
        inlet->capture = fresh;
        inlet->letter = letters[i];
        inlet->lines = lines_new(fresh, redact, take_line, inlet);
    }
    if (!open_file(fresh)) {
        err_errno(err, errno, "can't keep the command's output", name, NULL);
        talloc_free(fresh);
        return false;
    }
    talloc_set_destructor(fresh, close_files);
    *capture = fresh;
    return true;
}

void capture_add(struct capture *capture, enum sink_stream stream, const char *bytes, size_t length,
                 int64_t now_ms) {
    capture->now_ms = now_ms;
    capture->bytes += (int64_t)length;
    lines_add(capture->inlets[stream].lines, bytes, length);
    write_staged(capture);
}

static void take(void *data, enum sink_stream stream, const char *bytes, size_t length,
                 int64_t now_ms) {
    capture_add(data, stream, bytes, length, now_ms);
}

struct sink capture_sink(struct capture *capture) {
    return (struct sink){take, capture};
}

void capture_remark(struct capture *capture, const char *text, int64_t now_ms) {
    capture->now_ms = now_ms;
    keep(capture, CAPTURE_REMARK, text, strlen(text));
    remember(capture, "");
    write_staged(capture);
}

void capture_flush(struct capture *capture, int64_t now_ms) {
    capture->now_ms = now_ms;
    for (size_t i = 0; i < SINK_STREAMS; i++)
        lines_end(capture->inlets[i].lines);
    write_staged(capture);
}

const char *capture_last(const struct capture *capture) {
    return capture->last;
}

/* ---- the sum --------------------------------------------------------------------------------- */

/* Only what is kept to the end is synced: a command that floods would else wait for the disk. */
static bool hash_file(const struct capture *capture, int64_t number, struct digest_sha *sha) {
    char *file = capture_file(capture, capture->name, number);
    int fd = folder_file(capture->folder, file, O_RDONLY);
    char *bytes = xtalloc_array(file, char, READ_BYTES);
    bool ok = fd >= 0 && fsync(fd) == 0;
    ssize_t got;
    while (fd >= 0 && (got = read(fd, bytes, READ_BYTES)) > 0)
        digest_sha_add(sha, bytes, (size_t)got);
    int reason = errno;
    if (fd >= 0)
        close(fd);
    talloc_free(file);
    errno = reason;
    return ok;
}

/* Of what stands on the disk, so that anybody can compare: cat out* | sha256sum. */
static struct digest hash_files(struct capture *capture) {
    struct digest_sha *sha = digest_sha_begin(capture);
    bool ok = hash_file(capture, 0, sha);
    for (int64_t number = capture->oldest; number <= capture->number; number++)
        ok = hash_file(capture, number, sha) && ok;
    if (!ok || fsync(capture->folder->fd) < 0)
        give_up(capture, errno);
    return digest_sha_end(sha);
}

struct capture_sum capture_close(struct capture *capture, int64_t now_ms) {
    capture_flush(capture, now_ms);
    struct digest sha256 = hash_files(capture);
    return (struct capture_sum){
        .bytes = capture->bytes,
        .dropped_bytes = capture->dropped_bytes,
        .sha256 = sha256,
        .trouble = capture->trouble,
    };
}
