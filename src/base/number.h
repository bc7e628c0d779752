/* Numbers from text, in the C locale, whole or not at all. */
#ifndef BACKOUT_BASE_NUMBER_H
#define BACKOUT_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Decimal digits with an optional sign and nothing else, within [low, high]. */
bool number_parse(const char *text, int64_t low, int64_t high, int64_t *value);

/* A finite decimal number ("94.1", "-3", "1e3"), independent of the locale. */
bool number_parse_real(const char *text, double *value);

#endif
