/* Menus of commands: what is not done, and who. An entry is a command; what it acts on is what
 * stood there when the menu was opened. */
#include "config.h"

#include "ui/actions.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/status.h"
#include "ui/view.h"

#include <string.h>

/* What a menu acts on, kept until its answer. */
struct menu {
    struct target target;
};

static struct menu *menu_new(struct ui *ui, const struct step *step) {
    struct menu *menu = xtalloc_zero(ui, struct menu);
    menu->target = ui_target(ui, step);
    menu->target.step = step ? xtalloc_strdup(menu, step->spec->id) : NULL;
    return menu;
}

/* ---- not done ---------------------------------------------------------------------------------
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

static void take_command(struct ui *ui, void *data, const char *command) {
    const struct menu *menu = data;
    ui_begin_on(ui, command, &menu->target);
}

void menu_not_done(struct ui *ui, const struct step *step) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    enum step_state state = step_state(incident, step);
    struct menu *menu = menu_new(ui, step);
    char *label = xtalloc_asprintf(menu, "%s is %s", step->label, step_state_name(state));
    struct prompt *prompt = prompt_open(ui, PROMPT_MENU, label, take_command, menu);
    for (size_t i = 0; i < ARRAY_SIZE(not_done_menu); i++)
        if (not_done_menu[i].states & IN(state))
            prompt_choice(prompt, not_done_menu[i].key, not_done_menu[i].words,
                          not_done_menu[i].command);
}

void act_not_done(struct ui *ui, const struct action *action) {
    (void)action;
    menu_not_done(ui, ui_step(ui));
}

/* ---- reports ----------------------------------------------------------------------------------
 */

void menu_report(struct ui *ui, const struct step *step) {
    struct menu *menu = menu_new(ui, step);
    char *label = xtalloc_asprintf(menu, "report on %s", step->label);
    struct prompt *prompt = prompt_open(ui, PROMPT_MENU, label, take_command, menu);
    prompt_choice(prompt, 'e', "when it will be done", "eta");
    prompt_choice(prompt, 'o', "how it goes: a note", "note");
}

/* ---- who --------------------------------------------------------------------------------------
 */

/* What the menu of people is about: command, or in the view of roles the selected one. */
struct who_menu {
    struct menu menu;
    const char *role;   /* NULL: no incident to have roles in */
    const char *holder; /* of the role, or NULL */
    bool mine, chosen;  /* held by me; chosen in the view of roles */
};

static bool when_free(const struct who_menu *who) {
    return who->role && !who->holder;
}

static bool when_free_or_mine(const struct who_menu *who) {
    return who->role && (!who->holder || who->mine);
}

static bool when_held_by_another(const struct who_menu *who) {
    return who->role && who->holder && !who->mine;
}

static bool when_any_role(const struct who_menu *who) {
    return who->role && !who->chosen;
}

static bool when_role(const struct who_menu *who) {
    return who->role;
}

static bool when_step(const struct who_menu *who) {
    return who->menu.target.step && !who->chosen;
}

static bool when_elsewhere(const struct who_menu *who) {
    return !who->chosen;
}

/* An entry is a command, and what of it is settled by choosing the entry. */
static const struct {
    uint32_t key;
    const char *name, *words; /* %s: the role, or whom it is taken from */
    const char *command;      /* NULL: the view of roles */
    enum { ON_ROLE, ON_HOLDER, ON_ANY, ON_STEP, ON_STEP_AS_ROLE } on;
    bool (*when)(const struct who_menu *who);
} people_menu[] = {
    {'c', "take", "take %s", "take", ON_ROLE, when_free},
    {'x', "relieve", "relieve %s", "take", ON_HOLDER, when_held_by_another},
    {'o', "offer", "offer %s", "offer", ON_ROLE, when_free_or_mine},
    {'r', "offer-any", "offer a role", "offer", ON_ANY, when_any_role},
    {'a', "accept", "accept", "accept", ON_ANY, when_role},
    {'s', "take-step", "take the step", "take", ON_STEP_AS_ROLE, when_step},
    {'g', "give-step", "give the step", "assign", ON_STEP, when_step},
    {'k', "ask", "ask for a report", "ask", ON_STEP, when_step},
    {'p', "roles", "people and roles", NULL, ON_ANY, when_elsewhere},
};

static struct target target_on(const struct who_menu *who, size_t entry) {
    struct target target = who->menu.target;
    const char *step = target.step;
    bool any = people_menu[entry].on == ON_ANY;
    target.role = people_menu[entry].on == ON_STEP_AS_ROLE ? step
                  : any && !who->chosen                    ? NULL
                                                           : who->role;
    target.step = people_menu[entry].on == ON_STEP ? step : NULL;
    target.relieve = people_menu[entry].on == ON_HOLDER;
    return target;
}

static void take_people(struct ui *ui, void *data, const char *name) {
    const struct who_menu *who = data;
    for (size_t i = 0; i < ARRAY_SIZE(people_menu); i++) {
        if (strcmp(people_menu[i].name, name) != 0)
            continue;
        struct target target = target_on(who, i);
        if (people_menu[i].command)
            ui_begin_on(ui, people_menu[i].command, &target);
        else
            ui_act(ui, people_menu[i].name);
    }
}

/* The role that is selected in the view of roles; "commander" elsewhere. */
static const char *role_meant(struct ui *ui, const struct who_menu *who) {
    struct frame frame = ui_frame(ui, who);
    return who->chosen ? roles_selected(&frame) : "commander";
}

static struct who_menu *who_menu_new(struct ui *ui) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    struct who_menu *who = xtalloc_zero(ui, struct who_menu);
    const struct step *step = ui_step(ui);
    who->menu.target = ui_target(ui, step);
    who->menu.target.step = step ? xtalloc_strdup(who, step->spec->id) : NULL;
    who->chosen = ui_page(ui)->view == &roles_view;
    who->role = incident ? role_meant(ui, who) : NULL;
    const struct role_holding *holding = who->role ? incident_role(incident, who->role) : NULL;
    who->role = who->role ? xtalloc_strdup(who, who->role) : NULL;
    who->holder = holding && holding->holder ? xtalloc_strdup(who, holding->holder) : NULL;
    who->mine = who->holder && strcmp(who->holder, hub_actor(ui->hub)) == 0;
    return who;
}

static const char *entry_words(const struct who_menu *who, size_t entry) {
    const char *words = people_menu[entry].words, *gap = strstr(words, "%s");
    if (!gap)
        return words;
    const char *role = strcmp(who->role, "commander") == 0 ? "command" : who->role;
    return xtalloc_asprintf(who, "%.*s%s", (int)(gap - words), words,
                            people_menu[entry].on == ON_HOLDER ? who->holder : role);
}

/* Nothing to take or to give: all there is, is who is called. */
static void no_role(struct ui *ui, struct who_menu *who) {
    if (who->chosen)
        ui_say(ui, true, "a role is taken or offered: select one, in an incident");
    else
        ui_act(ui, "roles");
    talloc_free(who);
}

void act_people(struct ui *ui, const struct action *action) {
    struct who_menu *who = who_menu_new(ui);
    const struct step *step = who->chosen ? NULL : ui_step(ui);
    (void)action;
    if (!who->role) {
        no_role(ui, who);
        return;
    }
    const char *label = step          ? xtalloc_asprintf(who, "who (%s)", step->label)
                        : who->chosen ? xtalloc_asprintf(who, "who (%s)", who->role)
                                      : "who";
    struct prompt *prompt = prompt_open(ui, PROMPT_MENU, label, take_people, who);
    for (size_t i = 0; i < ARRAY_SIZE(people_menu); i++)
        if (people_menu[i].when(who))
            prompt_choice(prompt, people_menu[i].key, entry_words(who, i), people_menu[i].name);
}
