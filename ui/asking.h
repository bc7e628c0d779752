/* A command being put together by questions: what its files share.
 * Owns the command until it is submitted. Each question is a prompt that owns the asking meanwhile.
 */
#ifndef BACKOUT_UI_ASKING_H
#define BACKOUT_UI_ASKING_H

#include "incident/command.h"
#include "ui/ui.h"

struct asking {
    struct command *command;
    const struct command_arg *arg; /* the one being asked for */
    unsigned asked;                /* optional arguments that were asked for already, by index */
    bool confirmed;
};

/* ask.c: the next question; when none is left, the command is submitted. */
void ask_next(struct ui *ui, struct asking *asking);
/* The step that the command is about, as it is now; NULL when it is about none. */
const struct step *asking_step(struct ui *ui, const struct command *command);
/* "done 3 undo-code": every question names what it acts on. Owned by the command. */
char *asking_object(struct ui *ui, const struct command *command);

/* ask_confirm.c: opens the last question where the command wants one; false when it doesn't. */
bool ask_confirm(struct ui *ui, struct asking *asking);

#endif
