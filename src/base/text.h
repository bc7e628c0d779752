/* Text from outside, made fit for a terminal, a file or the log; and its width in cells.
 * text_clean is the only way there (canvas and cli both go through it).
 * Never guesses an encoding: input is UTF-8, and what is not becomes U+FFFD. */
#ifndef BACKOUT_BASE_TEXT_H
#define BACKOUT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One clean line, owned by `parent`: strict UTF-8 (one U+FFFD per bad part, Unicode ch. 3.9
 * "maximal subpart"); C0 and DEL as ^X, C1, bidi controls, default-ignorables, private and
 * unassigned as <U+XXXX>; at most two combining marks on a base, none without a base (more are
 * shown as <U+XXXX>); characters whose wcwidth and utf8proc widths differ as <U+XXXX>. A tab
 * becomes one space. `length` in bytes. Cleaning clean text changes nothing. Needs a UTF-8 LC_CTYPE
 * (text_init). */
char *text_clean(const void *parent, const char *bytes, size_t length);

/* The same for a NUL-terminated string; NULL gives "". */
char *text_clean_z(const void *parent, const char *string);

/* Whether all of it is printable ASCII: then it is clean as it is, a cell a byte. */
bool text_is_plain(const char *string);

/* Sets LC_CTYPE to the environment's if that is UTF-8, else to C.UTF-8. False if neither exists. */
bool text_init(void);

/* Width of clean text in terminal cells. */
int text_width(const char *clean);

/* Bytes of `clean` that fit into `cells` cells without cutting a character or parting a base from
 * its marks; `*used` (may be NULL) gets the cells they take. */
size_t text_fit(const char *clean, int cells, int *used);

/* The next character of clean text: its bytes with the marks that follow it (0 at the end), and
 * its width in cells in `*cells`. */
size_t text_cluster(const char *clean, int *cells);

/* Breaks clean text into lines of at most `cells` (≥ 1) cells at spaces, hard where a word is
 * longer; a character that is wider than a line becomes a space. At least one line, perhaps empty.
 * A talloc array of strings (its children), ended by NULL. */
char **text_wrap(const void *parent, const char *clean, int cells);

/* Whether the bytes are strict UTF-8. */
bool text_is_utf8(const char *bytes, size_t length);

/* Step output as it arrives in pieces: complete CSI, OSC, DCS, SOS, PM, APC sequences and lone
 * escapes are dropped by a bounded machine; what is left passes byte for byte (text_clean comes
 * later, line by line, and makes 8-bit C1 visible). A carriage return becomes a newline and takes
 * the newline after it along, so that the frames of a progress bar become lines. An unfinished
 * sequence hides at most the rest of its line, and at most 4 KiB. Begin with {0}. */
struct text_filter {
    unsigned state;
    size_t sequence; /* bytes of the sequence being dropped */
};

/* Writes at most `length` bytes to `out` (which may be `bytes`) and returns how many. */
size_t text_filter_pass(struct text_filter *filter, const char *bytes, size_t length, char *out);

/* The name in `names` (ended by NULL) nearest to `word`, or NULL when none is near enough to be
 * meant: for "did you mean". The only name that begins with `word` is nearest. */
const char *text_nearest(const char *word, const char *const *names);

/* How many of the words (ended by NULL) make up the name, whose own words are parted by single
 * spaces, when they begin with it; else 0. */
size_t text_names(const char *name, const char *const *words);

/* The version of utf8proc it runs with. */
const char *text_library(void);

/* Whether both are the same words, or both NULL. */
bool text_same(const char *a, const char *b);

#endif
