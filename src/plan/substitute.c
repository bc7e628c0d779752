#include "config.h"

#include "plan/substitute.h"

#include "base/xtalloc.h"

#include <string.h>

/* What comes next in a text: plain bytes, then perhaps a name. */
struct piece {
    const char *plain;
    size_t plain_length;
    const char *name; /* NULL: the text ends here */
    size_t name_length;
    bool escaped; /* "$${": the plain bytes hold one $, and "{" follows as text */
    bool open;    /* "${" without "}" */
};

/* Cuts the next piece off the text at `*at`. */
static struct piece next_piece(const char **at) {
    struct piece piece = {.plain = *at};
    const char *dollar = strstr(*at, "${");
    if (dollar == NULL) {
        piece.plain_length = strlen(*at);
        *at += piece.plain_length;
        return piece;
    }
    piece.plain_length = (size_t)(dollar - *at);
    piece.escaped = dollar > *at && dollar[-1] == '$';
    if (piece.escaped) {
        *at = dollar + 1;
        return piece;
    }
    const char *end = strchr(dollar, '}');
    piece.open = end == NULL;
    piece.name = dollar + 2;
    piece.name_length = piece.open ? strlen(piece.name) : (size_t)(end - piece.name);
    *at = piece.open ? piece.name + piece.name_length : end + 1;
    return piece;
}

static bool refuse_name(struct err *err, const struct piece *piece, const char *name) {
    if (piece->open)
        return err_set(err, ERR_NOT_FOUND, "can't fill in the text", "a ${ is never closed",
                       "close it with }, or write $${ for the text ${");
    return err_set(err, ERR_NOT_FOUND, "can't fill in the text",
                   err_fmt(err, "${%s} has no value", name),
                   "give the input, or finish the step that finds it out, first");
}

char *substitute(const void *parent, const char *text, name_lookup_fn *lookup, void *data,
                 struct err *err) {
    char *result = xtalloc_strdup(parent, "");
    while (*text != '\0') {
        struct piece piece = next_piece(&text);
        result =
            xtalloc_check(talloc_strndup_append_buffer(result, piece.plain, piece.plain_length));
        if (piece.name == NULL)
            continue;
        char *name = xtalloc_strndup(result, piece.name, piece.name_length);
        const char *value = piece.open ? NULL : lookup(data, name);
        if (value == NULL) {
            refuse_name(err, &piece, name);
            talloc_free(result);
            return NULL;
        }
        talloc_free(name);
        result = xtalloc_check(talloc_strdup_append_buffer(result, value));
    }
    return result;
}

void substitute_names(const char *text, void (*each)(void *data, const char *name), void *data) {
    while (*text != '\0') {
        struct piece piece = next_piece(&text);
        if (piece.open) {
            each(data, NULL);
        } else if (piece.name != NULL) {
            char *name = xtalloc_strndup(NULL, piece.name, piece.name_length);
            each(data, name);
            talloc_free(name);
        }
    }
}
