/* What a view draws from, and nothing else: screen = view(state, ui, now).
 * Owns nothing: the console lends it for one frame. */
#ifndef BACKOUT_UI_FRAME_H
#define BACKOUT_UI_FRAME_H

#include "incident/clocks.h"
#include "incident/state.h"
#include "run/run.h"
#include "ui/canvas.h"
#include "ui/cursor.h"
#include "ui/filter.h"
#include "ui/keys.h"

struct view;
struct told;

/* The most panes a view has. */
#define PANES_MAX 3

/* One opened view: what it is about, and where its person is in it. */
struct page {
    const struct view *view;
    int64_t incident;      /* 0 on the board: its focus follows the worst incident */
    const char *step;      /* id; NULL where the page is about no step */
    size_t pane;           /* the one with the selection */
    bool maximised;        /* that pane alone, below the head */
    bool follow;           /* output: keep to its end */
    struct filter *filter; /* NULL: every line is shown */
    struct cursor cursors[PANES_MAX];
};

/* How fresh what we draw is. */
struct link {
    int64_t stale_since_ms; /* 0: live */
    const char *read_only;  /* NULL, or why nothing can be written */
    bool doubted; /* it isn't the log that was seen; nothing is written until that is taken */
    bool viewers_behind; /* what viewers see is older than what we draw */
    bool unkept;         /* nobody keeps the clock: what is due calls nobody */
    bool undelivered;    /* nobody sends pages: whom a level calls sees it on a console alone */
};

/* Something that was answered or refused, for the bottom line and the messages view. */
struct message {
    int64_t at_ms;
    bool refused;
    const char *text;
};

struct frame {
    struct canvas *canvas;
    const void *scratch;
    int64_t now_ms;
    const struct state *state;
    const struct incident *incident; /* of the page; NULL when there is none */
    const struct step *step;         /* of the page, or the selected one; may be NULL */
    const char *me;
    struct link link;
    struct page *page; /* drawing may move its cursors to where rows are, and let its filter find */
    const struct view *below;  /* the view it was opened on; NULL on the board */
    struct run_output *output; /* of the step shown, or NULL */
    const char *output_step;   /* its id */
    const struct keys *keys;
    const struct message *messages; /* newest last */
    size_t messages_count;
    struct told *told;           /* sentences of the log, kept from frame to frame */
    struct known_clocks *clocks; /* NULL at first; frame_clocks keeps here what it computed */
};

/* Whether the person may only look at what is drawn, and raise a concern, by the roster's word. */
bool frame_is_viewers(const struct frame *frame);

/* The clocks of an incident of the state, computed once a frame: several zones ask for those of
 * every open one. They last as long as the frame. */
const struct clocks *frame_clocks(struct frame *frame, const struct incident *incident);

#endif
