/* Everything a key can do, one row each: its name (as in keys.conf and the palette), what it is
 * for, and what does it. Help, palette and the hints of the bottom line derive from the row. */
#ifndef BACKOUT_UI_ACTIONS_H
#define BACKOUT_UI_ACTIONS_H

#include "ui/ui.h"

struct action {
    const char *name;    /* NULL ends the table */
    const char *help;    /* one phrase */
    const char *hint;    /* the word on the bottom line, for views that name it there */
    int spare;           /* hints with the highest give way first where the line is short */
    const char *view;    /* the only view it belongs to; NULL: all */
    const char *command; /* the command it begins; NULL: none */
    void (*fn)(struct ui *ui, const struct action *action);
    long number;  /* for fn: how far, which */
    bool of_step; /* needs a step */
    bool writes;  /* leads to a command, though it doesn't begin it */
    bool leaves;  /* leads out of the program: shut where a viewer is let in for it alone */
    bool quiet;   /* moving about: not offered by the palette */
};

extern const struct action actions[];
const struct action *action_find(const char *name);
/* Whether it leads to a command, sooner or later. */
bool action_writes(const struct action *action);
/* Whether it belongs to the view. */
bool action_in_view(const struct action *action, const char *view);

/* act_move.c */
void act_move(struct ui *ui, const struct action *action);
void act_first(struct ui *ui, const struct action *action);
void act_last(struct ui *ui, const struct action *action);
void act_page(struct ui *ui, const struct action *action);
void act_pane(struct ui *ui, const struct action *action);
void act_maximise(struct ui *ui, const struct action *action);
void act_open(struct ui *ui, const struct action *action);
void act_back(struct ui *ui, const struct action *action);
void act_close_view(struct ui *ui, const struct action *action);
void act_view(struct ui *ui, const struct action *action);
void act_filter(struct ui *ui, const struct action *action);
void act_search(struct ui *ui, const struct action *action);
void act_follow(struct ui *ui, const struct action *action);
void act_pin(struct ui *ui, const struct action *action);

/* act_ask.c */
void act_begin(struct ui *ui, const struct action *action);
void act_duty(struct ui *ui, const struct action *action);
void act_start(struct ui *ui, const struct action *action);

/* act_menus.c */
void act_not_done(struct ui *ui, const struct action *action);
/* The menu of what can be done about a step that is not done. */
void menu_not_done(struct ui *ui, const struct step *step);
/* The menu of how to report on it. */
void menu_report(struct ui *ui, const struct step *step);
void act_people(struct ui *ui, const struct action *action);

/* act_screen.c */
void act_palette(struct ui *ui, const struct action *action);
void act_redraw(struct ui *ui, const struct action *action);
void act_suspend(struct ui *ui, const struct action *action);
void act_quit(struct ui *ui, const struct action *action);
void act_repin(struct ui *ui, const struct action *action);
void act_copy(struct ui *ui, const struct action *action);

#endif
