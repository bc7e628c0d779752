#include "config.h"

#include "cli/table.h"

#include "base/text.h"
#include "base/xtalloc.h"
#include "cli/out.h"

#include <string.h>

struct table {
    size_t columns;
    int indent;
    int *widths; /* by column, in cells */
    char **cells;
    size_t count;
};

struct table *table_new(const void *parent, size_t columns, int indent) {
    struct table *table = xtalloc_zero(parent, struct table);
    table->columns = columns;
    table->indent = indent;
    table->widths = xtalloc_zero_array(table, int, columns);
    return table;
}

void table_cell(struct table *table, const char *text) {
    int *width = &table->widths[table->count % table->columns];
    table->cells = xtalloc_realloc(table, table->cells, char *, table->count + 1);
    char *cell = out_shown(table, text ? text : "-");
    table->cells[table->count++] = cell;
    if (text_width(cell) > *width)
        *width = text_width(cell);
}

static void print_row(const struct table *table, char *const *cells) {
    char *line = xtalloc_asprintf(NULL, "%*s", table->indent, "");
    int owed = 0; /* spaces to write before the next word, so that no line ends in one */
    for (size_t i = 0; i < table->columns; i++) {
        if (*cells[i]) {
            line = xtalloc_asprintf_append(line, "%*s%s", owed, "", cells[i]);
            owed = 0;
        }
        owed += table->widths[i] - text_width(cells[i]) + 2;
    }
    out_line("%s", line);
    talloc_free(line);
}

void table_print(const struct table *table) {
    for (size_t i = 0; i + table->columns <= table->count; i += table->columns)
        print_row(table, &table->cells[i]);
}
