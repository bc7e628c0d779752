/* The safe direction is one key, the dangerous one asks. */
#include "config.h"

#include "ui/asking.h"

#include "base/array.h"
#include "base/loop.h"
#include "base/xtalloc.h"
#include "incident/invocation.h"
#include "incident/levels.h"

#include <string.h>

static void take_yes(struct ui *ui, void *data, const char *answer) {
    struct asking *asking = talloc_steal(ui, data);
    (void)answer;
    asking->confirmed = true;
    ask_next(ui, asking);
}

static bool starts_work(const struct command *command) {
    return command->type->runs == RUNS_STEP;
}

/* What is about to run, so that nobody says yes to a name alone. */
static char *start_words(struct ui *ui, const struct command *command, const struct step *step) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    const char *no_return = incident->plan->no_return_step;
    char *words = asking_object(ui, command);
    if (no_return && strcmp(no_return, step->spec->id) == 0)
        words = xtalloc_asprintf_append(words, "  NO RETURN after this");
    if (step->spec->kind == STEP_RUN)
        words = xtalloc_asprintf_append(words, "  %s",
                                        step_command_words(command, incident, step, RUN_WORK));
    else
        words = xtalloc_asprintf_append(words, "  %s",
                                        plan_words(command, incident, step->spec->title));
    return words;
}

static const char *word_to_type(struct ui *ui, const struct command *command,
                                const struct step *step) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    const char *no_return = incident->plan->no_return_step;
    if (step->spec->confirm == CONFIRM_WORD)
        return step->spec->confirm_word;
    return no_return && strcmp(no_return, step->spec->id) == 0 ? step->spec->id : NULL;
}

static bool confirm_start(struct ui *ui, struct asking *asking) {
    const struct step *step = asking_step(ui, asking->command);
    if (!step || (step->spec->confirm == CONFIRM_NONE && !step->spec->destructive))
        return false;
    const char *word = word_to_type(ui, asking->command, step);
    char *label = start_words(ui, asking->command, step);
    struct prompt *prompt =
        prompt_open(ui, word ? PROMPT_WORD : PROMPT_YES, label, take_yes, asking);
    if (word)
        prompt_word(prompt, word);
    return true;
}

/* What the command does, as its table says. */
static const char *help_words(struct ui *ui, const struct command *command) {
    (void)ui;
    return command->type->help;
}

/* Who is woken, so that nobody pages by mistake; NULL where nobody is. */
static const char *page_words(struct ui *ui, const struct command *command) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    int64_t now_ms = loop_now_ms(ui->loop);
    struct levels levels = incident_levels(command, incident, now_ms);
    const struct level *next = levels_worst(&levels, now_ms);
    if (!next)
        return NULL;
    return xtalloc_asprintf(command, "page %s (%s)", level_called(command, incident, next).words,
                            late_words(command, next->late, next->step));
}

static const struct {
    const char *command;
    const char *(*words)(struct ui *ui, const struct command *command);
} confirmed[] = {
    {"recover", help_words}, {"resolve", help_words},  {"close", help_words},
    {"resume", help_words},  {"abandon", help_words},  {"abort", help_words},
    {"unack", help_words},   {"escalate", page_words},
};

static bool confirm_plain(struct ui *ui, struct asking *asking) {
    const char *words = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(confirmed); i++)
        if (strcmp(confirmed[i].command, asking->command->type->name) == 0)
            words = confirmed[i].words(ui, asking->command);
    if (!words)
        return false;
    char *label = xtalloc_asprintf(asking, "%s: %s?", asking_object(ui, asking->command), words);
    prompt_open(ui, PROMPT_YES, label, take_yes, asking);
    return true;
}

bool ask_confirm(struct ui *ui, struct asking *asking) {
    if (asking->confirmed)
        return false;
    return starts_work(asking->command) ? confirm_start(ui, asking) : confirm_plain(ui, asking);
}
