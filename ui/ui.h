/* What the console knows of its person: pages, prompt, messages, the keys they chose.
 * Owned by the console; actions and prompts work on it. Views never see it: they get a frame. */
#ifndef BACKOUT_UI_UI_H
#define BACKOUT_UI_UI_H

#include "ui/frame.h"
#include "ui/input.h"
#include "ui/keys.h"
#include "ui/prompt.h"

#define PAGES_MAX 8

struct loop;
struct term;
struct asked; /* a command under way, until its answer (submit.c) */

struct ui {
    struct loop *loop;
    struct hub *hub;
    struct door *door;
    struct term *term;
    struct keys *keys;
    struct settings settings;

    struct page pages[PAGES_MAX];
    size_t pages_count; /* never 0: the first is the board */
    int64_t pinned;     /* the board looks at this incident; 0: at the worst */

    struct prompt *prompt; /* NULL when nothing is asked */
    struct asked *asked;
    struct command *refused; /* the last one that was: its texts are offered again; or NULL */
    char **history;          /* palette lines, oldest first */
    size_t history_count;

    struct message *messages;
    size_t messages_count;
    bool message_shown; /* on the bottom line, until the next key */
    bool message_stays; /* until the next key that answers no question */

    struct told *told;
    struct run_output *output;
    char *output_run, *output_step;

    struct link link;
    bool shut;  /* no action may lead out of the program */
    bool stale; /* something changed: draw before waiting */
    int status; /* exit status once the loop has stopped */
};

struct page *ui_page(struct ui *ui);
const struct incident *ui_incident(const struct ui *ui, const struct page *page);
/* The page's step, or the one selected in its list; NULL when there is none. */
const struct step *ui_step(struct ui *ui);
/* Opens a view on top; the page on which it was asked stays below. */
void ui_open(struct ui *ui, const struct view *view, int64_t incident, const char *step);
/* Closes the page on top; false when it is the board. */
bool ui_close(struct ui *ui);
/* What a view would be drawn from now; scratch owns what is computed. */
struct frame ui_frame(struct ui *ui, const void *scratch);

/* A line for the bottom and for the messages view. Cleaned here. */
void ui_say(struct ui *ui, bool refused, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void ui_say_err(struct ui *ui, const struct err *err);

/* Whether anything can be written from here; says why not. */
bool ui_may_write(struct ui *ui);

/* submit.c: hands a command to the door; its answer becomes a message. Takes the command over. */
void ui_submit(struct ui *ui, struct command *command);
/* Takes what the hub has to yield; true when anything came. */
bool ui_take_hub(struct ui *ui);

/* actions.c */
struct action;
/* Does the action bound to a name; says why where it can't be done now. */
void ui_act(struct ui *ui, const char *name);
bool ui_is_action(const char *name);

/* What a command is about, as its person saw it. */
struct target {
    int64_t incident; /* 0: none */
    const char *step; /* id, or NULL */
    int64_t seq;      /* the revision of the step, else of the incident */
    const char *role;
    bool relieve;    /* of that role, who holds it */
    int64_t concern; /* its number, or 0 */
};

/* The page's incident, and the step (may be NULL) as it is now. */
struct target ui_target(struct ui *ui, const struct step *step);
/* ask.c: begins a command of that name, asks for what it still needs, and submits it. */
void ui_begin_on(struct ui *ui, const char *name, const struct target *target);

#endif
