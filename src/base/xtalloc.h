/* talloc that succeeds or ends the program: no caller has to handle a missing page of memory.
 * Owns nothing; every object belongs to the parent that is named.
 * Never takes a size from outside unchecked: talloc refuses one object over 256 MiB, and that too
 * ends the program. */
#ifndef BACKOUT_BASE_XTALLOC_H
#define BACKOUT_BASE_XTALLOC_H

#include <stddef.h>
#include <talloc.h>

/* Returns `pointer`, or calls abort() when it is NULL; whoever holds the terminal restores it from
 * its handler of SIGABRT. */
void *xtalloc_check(void *pointer);

/* talloc counts in unsigned and would cut a larger count short; this one ends the program. */
unsigned xtalloc_count(size_t count);

#define xtalloc(parent, type)      ((type *)xtalloc_check(talloc(parent, type)))
#define xtalloc_zero(parent, type) ((type *)xtalloc_check(talloc_zero(parent, type)))
#define xtalloc_array(parent, type, count)                                                         \
    ((type *)xtalloc_check(talloc_array(parent, type, xtalloc_count(count))))
#define xtalloc_zero_array(parent, type, count)                                                    \
    ((type *)xtalloc_check(talloc_zero_array(parent, type, xtalloc_count(count))))
#define xtalloc_realloc(parent, pointer, type, count)                                              \
    ((type *)xtalloc_check(talloc_realloc(parent, pointer, type, xtalloc_count(count))))
#define xtalloc_size(parent, size)          xtalloc_check(talloc_size(parent, size))
#define xtalloc_memdup(parent, bytes, size) xtalloc_check(talloc_memdup(parent, bytes, size))
#define xtalloc_strdup(parent, string)      ((char *)xtalloc_check(talloc_strdup(parent, string)))
#define xtalloc_strndup(parent, string, bytes)                                                     \
    ((char *)xtalloc_check(talloc_strndup(parent, string, bytes)))
#define xtalloc_asprintf(parent, ...) ((char *)xtalloc_check(talloc_asprintf(parent, __VA_ARGS__)))
#define xtalloc_vasprintf(parent, format, arguments)                                               \
    ((char *)xtalloc_check(talloc_vasprintf(parent, format, arguments)))
/* Append to the string that `string` ends with, and yield where it is now. */
#define xtalloc_strdup_append(string, more)                                                        \
    ((char *)xtalloc_check(talloc_strdup_append(string, more)))
#define xtalloc_strndup_append(string, more, bytes)                                                \
    ((char *)xtalloc_check(talloc_strndup_append(string, more, bytes)))
#define xtalloc_asprintf_append(string, ...)                                                       \
    ((char *)xtalloc_check(talloc_asprintf_append(string, __VA_ARGS__)))

/* The version of talloc it runs with. */
const char *xtalloc_library(void);

#endif
