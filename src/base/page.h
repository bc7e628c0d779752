/* Lines of plain text with a left margin, a label and wrapped words.
 * Owns the text so far. Never lets anything through uncleaned. */
#ifndef BACKOUT_BASE_PAGE_H
#define BACKOUT_BASE_PAGE_H

#include <stdbool.h>

struct page {
    char *text; /* a talloc string; the page itself is the caller's */
    int width;  /* cells of a line */
};

/* A line of its own, cleaned and clipped. */
void page_line(struct page *page, const char *text);

/* `text` wrapped behind `label` at `indent` cells; nothing for NULL or "". */
void page_entry(struct page *page, int indent, int label_cells, const char *label,
                const char *text);

/* A cell of a table: cleaned, cut or filled to `cells`, then one space. */
void page_cell(struct page *page, int cells, const char *text);
/* Ends a line of cells, without space behind its last word. */
void page_end_line(struct page *page);

#endif
