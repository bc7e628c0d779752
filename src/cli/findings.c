#include "config.h"

#include "cli/findings.h"

#include "base/xtalloc.h"
#include "cli/families.h"
#include "cli/out.h"

#include <stddef.h>

#define STRICT                                                                                     \
    { "--strict", NULL, offsetof(struct lint_words, strict), "exit status 1 for warnings" }

const struct cli_option lint_options[] = {STRICT, {0}};
const struct cli_option plan_lint_options[] = {
    STRICT,
    {"--roster", "FILE", offsetof(struct lint_words, roster),
     "the roles that people are named for outside of the plan"},
    {0},
};

static void write_finding(struct json_writer *writer, const struct finding *finding) {
    json_open_object(writer, NULL);
    json_string(writer, "rule", finding->rule);
    json_string(writer, "severity", finding->severity == FINDING_ERROR ? "error" : "warning");
    json_number(writer, "line", (int64_t)finding->line);
    json_number(writer, "column", (int64_t)finding->column);
    json_string(writer, "message", finding->message);
    json_string(writer, "fix", finding->fix);
    json_close_object(writer);
}

static void write_lint(struct json_writer *writer, const char *path, const struct lint *lint) {
    json_open_object(writer, NULL);
    json_string(writer, "file", path);
    json_number(writer, "errors", (int64_t)lint->errors);
    json_number(writer, "warnings", (int64_t)lint->warnings);
    json_flag(writer, "loadable", lint->loadable);
    json_open_array(writer, "findings");
    for (size_t i = 0; i < lint->count; i++)
        write_finding(writer, &lint->findings[i]);
    json_close_array(writer);
    json_close_object(writer);
}

static void print_lint(const char *path, const struct lint *lint) {
    for (size_t i = 0; i < lint->count; i++) {
        char *line = finding_line(NULL, path, &lint->findings[i]);
        out_line("%s", line);
        talloc_free(line);
    }
    if (lint->count == 0)
        out_line("%s: clean", path);
}

/* What the exit status of all files is: errors before warnings, and those only count when strict.
 */
static int worse(int status, const struct lint *lint, bool strict) {
    int own = lint->errors ? ERR_USAGE : lint->warnings && strict ? ERR_REFUSED : ERR_NONE;
    return own > status ? own : status;
}

bool findings_run(struct call *call, lint_file_fn *lint_file) {
    struct lint_words words = {0};
    if (!call_read(call, &words))
        return false;
    struct json_writer *writer = json_writer_new(call);
    json_open_array(writer, NULL);
    for (char **path = call->words; *path; path++) {
        struct lint *lint = lint_file(call, *path, &words);
        if (!lint)
            return false;
        if (call->options->json)
            write_lint(writer, *path, lint);
        else
            print_lint(*path, lint);
        call->status = worse(call->status, lint, words.strict);
    }
    json_close_array(writer);
    if (call->options->json)
        out_json(json_text(writer));
    return true;
}
