#include "config.h"

#include "incident/invocation.h"

#include "base/xtalloc.h"
#include "plan/substitute.h"

#include <string.h>

#define SECRET_PREFIX "${secrets."

struct making {
    struct invocation *invocation;
    const struct incident *incident;
    struct names names;
    struct err *err;
};

static bool fill(struct making *making, const char *text, const char **filled) {
    *filled = substitute(making->invocation, text, names_lookup, &making->names, making->err);
    return *filled != NULL;
}

static bool fill_argv(struct making *making, const char *const *argv) {
    size_t count = 0;
    while (argv && argv[count])
        count++;
    const char **words = xtalloc_zero_array(making->invocation, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!fill(making, argv[i], &words[i]))
            return false;
    making->invocation->argv = count ? words : NULL;
    return true;
}

/* A secret stays a name until it is used: "${secrets.NAME}" and nothing around it. */
static const char *secret_name(const void *parent, const char *value) {
    const char *name = value + strlen(SECRET_PREFIX);
    if (strncmp(value, SECRET_PREFIX, strlen(SECRET_PREFIX)) != 0)
        return NULL;
    size_t length = strcspn(name, "}");
    return strcmp(name + length, "}") == 0 ? xtalloc_strndup(parent, name, length) : NULL;
}

static bool fill_env(struct making *making, const struct pair *env) {
    struct invocation *invocation = making->invocation;
    size_t count = 0, plain = 0, secret = 0;
    while (env && env[count].key)
        count++;
    struct pair *values = xtalloc_zero_array(invocation, struct pair, count + 1);
    struct pair *secrets = xtalloc_zero_array(invocation, struct pair, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *name = secret_name(invocation, env[i].value);
        if (name)
            secrets[secret++] = (struct pair){env[i].key, name};
        else if (fill(making, env[i].value, &values[plain].value))
            values[plain++].key = env[i].key;
        else
            return false;
    }
    invocation->env = values;
    invocation->secret_env = secrets;
    return true;
}

/* Relative folders and programs with a slash are meant from the plan's folder. */
static const char *absolute(struct making *making, const char *path) {
    if (path[0] == '/')
        return path;
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    return xtalloc_asprintf(making->invocation, "%s/%s", making->incident->plan_folder, path);
}

static bool fill_places(struct making *making, const char *cwd) {
    struct invocation *invocation = making->invocation;
    const char *folder = ".";
    if (cwd && !fill(making, cwd, &folder))
        return false;
    invocation->cwd = cwd ? absolute(making, folder) : making->incident->plan_folder;
    const char **argv = (const char **)(uintptr_t)invocation->argv;
    if (argv && strchr(argv[0], '/'))
        argv[0] = absolute(making, argv[0]);
    return true;
}

static void digest_text(struct digest_state *state, const char *text) {
    digest_add_part(state, 't', text ? text : "", text ? strlen(text) : 0);
}

static void digest_pairs(struct digest_state *state, uint8_t type, const struct pair *pairs) {
    for (; pairs->key; pairs++) {
        digest_add_part(state, type, pairs->key, strlen(pairs->key));
        digest_text(state, pairs->value);
    }
}

static void digest_all(struct invocation *invocation) {
    struct digest_state *state = digest_begin(invocation);
    for (size_t i = 0; invocation->argv && invocation->argv[i]; i++)
        digest_text(state, invocation->argv[i]);
    digest_add_part(state, 'd', invocation->cwd, strlen(invocation->cwd));
    digest_pairs(state, 'e', invocation->env);
    digest_pairs(state, 's', invocation->secret_env);
    struct digest digest = digest_end(state);
    digest_hex(&digest, invocation->digest);
}

bool invocation_make(const void *parent, const struct incident *incident, const struct step *step,
                     enum run_purpose purpose, struct invocation **invocation, struct err *err) {
    const struct plan_step *spec = step->spec;
    struct making making = {
        .invocation = xtalloc_zero(parent, struct invocation), .incident = incident, .err = err};
    making.names = (struct names){making.invocation, incident};
    const struct plan_command *command = purpose == RUN_CHECK ? &spec->verify.run : &spec->run;
    if (fill_argv(&making, command->argv) && fill_env(&making, spec->env) &&
        fill_places(&making, spec->cwd)) {
        digest_all(making.invocation);
        *invocation = making.invocation;
        return true;
    }
    talloc_free(making.invocation);
    return false;
}

/* JSON's quoting is every engineer's: it shows spaces, quotes and control bytes for what they are.
 */
char *argv_quoted(const void *parent, const char *const *argv) {
    char *text = xtalloc_strdup(parent, "[");
    for (size_t i = 0; argv && argv[i]; i++) {
        struct json_writer *writer = json_writer_new(NULL);
        json_string(writer, NULL, argv[i]);
        text = xtalloc_asprintf_append(text, "%s%s", i ? ", " : "", json_text(writer));
        talloc_free(writer);
    }
    return xtalloc_strdup_append(text, "]");
}

char *plan_words(const void *parent, const struct incident *incident, const char *text) {
    void *scratch = talloc_new(NULL);
    struct names names = {scratch, incident};
    char *words = substitute(parent, text, names_lookup, &names, err_new(scratch));
    talloc_free(scratch);
    return words ? words : xtalloc_strdup(parent, text);
}

/* A program of the plan's own folder is named from there, as the plan does: shorter, and as true.
 */
static const char *const *seen_from_plan(const void *scratch, const struct incident *incident,
                                         const char *const *argv) {
    size_t folder = strlen(incident->plan_folder), count = 0;
    if (!argv || strncmp(argv[0], incident->plan_folder, folder) != 0 || argv[0][folder] != '/')
        return argv;
    while (argv[count])
        count++;
    const char **words = xtalloc_memdup(scratch, argv, (count + 1) * sizeof(*argv));
    words[0] = xtalloc_asprintf(scratch, ".%s", argv[0] + folder);
    return words;
}

char *step_command_words(const void *parent, const struct incident *incident,
                         const struct step *step, enum run_purpose purpose) {
    const struct plan_step *spec = step->spec;
    const struct plan_command *written = purpose == RUN_CHECK ? &spec->verify.run : &spec->run;
    void *scratch = talloc_new(NULL);
    struct invocation *invocation;
    bool made = invocation_make(scratch, incident, step, purpose, &invocation, err_new(scratch));
    const char *const *argv =
        made ? seen_from_plan(scratch, incident, invocation->argv) : written->argv;
    char *words = argv_quoted(parent, argv);
    talloc_free(scratch);
    return words;
}
