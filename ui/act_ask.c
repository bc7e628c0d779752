/* Keys that begin a command: on the page's incident, its selected step, or what waits on me. */
#include "config.h"

#include "ui/actions.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/command.h"
#include "incident/status.h"
#include "incident/waits.h"
#include "ui/view.h"

#include <string.h>

void act_begin(struct ui *ui, const struct action *action) {
    bool of_step = command_find(action->command)->guards & NEEDS_STEP;
    struct target target = ui_target(ui, of_step ? ui_step(ui) : NULL);
    ui_begin_on(ui, action->command, &target);
}

static bool is_mine_and_ready(struct ui *ui, const struct incident *incident,
                              const struct step *step) {
    const char *person = step_person(incident, step);
    return step_state(incident, step) == STEP_READY && person &&
           strcmp(person, hub_actor(ui->hub)) == 0;
}

/* The selected step; but if that can't be started, my next one that can. */
void act_start(struct ui *ui, const struct action *action) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    const struct step *step = ui_step(ui);
    bool ready = step_state(incident, step) == STEP_READY || ui_page(ui)->view == &step_view;
    for (size_t i = 0; !ready && i < incident->steps_count; i++) {
        ready = is_mine_and_ready(ui, incident, &incident->steps[i]);
        step = ready ? &incident->steps[i] : step;
    }
    struct target target = ui_target(ui, step);
    ui_begin_on(ui, action->command, &target);
}

/* ---- what waits on me ------------------------------------------------------------------------ */

/* Where more than one command does the thing, a menu asks which. */
static const struct {
    const char *command;
    void (*open)(struct ui *ui, const struct step *step);
} menus[] = {{"retry", menu_not_done}, {"eta", menu_report}};

static void begin_duty(struct ui *ui, const struct duty *duty) {
    struct target target = ui_target(ui, duty->step);
    target.role = duty->role;
    target.concern = duty->concern;
    for (size_t i = 0; i < ARRAY_SIZE(menus); i++) {
        if (strcmp(menus[i].command, duty->command) != 0)
            continue;
        menus[i].open(ui, duty->step);
        return;
    }
    ui_begin_on(ui, duty->command, &target);
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
    else
        begin_duty(ui, &duties.list[index]);
    talloc_free(scratch);
}
