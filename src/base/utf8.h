/* UTF-8, one character at a time, strictly (Unicode 15, table 3-7).
 * Owns nothing. Never reads past the length it is given. */
#ifndef BACKOUT_BASE_UTF8_H
#define BACKOUT_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_BAD         UINT32_MAX
#define UTF8_REPLACEMENT UINT32_C(0xFFFD)
#define UTF8_MAX         4 /* bytes of one character */

/* Reads the character at `bytes` (`length` ≥ 1) and returns how many bytes it takes. Of bytes that
 * are no character, *point gets UTF8_BAD and the maximal subpart (Unicode 3.9) is taken. */
size_t utf8_read(const char *bytes, size_t length, uint32_t *point);

/* Writes a code point (no surrogate, at most U+10FFFF) and returns how many bytes it took. */
size_t utf8_write(uint32_t point, char bytes[UTF8_MAX]);

#endif
