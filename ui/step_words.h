/* How a step's state is said: its glyph, its role, and the words at the right of its row.
 * Owns the tables of both. Never draws. */
#ifndef BACKOUT_UI_STEP_WORDS_H
#define BACKOUT_UI_STEP_WORDS_H

#include "incident/status.h"
#include "ui/frame.h"

/* "►", ROLE_RUNNING. */
struct state_look {
    const char *glyph;
    enum role role;
};
struct state_look step_look(enum step_state state);

/* The same, but late where the step is at work beyond its box. */
enum role step_role(const struct frame *frame, const struct step *step);

/* " 6:42 /  6:00 +0:42", "READY, not started", "waits for 3": in at most `cells`, saying the same
 * in fewer words where it must. Owned by the frame's scratch. */
const char *step_words(struct frame *frame, const struct step *step, int cells);

#endif
