/* The terminal: what is on it, and when the next picture goes out.
 * Owns the tty (opened anew, non-blocking), its modes, and the frame on its way out.
 * Never decides what is drawn; never blocks: a frame is one buffer, drained as the line takes it.
 */
#ifndef BACKOUT_UI_TERM_H
#define BACKOUT_UI_TERM_H

#include "base/err.h"
#include "base/limits.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/settings.h"

struct loop;
struct term;

struct term_options {
    bool ascii;    /* --ascii, or the terminal can't draw our glyphs in one cell */
    bool no_color; /* NO_COLOR is set, or the terminal has no colours */
};

/* Called from the loop when an input waits; may not free the term. */
typedef void term_ready_fn(void *data);

/* Takes the terminal of standard input over. Fails with a sentence where there is none, where TERM
 * is unset, unknown or dumb. Signals (WINCH, TSTP, CONT) and the tty are watched on `loop`, which
 * must outlive the term.
 * Glyphs are drawn where the locale (LC_ALL, LC_CTYPE, LANG) says UTF-8 and TERM is not one of the
 * consoles that have none (linux, vt*). The terminal is asked once how far they move its cursor,
 * and nothing waits for the answer: if it comes and is another, term_is_ascii turns true, and an
 * INPUT_RESIZE says to draw anew. */
bool term_open(const void *parent, struct loop *loop, const struct term_options *options,
               term_ready_fn *ready, void *data, struct term **term, struct err *err);

void term_size(const struct term *term, int *rows, int *cols);
bool term_is_ascii(const struct term *term);

/* Shows the canvas: only what changed goes out. While the line is still taking the last frame the
 * newest canvas replaces one not begun. Afterwards `canvas` is one that isn't needed any more:
 * something to draw the next frame on, where its size fits, once it is cleared. */
void term_show(struct term *term, struct canvas *canvas);

/* What is shown next is waited for: term_seen_ms is the BOOTTIME ms at which the line had taken the
 * first frame with it, INT64_MAX until then. A key that was waiting by that time has no greater
 * at_ms. So whoever asks something expects its frame, and takes the keys that are newer: type-ahead
 * was not meant for it. Frames that follow change nothing. */
void term_expect(struct term *term);
int64_t term_seen_ms(const struct term *term);

/* Draws everything anew (ctrl-l). */
void term_redraw(struct term *term);

/* The next input, or false when there is none now. */
bool term_input(struct term *term, struct input *input);

void term_bell(struct term *term);

/* Asks the terminal for a message of its own, outside this screen, where it knows that sequence.
 * Cut at TERM_MESSAGE_CELLS; cleaned here. */
void term_notify(struct term *term, enum notify how, const char *text);

/* Puts text on the clipboard of the terminal in front of the person (OSC 52), cut at TERM_COPY_MAX
 * bytes. Nothing tells whether the terminal allows it. */
void term_copy(struct term *term, const char *text);

/* Restores the terminal and stops this process (ctrl-z); returns when continued. */
void term_suspend(struct term *term);

/* Restores the terminal; also safe from a crash handler (term_restore_raw: fixed bytes and saved
 * modes only, async-signal-safe). talloc_free(term) restores too. */
void term_restore_raw(void);

/* "ncurses 6.4.20221231" */
const char *term_library(void);

#endif
