/* The kinds of scalar that every kind of file knows, each with the words that say what it expects,
 * and the shapes that are one of them. Owns const tables. Never stores a value: store.h does. */
#ifndef BACKOUT_YAML_SCALAR_H
#define BACKOUT_YAML_SCALAR_H

#include "yaml/schema.h"

extern const struct scalar text_scalar;
extern const struct scalar id_scalar;   /* [a-z0-9][a-z0-9.-]{1,63} */
extern const struct scalar name_scalar; /* a key that the file's writer makes up */
extern const struct scalar format_scalar;
extern const struct scalar flag_scalar;
extern const struct scalar count_scalar;
extern const struct scalar from_one_scalar;
extern const struct scalar number_scalar;
extern const struct scalar duration_scalar;

extern const struct shape text_shape, texts_shape;
extern const struct shape id_shape;
extern const struct shape format_shape;
extern const struct shape flag_shape;
extern const struct shape count_shape;
extern const struct shape from_one_shape;
extern const struct shape number_shape;
extern const struct shape duration_shape;

/* Whether it is one of the words of a type that has some. */
bool scalar_has_word(const struct scalar *type, const char *text);

/* The problem function of a type that has words. */
const char *word_problem(const void *parent, const struct scalar *type, const char *text);
/* Of a type that names something. */
const char *id_problem(const void *parent, const struct scalar *type, const char *text);
const char *name_problem(const void *parent, const struct scalar *type, const char *text);
const char *person_problem(const void *parent, const struct scalar *type, const char *text);
/* Of whole numbers from `low` to `high`, and of any number. */
const char *integer_problem(const void *parent, const struct scalar *type, const char *text);
const char *real_problem(const void *parent, const struct scalar *type, const char *text);

#endif
