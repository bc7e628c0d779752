#include "config.h"

#include "base/limits.h"

#define LIMIT(name, unit, of)                                                                      \
    { #name, (int64_t)name, unit, of }

const struct limit limit_table[] = {
    LIMIT(JSON_MAX_BYTES, "bytes", "a JSON document"),
    LIMIT(JSON_MAX_DEPTH, "levels", "a JSON document"),
    LIMIT(JSON_MAX_TOKENS, "values", "a JSON document, with its keys and ends"),
    LIMIT(YAML_MAX_BYTES, "bytes", "a plan or a roster"),
    LIMIT(YAML_MAX_DEPTH, "levels", "a plan or a roster"),
    LIMIT(YAML_MAX_NODES, "values", "a plan or a roster"),
    LIMIT(ID_MAX, "bytes", "an id in a plan"),
    LIMIT(EXPR_MAX_TERMS, "terms", "an expression"),
    LIMIT(EXPR_MAX_DEPTH, "levels", "an expression"),
    LIMIT(REGEX_MAX_BYTES, "bytes", "a pattern"),
    LIMIT(REGEX_MAX_REPEAT, "repeats", "a pattern, all of them multiplied"),
    LIMIT(LOG_BODY_MAX, "bytes", "the body of an event"),
    LIMIT(PINS_MAX_BYTES, "bytes", "what a user saw of stores, then cut"),
    LIMIT(FREE_BYTES_TO_START, "bytes", "the disk, free, below which no step is started"),
    LIMIT(CAPTURE_HEAD, "bytes", "the beginning of a step's output"),
    LIMIT(CAPTURE_SEGMENT, "bytes", "a segment of the rest of it"),
    LIMIT(CAPTURE_SEGMENTS, "segments", "the rest of it: the newest are kept"),
    LIMIT(ENDING_MAX_BYTES, "bytes", "the file that says how a run ended"),
    LIMIT(OUTPUT_MAX_BYTES, "bytes", "a value that `outputs` finds, then cut"),
    LIMIT(SECRET_MAX_BYTES, "bytes", "a secret's file"),
    LIMIT(TEXT_SEQUENCE_MAX, "bytes", "an escape sequence that is dropped whole"),
    LIMIT(TEXT_MARKS_MAX, "marks", "one character, then shown as codes"),
    LIMIT(TYPING_PASTE_MAX, "bytes", "a paste, then cut"),
    LIMIT(TYPING_QUEUE_MAX, "inputs", "keys that wait"),
    LIMIT(FIELD_MAX, "bytes", "a text field"),
    LIMIT(TERM_COPY_MAX, "bytes", "a copy to the clipboard, then cut"),
    LIMIT(TERM_MESSAGE_CELLS, "cells", "a message of the terminal's own, then cut"),
    LIMIT(KEYS_FILE_MAX, "bytes", "keys.conf, then cut"),
    LIMIT(TAIL_MAX, "events", "tail -n"),
    {0},
};
