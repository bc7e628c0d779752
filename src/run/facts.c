#include "config.h"

#include "run/facts.h"

#include "base/array.h"
#include "base/host.h"
#include "base/xtalloc.h"
#include "yaml/node.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What a gatherer works on. */
struct gathering {
    const void *parent;
    const struct command *command;
    const char *run_folder;
    struct facts *facts;
    struct err *err;
};

/* ---- files that people write ----------------------------------------------------------------- */

/* One on its way in. */
struct reading {
    const struct gathering *gathering;
    const char *what; /* "the plan" */
    const char *path;
    const char **text;
    size_t *length;
};

static bool refuse_file(const struct reading *reading, int error) {
    struct err *err = reading->gathering->err;
    return err_errno(err, error, err_fmt(err, "can't read %s", reading->what), reading->path, NULL);
}

static bool is_readable(const struct reading *reading, int fd) {
    struct err *err = reading->gathering->err;
    struct stat status;
    if (fstat(fd, &status) < 0)
        return refuse_file(reading, errno);
    if (!S_ISREG(status.st_mode))
        return err_set(err, ERR_USAGE, err_fmt(err, "%s is not a file", reading->what),
                       reading->path, "name its YAML file");
    if ((size_t)status.st_size > YAML_MAX_BYTES)
        return err_set(err, ERR_USAGE, err_fmt(err, "%s is longer than 1 MiB", reading->what),
                       reading->path, "move scripts and data into files beside it");
    return true;
}

/* One byte more is asked for than allowed, should the file have grown since. */
static bool read_text(const struct reading *reading, int fd) {
    const void *parent = reading->gathering->parent;
    char *text = xtalloc_array(parent, char, YAML_MAX_BYTES + 1);
    ssize_t got = 0;
    size_t length = 0;
    while (length <= YAML_MAX_BYTES &&
           (got = read(fd, text + length, YAML_MAX_BYTES + 1 - length)) > 0)
        length += (size_t)got;
    if (got < 0 || length > YAML_MAX_BYTES)
        return refuse_file(reading, got < 0 ? errno : EFBIG);
    *reading->text = xtalloc_realloc(parent, text, char, length + 1);
    *reading->length = length;
    return true;
}

static bool read_file(const struct reading *reading) {
    int fd = open(reading->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return refuse_file(reading, errno);
    bool ok = is_readable(reading, fd) && read_text(reading, fd);
    close(fd);
    return ok;
}

/* ---- FACT_PLAN, FACT_ROSTER ------------------------------------------------------------------ */

/* What relative paths in the plan are resolved against; symlinks are followed once, now. */
static bool find_folder(const struct gathering *gathering) {
    char *real = realpath(gathering->command->plan, NULL);
    if (real == NULL)
        return err_errno(gathering->err, errno, "can't find the plan's folder",
                         gathering->command->plan, NULL);
    char *slash = strrchr(real, '/');
    size_t length = slash == real ? 1 : (size_t)(slash - real);
    gathering->facts->plan_folder = xtalloc_strndup(gathering->parent, real, length);
    free(real);
    return true;
}

static bool gather_plan(const struct gathering *gathering) {
    struct facts *facts = gathering->facts;
    const struct reading reading = {gathering, "the plan", gathering->command->plan,
                                    &facts->plan_text, &facts->plan_length};
    return !reading.path || (read_file(&reading) && find_folder(gathering));
}

static bool gather_roster(const struct gathering *gathering) {
    struct facts *facts = gathering->facts;
    const struct reading reading = {gathering, "the roster", gathering->command->roster,
                                    &facts->roster_text, &facts->roster_length};
    return !reading.path || read_file(&reading);
}

/* ---- FACT_HOST, FACT_RUNNER, FACT_PERSON ----------------------------------------------------- */

static bool gather_host(const struct gathering *gathering) {
    gathering->facts->host = host_name(gathering->parent);
    gathering->facts->boot = host_boot(gathering->parent);
    return true;
}

static bool gather_runner(const struct gathering *gathering) {
    struct statvfs space;
    if (gathering->run_folder != NULL && statvfs(gathering->run_folder, &space) == 0)
        gathering->facts->free_bytes = (int64_t)(space.f_bavail * space.f_frsize);
    return true;
}

static bool gather_person(const struct gathering *gathering) {
    const char *person = gathering->command->person;
    gathering->facts->person_exists = person != NULL && getpwnam(person) != NULL;
    return true;
}

static const struct {
    enum fact fact;
    bool (*gather)(const struct gathering *gathering);
} gatherers[] = {
    {FACT_PLAN, gather_plan},     {FACT_HOST, gather_host},     {FACT_RUNNER, gather_runner},
    {FACT_PERSON, gather_person}, {FACT_ROSTER, gather_roster},
};

bool facts_gather(const void *parent, const struct command *command, const char *run_folder,
                  struct facts *facts, struct err *err) {
    *facts = (struct facts){.free_bytes = -1};
    const struct gathering gathering = {
        .parent = parent, .command = command, .run_folder = run_folder, .facts = facts, .err = err};
    for (size_t i = 0; i < ARRAY_SIZE(gatherers); i++)
        if ((command->type->facts & (unsigned)gatherers[i].fact) != 0 &&
            !gatherers[i].gather(&gathering))
            return false;
    return true;
}
