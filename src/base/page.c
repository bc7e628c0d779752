#include "config.h"

#include "base/page.h"

#include "base/text.h"
#include "base/xtalloc.h"

#include <string.h>

static void append(struct page *page, const char *text, size_t length) {
    page->text = xtalloc_check(talloc_strndup_append(page->text, text, length));
}

static void append_spaces(struct page *page, int count) {
    for (; count > 0; count--)
        append(page, " ", 1);
}

void page_line(struct page *page, const char *text) {
    char *clean = text_clean_z(NULL, text);
    append(page, clean, text_fit(clean, page->width, NULL));
    append(page, "\n", 1);
    talloc_free(clean);
}

void page_entry(struct page *page, int indent, int label_cells, const char *label,
                const char *text) {
    if (text == NULL || *text == '\0')
        return;
    char *clean = text_clean_z(NULL, text);
    int margin = indent + label_cells;
    char **lines = text_wrap(clean, clean, page->width - margin);
    for (size_t i = 0; lines[i] != NULL; i++) {
        append_spaces(page, indent);
        page_cell(page, label_cells - 1, i == 0 ? label : "");
        append(page, lines[i], strlen(lines[i]));
        page_end_line(page);
    }
    talloc_free(clean);
}

void page_cell(struct page *page, int cells, const char *text) {
    char *clean = text_clean_z(NULL, text);
    int used;
    append(page, clean, text_fit(clean, cells, &used));
    append_spaces(page, cells - used + 1);
    talloc_free(clean);
}

void page_end_line(struct page *page) {
    size_t length = strlen(page->text);
    while (length > 0 && page->text[length - 1] == ' ')
        length--;
    page->text[length] = '\0';
    append(page, "\n", 1);
}
