/* A view is a row of a table: what it is called, what it lists, how it draws itself.
 * Owns nothing: what a person did in it is its page's. */
#ifndef BACKOUT_UI_VIEW_H
#define BACKOUT_UI_VIEW_H

#include "incident/status.h"
#include "ui/frame.h"

enum pane_kind { PANE_NONE, PANE_STEPS, PANE_OTHERS, PANE_LOG, PANE_OUTPUT, PANE_LINES };

struct view {
    const char *name;                /* as in keys.conf: "board" */
    const char *about;               /* one sentence for help */
    enum pane_kind panes[PANES_MAX]; /* in the order of Tab; PANE_NONE ends them */
    /* The lines below the head and above the bottom line. */
    void (*draw)(struct frame *frame, struct area area);
    int head_rows; /* lines of zone_head it shows */
    /* Actions named on the bottom line, in this order; ended by NULL. */
    const char *const *hints;
    /* PANE_LINES: a key per line; NULL where the view has no such pane. */
    struct items (*lines)(const struct frame *frame);
};

/* The hints of views on which a whole incident is worked, and of those that are only read. */
extern const char *const work_hints[], *const read_hints[];

extern const struct view board_view, incident_view, step_view, roles_view, messages_view, help_view;

/* The role selected in the view of roles; NULL where a person is. */
const char *roles_selected(const struct frame *frame);

/* NULL when there is none of that name. */
const struct view *view_find(const char *name);
/* All names, ended by NULL. */
extern const char *const view_names[];

/* Draws the whole screen but the bottom line: head, then the view; or, below 40×10, one line that
 * says so. */
void view_draw(struct frame *frame, struct area area);

/* How a line of PANE_LINES is drawn from its key: over `rows` rows from `row` on. */
struct line_look {
    int (*rows)(const struct frame *frame, const char *key, int cols);
    void (*draw)(struct frame *frame, struct area area, int row, const char *key);
};

/* Draws a heading and the lines of PANE_LINES. */
void lines_draw(struct frame *frame, struct area area, const char *heading,
                const struct line_look *look);

/* What the board looks at: the worst open incident; NULL when all is well. */
const struct incident *state_worst(const struct state *state);

/* The items of a kind of pane, for the cursor; owned by scratch. */
struct items pane_items(const struct frame *frame, enum pane_kind kind);

/* ---- zones: parts that several views share --------------------------------------------------- */

/* Lines 1–5: what, who, decided, late, you. `rows` of them. */
void zone_head(struct frame *frame, struct area area);
/* ` SEV1 INC-41 title …   PHASE   T+27:02   ● LIVE `: line 1 alone. */
void zone_title(struct frame *frame, struct area area, int row);

int zone_clocks_rows(struct frame *frame, int cols);
void zone_clocks(struct frame *frame, struct area area);
int zone_steps_rows(struct frame *frame, int cols);
void zone_steps(struct frame *frame, struct area area);
int zone_others_rows(struct frame *frame, int cols);
void zone_others(struct frame *frame, struct area area);
int zone_log_rows(struct frame *frame, int cols);
void zone_log(struct frame *frame, struct area area);
int zone_decisions_rows(struct frame *frame, int cols);
void zone_decisions(struct frame *frame, struct area area);
int zone_output_rows(struct frame *frame, int cols);
void zone_output(struct frame *frame, struct area area);
/* One line: how far along it is. */
int zone_path_rows(struct frame *frame, int cols);
void zone_path(struct frame *frame, struct area area);
/* One line: what it does to people. */
int zone_impact_rows(struct frame *frame, int cols);
void zone_impact(struct frame *frame, struct area area);

/* One zone of a column: how many rows it would like, how few it can do with, how soon it gives way.
 * One that is `spare` shows only where all others have what they would like. */
struct zone {
    int (*rows)(struct frame *frame, int cols); /* heading included; 0: nothing to show */
    void (*draw)(struct frame *frame, struct area area);
    int least;           /* rows, heading included; below that it is left out */
    int keep;            /* the zone with the lowest number gives way first */
    enum pane_kind pane; /* PANE_NONE: nothing to select in it */
    bool spare;
};

/* Shares the rows of the area among the zones, in their order; what is left goes to the last. A
 * maximised page draws its pane's zone alone. */
void zones_draw(struct frame *frame, struct area area, const struct zone *zones, size_t count);

/* The row of the selection: marked at its edge, and highlighted over its whole width. */
void draw_selected(struct frame *frame, struct area area, int row);

/* A name for machines as words: "not_chosen" → "not chosen"; owned by `parent`. */
char *words_of_name(const void *parent, const char *name);

/* Whether the pane with that kind has the selection, and where its cursor is. */
bool pane_is_active(const struct frame *frame, enum pane_kind kind);
struct cursor *pane_cursor(struct frame *frame, enum pane_kind kind);

#endif
