/* Columns of text for line mode.
 * Owns its cells. Never cuts: what is wide makes its column wide; out of it come lines. */
#ifndef BACKOUT_CLI_TABLE_H
#define BACKOUT_CLI_TABLE_H

#include <stddef.h>

struct table;

/* A table of that many columns, each line behind `indent` spaces. */
struct table *table_new(const void *parent, size_t columns, int indent);

/* The next cell, copied and cleaned; the last of a row begins the next one. NULL is "-". */
void table_cell(struct table *table, const char *text);

/* All rows, on standard output. */
void table_print(const struct table *table);

#endif
