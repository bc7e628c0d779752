/* Commands by key: what they still need is asked for, one question at a time, as their own argument
 * table says; then they are submitted. */
#include "config.h"

#include "ui/actions.h"

#include "base/array.h"
#include "base/loop.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "incident/command.h"
#include "incident/decide.h"
#include "incident/invocation.h"
#include "incident/status.h"
#include "incident/waits.h"
#include "ui/view.h"

#include <string.h>

/* A command being put together. */
struct asking {
    struct command *command;
    const struct command_arg *arg; /* the one being asked for */
    unsigned asked;                /* optional arguments that were asked for already, by index */
    bool confirmed;
};

static void ask_next(struct ui *ui, struct asking *asking);

/* ---- which arguments are asked for
 * -------------------------------------------------------------------------- */

/* Optional ones that a person at the keys is asked for all the same. */
static const struct {
    const char *command, *arg;
} also_asked[] = {
    {"declare", "title"},
    {"declare", "severity"},
    {"done", "evidence"},
};

static bool is_empty(const struct command *command, const struct command_arg *arg) {
    const char *at = (const char *)command + arg->offset;
    if (arg->type == ARG_INCIDENT || arg->type == ARG_SEVERITY || arg->type == ARG_TIME)
        return *(const int64_t *)(const void *)at == 0;
    if (arg->type == ARG_FLAG)
        return false;
    return *(const char *const *)(const void *)at == NULL;
}

static bool is_also_asked(const struct command *command, const struct command_arg *arg) {
    for (size_t i = 0; i < ARRAY_SIZE(also_asked); i++)
        if (strcmp(also_asked[i].command, command->type->name) == 0 &&
            strcmp(also_asked[i].arg, arg->name) == 0)
            return true;
    return false;
}

static const struct command_arg *next_question(const struct asking *asking) {
    const struct command_arg *args = asking->command->type->args;
    for (size_t i = 0; args[i].name; i++) {
        if (!is_empty(asking->command, &args[i]) || (asking->asked & (1u << i)))
            continue;
        if (args[i].required || is_also_asked(asking->command, &args[i]))
            return &args[i];
    }
    return NULL;
}

/* ---- the object's words: every question names what it acts on
 * -------------------------------------------------- */

static const struct step *step_of(struct ui *ui, const struct command *command) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    return incident ? incident_step(incident, command->step) : NULL;
}

static char *object(struct ui *ui, const struct command *command) {
    const struct step *step = step_of(ui, command);
    char *words = xtalloc_strdup(command, command->type->name);
    if (command->incident)
        words = xtalloc_asprintf_append(words, " INC-%lld", (long long)command->incident);
    if (step)
        words = xtalloc_asprintf(command, "%s %s", command->type->name, step_label(command, step));
    if (command->role)
        words = xtalloc_asprintf_append(words, " %s", command->role);
    if (command->option)
        words = xtalloc_asprintf_append(words, " %s", command->option);
    return words;
}

/* ---- answers
 * -------------------------------------------------------------------------------------------------------
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

static void take_yes(struct ui *ui, void *data, const char *answer) {
    struct asking *asking = talloc_steal(ui, data);
    (void)answer;
    asking->confirmed = true;
    ask_next(ui, asking);
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
    const struct step *step = step_of(ui, asking->command);
    const char *prompt_words =
        strcmp(arg->name, "evidence") == 0 && step && step->spec->evidence_prompt
            ? step->spec->evidence_prompt
            : arg->name;
    char *label = xtalloc_asprintf(asking, "%s, %s", object(ui, asking->command), prompt_words);
    enum prompt_kind kind = has_menu[arg->type] ? PROMPT_MENU : PROMPT_TEXT;
    bool optional = !arg->required && !(step && step->spec->evidence_required) &&
                    strcmp(arg->name, "title") != 0;
    struct prompt *prompt = prompt_open(ui, kind, label, take_argument, asking);
    if (kind == PROMPT_MENU)
        offer_choices(ui, prompt, asking);
    else
        preset(ui, prompt, asking);
    if (optional)
        prompt_optional(prompt);
}

/* ---- confirming: the safe direction is one key, the dangerous one asks
 * ------------------------------------------- */

static bool starts_work(const struct command *command) {
    return command->type->runs == RUNS_STEP;
}

/* What is about to run, so that nobody says yes to a name alone. */
static char *start_words(struct ui *ui, const struct command *command, const struct step *step) {
    const struct incident *incident = state_incident(hub_state(ui->hub), command->incident);
    const char *no_return = incident->plan->no_return_step;
    char *words = object(ui, command);
    if (no_return && strcmp(no_return, step->spec->id) == 0)
        words = xtalloc_asprintf_append(words, "  NO RETURN after this");
    if (step->spec->kind == STEP_RUN)
        words = xtalloc_asprintf_append(words, "  %s", argv_quoted(command, step->spec->run.argv));
    else
        words = xtalloc_asprintf_append(words, "  %s", step->spec->title);
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
    const struct step *step = step_of(ui, asking->command);
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

static const char *const confirmed_commands[] = {"recover", "resolve", "close", "resume",
                                                 "abandon", "abort",   "unack"};

static bool confirm_plain(struct ui *ui, struct asking *asking) {
    for (size_t i = 0; i < ARRAY_SIZE(confirmed_commands); i++) {
        if (strcmp(confirmed_commands[i], asking->command->type->name) != 0)
            continue;
        char *label = xtalloc_asprintf(asking, "%s: %s?", object(ui, asking->command),
                                       asking->command->type->help);
        prompt_open(ui, PROMPT_YES, label, take_yes, asking);
        return true;
    }
    return false;
}

static bool confirm(struct ui *ui, struct asking *asking) {
    if (asking->confirmed)
        return false;
    return starts_work(asking->command) ? confirm_start(ui, asking) : confirm_plain(ui, asking);
}

static void ask_next(struct ui *ui, struct asking *asking) {
    asking->arg = next_question(asking);
    if (asking->arg) {
        ask_argument(ui, asking);
    } else if (!confirm(ui, asking)) {
        ui_submit(ui, talloc_steal(ui, asking->command));
        talloc_free(asking);
    }
}

/* ---- beginning
 * -------------------------------------------------------------------------------------------------------
 */

void ui_begin_on(struct ui *ui, const char *name, const char *step_id, const char *role) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    if (!(command_find(name)->guards & NEEDS_INCIDENT))
        incident = NULL;
    else if (!incident) {
        ui_say(ui, true, "%s: there is no incident here; :declare begins one", name);
        return;
    }
    struct asking *asking = xtalloc_zero(ui, struct asking);
    asking->command = command_new(asking, name, loop_now_ms(ui->loop));
    struct command *command = asking->command;
    command->incident = incident ? incident->number : 0;
    command->role = role ? xtalloc_strdup(command, role) : NULL;
    const struct step *step = step_id ? incident_step(incident, step_id) : NULL;
    if (step) {
        command->step = xtalloc_strdup(command, step->spec->id);
        command->if_seq = step->last_seq;
    }
    ask_next(ui, asking);
}

void ui_begin(struct ui *ui, const char *name) {
    const struct step *step = ui_step(ui);
    bool of_step = command_find(name)->guards & NEEDS_STEP;
    ui_begin_on(ui, name, of_step && step ? step->spec->id : NULL, NULL);
}

void act_begin(struct ui *ui, const struct action *action) {
    ui_begin(ui, action->command);
}

/* The selected step; but if that can't be started, my next one that can. */
void act_start(struct ui *ui, const struct action *action) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    const struct step *step = ui_step(ui);
    if (step_state(incident, step) != STEP_READY && ui_page(ui)->view != &step_view) {
        for (size_t i = 0; i < incident->steps_count; i++) {
            const struct step *other = &incident->steps[i];
            const char *person = step_person(incident, other);
            if (step_state(incident, other) == STEP_READY && person &&
                strcmp(person, hub_actor(ui->hub)) == 0) {
                step = other;
                break;
            }
        }
    }
    ui_begin_on(ui, action->command, step->spec->id, NULL);
}

void act_duty(struct ui *ui, const struct action *action) {
    void *scratch = talloc_new(ui);
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    struct duties duties = {0};
    if (incident)
        duties = incident_duties(scratch, incident, hub_actor(ui->hub));
    size_t index = (size_t)action->number - 1;
    if (index >= duties.count)
        ui_say(ui, true, "nothing with the number %ld waits on you", action->number);
    else if (strcmp(duties.list[index].command, "retry") == 0)
        act_not_done_of(ui, duties.list[index].step);
    else
        ui_begin_on(ui, duties.list[index].command,
                    duties.list[index].step ? duties.list[index].step->spec->id : NULL,
                    duties.list[index].role);
    talloc_free(scratch);
}

/* ---- menus of commands
 * ------------------------------------------------------------------------------------------------
 */

struct entry {
    uint32_t key;
    const char *command, *words;
    unsigned states; /* of the step, as bits; 0: any */
};

#define IN(state) (1u << (state))

static const struct entry not_done_menu[] = {
    {'f', "fail", "fail", IN(STEP_RUNNING)},
    {'s', "skip", "skip", IN(STEP_READY) | IN(STEP_FAILED) | IN(STEP_WAITING)},
    {'r', "retry", "retry", IN(STEP_FAILED)},
    {'a', "abort", "abort", IN(STEP_RUNNING) | IN(STEP_VERIFYING) | IN(STEP_UNKNOWN)},
    {'c', "check", "check", IN(STEP_UNKNOWN)},
    {'e', "settle", "settle", IN(STEP_UNKNOWN)},
    {'o', "reopen", "reopen", IN(STEP_DONE) | IN(STEP_SKIPPED)},
};

/* What a menu acts on, kept until its answer. */
struct menu {
    const char *step;
};

static void take_menu(struct ui *ui, void *data, const char *command) {
    const struct menu *menu = data;
    ui_begin_on(ui, command, menu->step, NULL);
}

void act_not_done_of(struct ui *ui, const struct step *step) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    enum step_state state = step_state(incident, step);
    struct menu *menu = xtalloc_zero(ui, struct menu);
    menu->step = xtalloc_strdup(menu, step->spec->id);
    char *label =
        xtalloc_asprintf(menu, "%s is %s", step_label(menu, step), step_state_name(state));
    struct prompt *prompt = prompt_open(ui, PROMPT_MENU, label, take_menu, menu);
    for (size_t i = 0; i < ARRAY_SIZE(not_done_menu); i++)
        if (not_done_menu[i].states & IN(state))
            prompt_choice(prompt, not_done_menu[i].key, not_done_menu[i].words,
                          not_done_menu[i].command);
}

void act_not_done(struct ui *ui, const struct action *action) {
    (void)action;
    act_not_done_of(ui, ui_step(ui));
}

/* An entry of the people menu is a command, and what of it is settled by choosing the entry. */
static const struct {
    uint32_t key;
    const char *words, *command, *role;
    bool of_step, step_as_role;
} people_menu[] = {
    {'c', "take command", "take", "commander", false, false},
    {'o', "offer command", "offer", "commander", false, false},
    {'r', "offer a role", "offer", NULL, false, false},
    {'a', "accept", "accept", NULL, false, false},
    {'s', "take the step", "take", NULL, false, true},
    {'g', "give the step", "assign", NULL, true, false},
};

static void take_people(struct ui *ui, void *data, const char *words) {
    const struct step *step = ui_step(ui);
    const char *id = step ? step->spec->id : NULL;
    (void)data;
    for (size_t i = 0; i < ARRAY_SIZE(people_menu); i++)
        if (strcmp(people_menu[i].words, words) == 0)
            ui_begin_on(ui, people_menu[i].command, people_menu[i].of_step ? id : NULL,
                        people_menu[i].step_as_role ? id : people_menu[i].role);
}

void act_people(struct ui *ui, const struct action *action) {
    (void)action;
    struct prompt *prompt = prompt_open(ui, PROMPT_MENU, "who", take_people, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(people_menu); i++)
        prompt_choice(prompt, people_menu[i].key, people_menu[i].words, people_menu[i].words);
}
