/* Commands by key: what they still need is asked for, one question at a time, as their own argument
 * table says; then they are submitted. */
#include "config.h"

#include "ui/asking.h"

#include "base/array.h"
#include "base/loop.h"
#include "base/xtalloc.h"
#include "incident/decide.h"
#include "incident/status.h"

#include <string.h>

/* ---- which arguments are asked for ------------------------------------------------------------
 */

/* Optional ones that a person at the keys is asked for all the same. */
static const struct {
    const char *command, *arg;
    bool relieving; /* only then */
} also_asked[] = {
    {"declare", "title", false},
    {"declare", "severity", false},
    {"done", "evidence", false},
    {"take", "reason", true},
};

static bool is_also_asked(const struct command *command, const struct command_arg *arg) {
    for (size_t i = 0; i < ARRAY_SIZE(also_asked); i++)
        if (strcmp(also_asked[i].command, command->type->name) == 0 &&
            strcmp(also_asked[i].arg, arg->name) == 0)
            return command->relieve || !also_asked[i].relieving;
    return false;
}

static const struct command_arg *next_question(const struct asking *asking) {
    const struct command_arg *args = asking->command->type->args;
    for (size_t i = 0; args[i].name; i++) {
        if (command_has(asking->command, &args[i]) || (asking->asked & (1u << i)))
            continue;
        if (args[i].required || is_also_asked(asking->command, &args[i]))
            return &args[i];
    }
    return NULL;
}

/* ---- the object's words: every question names what it acts on ---------------------------------
 */

const struct step *asking_step(struct ui *ui, const struct command *command) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    return incident ? incident_step(incident, command->step) : NULL;
}

static const char *holder_words(struct ui *ui, const struct command *command) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    const struct role_holding *holding = incident ? incident_role(incident, command->role) : NULL;
    return holding && holding->holder ? holding->holder : "nobody";
}

static const char *concern_words(struct ui *ui, const struct command *command) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    const struct concern *concern = incident ? incident_concern(incident, command->concern) : NULL;
    return concern ? xtalloc_asprintf(command, "%s's \"%s\"", concern->raised.by, concern->text)
                   : "concern";
}

char *asking_object(struct ui *ui, const struct command *command) {
    const struct step *step = asking_step(ui, command);
    char *words = xtalloc_strdup(command, command->type->name);
    if (command->incident)
        words = xtalloc_asprintf_append(words, " INC-%lld", (long long)command->incident);
    if (step)
        words = xtalloc_asprintf(command, "%s %s", command->type->name, step->label);
    if (command->role)
        words = xtalloc_asprintf_append(words, " %s", command->role);
    if (command->relieve)
        words = xtalloc_asprintf_append(words, " from %s", holder_words(ui, command));
    if (command->option)
        words = xtalloc_asprintf_append(words, " %s", command->option);
    if (command->concern)
        words = xtalloc_asprintf(command, "%s %s", words, concern_words(ui, command));
    return words;
}

/* ---- answers ----------------------------------------------------------------------------------
 */

/* A word that can't be read is asked for again, with the reason. */
static void take_argument(struct ui *ui, void *data, const char *text) {
    struct asking *asking = talloc_steal(ui, data);
    struct err *err = err_new(asking);
    asking->asked |= 1u << (asking->arg - asking->command->type->args);
    bool read =
        !*text || command_read(asking->command, asking->arg, text, loop_now_ms(ui->loop), err);
    if (!read)
        asking->asked &= ~(1u << (asking->arg - asking->command->type->args));
    ask_next(ui, asking);
    if (!read)
        ui_say_err(ui, err);
}

static const char *option_words(struct ui *ui, const struct command *command, const char *id) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    const struct plan_option *option = incident->plan ? plan_option_find(incident->plan, id) : NULL;
    if (!option)
        return id;
    return xtalloc_asprintf(command, "%s: %s, %zu steps%s%s%s%s", id,
                            option->title ? option->title : "", option->steps_count,
                            option->takes ? ", takes " : "", option->takes ? option->takes : "",
                            option->loses ? ", loses " : "", option->loses ? option->loses : "");
}

static const char *choice_words(struct ui *ui, const struct asking *asking, const char *word) {
    if (asking->arg->type == ARG_OPTION)
        return option_words(ui, asking->command, word);
    if (asking->arg->type == ARG_SEVERITY)
        return xtalloc_asprintf(asking->command, "SEV%s", word);
    return word;
}

static void offer_choices(struct ui *ui, struct prompt *prompt, const struct asking *asking) {
    const struct command *command = asking->command;
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    const char *const *words =
        arg_candidates(command, asking->arg->type, hub_state(ui->hub), incident);
    for (size_t i = 0; words[i] && i < 9; i++)
        prompt_choice(prompt, (uint32_t)('1' + i), choice_words(ui, asking, words[i]), words[i]);
}

static const bool has_menu[ARG_TYPE_COUNT] = {
    [ARG_OPTION] = true, [ARG_OUTCOME] = true, [ARG_ROLE] = true, [ARG_SEVERITY] = true};

static const char *text_member(const struct command *command, const struct command_arg *arg) {
    return *(const char *const *)(const void *)((const char *)command + arg->offset);
}

/* The words that were refused last time stand there to be mended, not to be typed again. */
static void preset(struct ui *ui, struct prompt *prompt, const struct asking *asking) {
    const struct command *refused = ui->refused, *command = asking->command;
    if (!refused || refused->type != command->type || refused->incident != command->incident)
        return;
    bool same_step = !command->step || (refused->step && strcmp(refused->step, command->step) == 0);
    const char *text = text_member(refused, asking->arg);
    if (same_step && text)
        prompt_preset(prompt, text);
}

static void ask_argument(struct ui *ui, struct asking *asking) {
    const struct command_arg *arg = asking->arg;
    const struct step *step = asking_step(ui, asking->command);
    const char *prompt_words =
        strcmp(arg->name, "evidence") == 0 && step && step->spec->evidence_prompt
            ? step->spec->evidence_prompt
            : arg->name;
    char *label =
        xtalloc_asprintf(asking, "%s, %s", asking_object(ui, asking->command), prompt_words);
    enum prompt_kind kind = has_menu[arg->type] ? PROMPT_MENU : PROMPT_TEXT;
    bool optional = !arg->required && !(step && step->spec->evidence_required) &&
                    strcmp(arg->name, "title") != 0 && !asking->command->relieve;
    struct prompt *prompt = prompt_open(ui, kind, label, take_argument, asking);
    if (kind == PROMPT_MENU)
        offer_choices(ui, prompt, asking);
    else
        preset(ui, prompt, asking);
    if (optional)
        prompt_optional(prompt);
}

/* ---- the order of questions -------------------------------------------------------------------
 */

void ask_next(struct ui *ui, struct asking *asking) {
    asking->arg = next_question(asking);
    if (asking->arg) {
        ask_argument(ui, asking);
    } else if (!ask_confirm(ui, asking)) {
        ui_submit(ui, talloc_steal(ui, asking->command));
        talloc_free(asking);
    }
}

/* ---- beginning --------------------------------------------------------------------------------
 */

struct target ui_target(struct ui *ui, const struct step *step) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    return (struct target){
        .incident = incident ? incident->number : 0,
        .step = step ? step->spec->id : NULL,
        .seq = step       ? step->last_seq
               : incident ? incident->last_seq
                          : 0,
    };
}

/* Nobody is asked questions for a command that would be refused to them anyway. */
static bool is_permitted(struct ui *ui, const struct command *command) {
    void *scratch = talloc_new(ui);
    struct err *err = err_new(scratch);
    struct question question = {
        .state = hub_state(ui->hub), .command = command, .actor = hub_actor(ui->hub)};
    bool permitted = command_permitted(scratch, &question, err);
    if (!permitted)
        ui_say_err(ui, err);
    talloc_free(scratch);
    return permitted;
}

void ui_begin_on(struct ui *ui, const char *name, const struct target *target) {
    bool of_incident = command_find(name)->guards & NEEDS_INCIDENT;
    if (of_incident && !target->incident) {
        ui_say(ui, true, "%s: there is no incident here; :declare begins one", name);
        return;
    }
    struct asking *asking = xtalloc_zero(ui, struct asking);
    struct command *command = command_new(asking, name, loop_now_ms(ui->loop));
    asking->command = command;
    command->incident = of_incident ? target->incident : 0;
    command->role = target->role ? xtalloc_strdup(command, target->role) : NULL;
    command->concern = target->concern;
    command->step = target->step ? xtalloc_strdup(command, target->step) : NULL;
    command->if_seq = target->seq;
    command->relieve = target->relieve;
    if (is_permitted(ui, command))
        ask_next(ui, asking);
    else
        talloc_free(asking);
}
