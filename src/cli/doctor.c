#include "config.h"

#include "cli/families.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "cli/table.h"
#include "doctor/doctor.h"

#include <stddef.h>
#include <string.h>

struct doctor_words {
    bool limits;
};

const struct cli_option doctor_options[] = {
    {"--limits", NULL, offsetof(struct doctor_words, limits), "how much is taken from outside"},
    {0},
};

/* ---- limits ---- */

/* In the largest unit that loses nothing. */
static const char *limit_words(const void *parent, const struct limit *limit) {
    static const char *const units[] = {"bytes", "KiB", "MiB"};
    int64_t value = limit->value;
    size_t unit = 0;
    if (strcmp(limit->unit, units[0]) != 0)
        return xtalloc_asprintf(parent, "%lld %s", (long long)value, limit->unit);
    for (; unit < 2 && value % 1024 == 0; unit++)
        value /= 1024;
    return xtalloc_asprintf(parent, "%lld %s", (long long)value, units[unit]);
}

static void print_limits(const struct call *call) {
    struct table *table = table_new(call, 3, 0);
    for (const struct limit *limit = limit_table; limit->name; limit++) {
        table_cell(table, limit->name);
        table_cell(table, limit_words(table, limit));
        table_cell(table, limit->of);
    }
    table_print(table);
}

static void write_limits(const struct call *call) {
    struct json_writer *writer = json_writer_new(call);
    json_open_array(writer, NULL);
    for (const struct limit *limit = limit_table; limit->name; limit++) {
        json_open_object(writer, NULL);
        json_string(writer, "name", limit->name);
        json_number(writer, "value", limit->value);
        json_string(writer, "unit", limit->unit);
        json_string(writer, "of", limit->of);
        json_close_object(writer);
    }
    json_close_array(writer);
    out_json(json_text(writer));
}

/* ---- findings ---- */

static enum severity worst_of(const struct finding *findings, size_t count) {
    enum severity worst = DOCTOR_OK;
    for (size_t i = 0; i < count; i++)
        if (findings[i].severity > worst)
            worst = findings[i].severity;
    return worst;
}

/* The command stands on a line of its own, to be copied. */
static void print_finding(const struct finding *finding) {
    out_line("%-7s  %-10s  %s%s%s", severity_name(finding->severity), finding->check, finding->what,
             finding->on ? ": " : "", finding->on ? finding->on : "");
    if (finding->remedy)
        out_line("%-7s  %-10s  do: %s", "", "", finding->remedy);
}

static void write_findings(const struct call *call, const struct finding *findings, size_t count) {
    struct json_writer *writer = json_writer_new(call);
    json_open_object(writer, NULL);
    json_string(writer, "worst", severity_name(worst_of(findings, count)));
    json_open_array(writer, "findings");
    for (size_t i = 0; i < count; i++) {
        json_open_object(writer, NULL);
        json_string(writer, "check", findings[i].check);
        json_string(writer, "severity", severity_name(findings[i].severity));
        json_string(writer, "what", findings[i].what);
        json_string(writer, "on", findings[i].on);
        json_string(writer, "do", findings[i].remedy);
        json_close_object(writer);
    }
    json_close_array(writer);
    json_close_object(writer);
    out_json(json_text(writer));
}

/* Last, where eyes end that didn't read all of it. */
static void print_sum(const struct finding *findings, size_t count) {
    size_t sums[DOCTOR_DAMAGED + 1] = {0};
    for (size_t i = 0; i < count; i++)
        sums[findings[i].severity]++;
    char *words = xtalloc_strdup(NULL, "");
    for (int severity = DOCTOR_DAMAGED; severity >= DOCTOR_OK; severity--)
        if (sums[severity])
            words = xtalloc_asprintf_append(words, "%s%zu %s", *words ? ", " : "", sums[severity],
                                            severity_name((enum severity)severity));
    out_line("%s", words);
    talloc_free(words);
}

static int status_of(enum severity worst) {
    static const enum err_code codes[] = {
        [DOCTOR_OK] = ERR_NONE,     [DOCTOR_NOTE] = ERR_NONE,       [DOCTOR_WARN] = ERR_NONE,
        [DOCTOR_BAD] = ERR_REFUSED, [DOCTOR_DAMAGED] = ERR_DAMAGED,
    };
    return (int)codes[worst];
}

static void examine(struct call *call) {
    const struct doctor_question question = {.store = call->options->store,
                                             .now_ms = call->now_ms,
                                             .boot_ms = call->boot_ms,
                                             .pins = store_pins(call),
                                             .screen_library = call->screen->curses};
    size_t count;
    const struct finding *findings = doctor_look(call, &question, &count);
    if (call->options->json)
        write_findings(call, findings, count);
    for (size_t i = 0; i < count && !call->options->json; i++)
        print_finding(&findings[i]);
    if (!call->options->json)
        print_sum(findings, count);
    call->status = status_of(worst_of(findings, count));
}

bool run_doctor(struct call *call) {
    struct doctor_words words = {0};
    if (!call_read(call, &words))
        return false;
    if (!words.limits)
        examine(call);
    else if (call->options->json)
        write_limits(call);
    else
        print_limits(call);
    return true;
}
