/* Menus of commands: what is not done, and who. An entry is a command; what it acts on is what
 * stood there when the menu was opened. */
#include "config.h"

#include "ui/actions.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/status.h"

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

static void take_not_done(struct ui *ui, void *data, const char *command) {
    const struct menu *menu = data;
    ui_begin_on(ui, command, &menu->target);
}

void menu_not_done(struct ui *ui, const struct step *step) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    enum step_state state = step_state(incident, step);
    struct menu *menu = menu_new(ui, step);
    char *label =
        xtalloc_asprintf(menu, "%s is %s", step_label(menu, step), step_state_name(state));
    struct prompt *prompt = prompt_open(ui, PROMPT_MENU, label, take_not_done, menu);
    for (size_t i = 0; i < ARRAY_SIZE(not_done_menu); i++)
        if (not_done_menu[i].states & IN(state))
            prompt_choice(prompt, not_done_menu[i].key, not_done_menu[i].words,
                          not_done_menu[i].command);
}

void act_not_done(struct ui *ui, const struct action *action) {
    (void)action;
    menu_not_done(ui, ui_step(ui));
}

/* ---- who --------------------------------------------------------------------------------------
 */

/* An entry is a command, and what of it is settled by choosing the entry. */
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
    const struct menu *menu = data;
    for (size_t i = 0; i < ARRAY_SIZE(people_menu); i++) {
        struct target target = menu->target;
        if (strcmp(people_menu[i].words, words) != 0)
            continue;
        target.role = people_menu[i].step_as_role ? target.step : people_menu[i].role;
        target.step = people_menu[i].of_step ? target.step : NULL;
        ui_begin_on(ui, people_menu[i].command, &target);
    }
}

static bool is_about_steps(size_t entry) {
    return people_menu[entry].of_step || people_menu[entry].step_as_role;
}

void act_people(struct ui *ui, const struct action *action) {
    (void)action;
    const struct step *step = ui_step(ui);
    struct menu *menu = menu_new(ui, step);
    const char *label = step ? xtalloc_asprintf(menu, "who (%s)", step_label(menu, step)) : "who";
    struct prompt *prompt = prompt_open(ui, PROMPT_MENU, label, take_people, menu);
    for (size_t i = 0; i < ARRAY_SIZE(people_menu); i++)
        if (step || !is_about_steps(i))
            prompt_choice(prompt, people_menu[i].key, people_menu[i].words, people_menu[i].words);
}
