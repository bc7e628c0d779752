#include "config.h"

#include "ui/actions.h"

#include <string.h>

/* clang-format off: a table. */
const struct action actions[] = {
    /* the order is that of help */
    {.name = "duty-1",
     .help = "do the first thing that waits on me",
     .hint = "do it",
     .fn = act_duty,
     .number = 1,
     .quiet = true},
    {.name = "duty-2", .help = "the second", .fn = act_duty, .number = 2, .quiet = true},
    {.name = "duty-3", .help = "the third", .fn = act_duty, .number = 3, .quiet = true},
    {.name = "duty-4", .help = "the fourth", .fn = act_duty, .number = 4, .quiet = true},
    {.name = "duty-5", .help = "the fifth", .fn = act_duty, .number = 5, .quiet = true},
    {.name = "duty-6", .help = "the sixth", .fn = act_duty, .number = 6, .quiet = true},
    {.name = "duty-7", .help = "the seventh", .fn = act_duty, .number = 7, .quiet = true},
    {.name = "duty-8", .help = "the eighth", .fn = act_duty, .number = 8, .quiet = true},
    {.name = "duty-9", .help = "the ninth", .fn = act_duty, .number = 9, .quiet = true},
    {.name = "open", .help = "open what is selected", .fn = act_open, .quiet = true},
    {.name = "declare",
     .hint = "declare",
     .help = "something is wrong: declare an incident",
     .command = "declare",
     .fn = act_begin},
    {.name = "adopt", .help = "give the incident its plan", .command = "adopt", .fn = act_begin},
    {.name = "acknowledge",
     .help = "somebody is on it: no question asked",
     .command = "ack",
     .fn = act_begin},
    {.name = "start",
     .help = "start the selected step, or my next ready one",
     .hint = "start",
     .command = "start",
     .fn = act_start,
     .of_step = true},
    {.name = "done",
     .spare = 1,
     .help = "report the selected step as done, with evidence",
     .hint = "done",
     .command = "done",
     .fn = act_begin,
     .of_step = true},
    {.name = "not-done",
     .spare = 3,
     .help = "fail, skip, retry, abort, check, settle or reopen the step",
     .hint = "not done",
     .fn = act_not_done,
     .writes = true,
     .of_step = true},
    {.name = "follow",
     .spare = 1,
     .help = "follow the output to its end, or stop following",
     .hint = "output",
     .fn = act_follow},
    {.name = "note",
     .spare = 2,
     .help = "write a note on the record",
     .hint = "note",
     .command = "note",
     .fn = act_begin},
    {.name = "concern",
     .spare = 4,
     .hint = "concern",
     .help = "raise a concern: it stays on the board until the commander answers",
     .command = "concern",
     .fn = act_begin},
    {.name = "escalate",
     .help = "page the next one for what is late; asks, and names who",
     .command = "escalate",
     .fn = act_begin},
    {.name = "snooze",
     .help = "put pages off for a while, with a reason",
     .command = "snooze",
     .fn = act_begin},
    {.name = "call",
     .spare = 2,
     .help = "make the call: choose the way back",
     .hint = "call",
     .command = "decide",
     .fn = act_begin},
    {.name = "people",
     .spare = 4,
     .help = "who: take or offer command, a role, a step; relieve",
     .hint = "people",
     .fn = act_people,
     .writes = true},
    {.name = "pause",
     .help = "start nothing more, at once; `:resume` goes on",
     .hint = "PAUSE",
     .command = "pause",
     .fn = act_begin},
    {.name = "incident", .help = "the incident by itself: plan, path, steps, log", .fn = act_view},
    {.name = "roles",
     .help = "people and roles: who is called, who has what, and what is in hand",
     .fn = act_view},
    {.name = "messages", .help = "every answer and refusal so far", .fn = act_view},
    {.name = "help", .help = "what every key does here", .hint = "help", .fn = act_view},
    {.name = "pin",
     .help = "keep the board on the selected incident; again: on the worst",
     .fn = act_pin},
    {.name = "palette",
     .hint = "command",
     .spare = 4,
     .help = "any command, with completion and help",
     .fn = act_palette,
     .quiet = true},
    {.name = "filter",
     .hint = "find",
     .spare = 3,
     .help = "show only lines that hold these words (! before them: that don't)",
     .fn = act_filter},
    {.name = "search-next",
     .help = "the next line that holds the words last looked for",
     .fn = act_search,
     .number = 1,
     .quiet = true},
    {.name = "search-previous",
     .help = "the one before",
     .fn = act_search,
     .number = -1,
     .quiet = true},
    {.name = "move-down",
     .hint = "down",
     .help = "down",
     .fn = act_move,
     .number = 1,
     .quiet = true},
    {.name = "move-up", .hint = "up", .help = "up", .fn = act_move, .number = -1, .quiet = true},
    {.name = "move-first", .help = "to the first", .fn = act_first, .quiet = true},
    {.name = "move-last", .help = "to the last", .fn = act_last, .quiet = true},
    {.name = "page-down", .help = "a page down", .fn = act_page, .number = 2, .quiet = true},
    {.name = "page-up", .help = "a page up", .fn = act_page, .number = -2, .quiet = true},
    {.name = "half-down", .help = "half a page down", .fn = act_page, .number = 1, .quiet = true},
    {.name = "half-up", .help = "half a page up", .fn = act_page, .number = -1, .quiet = true},
    {.name = "next-pane", .help = "the next pane", .fn = act_pane, .number = 1, .quiet = true},
    {.name = "previous-pane",
     .help = "the pane before",
     .fn = act_pane,
     .number = -1,
     .quiet = true},
    {.name = "maximise",
     .help = "this pane alone, or all of them",
     .fn = act_maximise,
     .quiet = true},
    {.name = "copy",
     .help = "copy the selected line to the terminal's clipboard",
     .fn = act_copy,
     .quiet = true},
    {.name = "back",
     .hint = "back",
     .spare = 2,
     .help = "back, or leave what is being asked; never quits",
     .fn = act_back,
     .quiet = true},
    {.name = "close-view",
     .hint = "quit",
     .spare = 1,
     .help = "close this view; on the board it asks whether to quit",
     .fn = act_close_view,
     .quiet = true},
    {.name = "repin",
     .help = "take the log as it is, though it isn't the one you saw (asks)",
     .fn = act_repin},
    {.name = "redraw", .help = "draw the screen anew", .fn = act_redraw, .quiet = true},
    {.name = "suspend",
     .help = "suspend; the shell's fg comes back",
     .fn = act_suspend,
     .leaves = true,
     .quiet = true},
    {.name = "quit", .help = "quit (asks); what runs goes on without us", .fn = act_quit},
    {0},
};
/* clang-format on */

const struct action *action_find(const char *name) {
    for (const struct action *action = actions; action->name; action++)
        if (strcmp(action->name, name) == 0)
            return action;
    return NULL;
}

/* Which command a duty leads to isn't known before it is looked up. */
bool action_writes(const struct action *action) {
    return action->command || action->writes || action->fn == act_duty;
}

bool action_in_view(const struct action *action, const char *view) {
    return !action->view || strcmp(action->view, view) == 0;
}

bool ui_is_action(const char *name) {
    return action_find(name) != NULL;
}

void ui_act(struct ui *ui, const char *name) {
    const struct action *action = action_find(name);
    if (!action)
        return;
    if (action_writes(action) && !ui_may_write(ui))
        return;
    if (action->leaves && ui->shut) {
        ui_say(ui, true, "%s: --readonly leaves no way out but q", action->name);
        return;
    }
    if (action->of_step && !ui_step(ui)) {
        ui_say(ui, true, "%s: no step is selected here", action->name);
        return;
    }
    action->fn(ui, action);
    ui->stale = true;
}
