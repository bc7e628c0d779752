#include "config.h"

#include "yaml/node.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/xtalloc.h"

#include <string.h>
#include <yaml.h>

/* One document on its way from events to nodes. */
struct reading {
    yaml_parser_t parser;
    const char *bytes;
    size_t length;
    struct arena *arena; /* of every node */
    size_t count;        /* nodes so far */
    struct node **open;  /* of what hasn't ended yet: its values, a map's behind their keys */
    size_t open_count;
    size_t line, column;
    struct err *err;
};

static bool refuse(struct reading *reading, yaml_mark_t mark, const char *what,
                   const char *remedy) {
    reading->line = mark.line + 1;
    reading->column = mark.column + 1;
    return err_set(reading->err, ERR_DAMAGED, what, NULL, remedy);
}

/* The position of a byte: columns count characters, as libyaml's do. */
static yaml_mark_t mark_at(const struct reading *reading, size_t offset) {
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < reading->length; i++) {
        bool newline = reading->bytes[i] == '\n';
        bool starts = ((unsigned char)reading->bytes[i] & 0xC0) != 0x80;
        mark.line += newline;
        mark.column = newline ? 0 : mark.column + starts;
    }
    return mark;
}

static bool refuse_syntax(struct reading *reading) {
    const yaml_parser_t *parser = &reading->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "not YAML";
    /* The reader knows only the byte, and libyaml leaves its mark at the start of the file. */
    yaml_mark_t mark = parser->error == YAML_READER_ERROR ? mark_at(reading, parser->problem_offset)
                                                          : parser->problem_mark;
    return refuse(reading, mark, err_fmt(reading->err, "can't be read as YAML: %s", problem),
                  "look at the indent, quotes and brackets here and on the line before");
}

static bool next_event(struct reading *reading, yaml_event_t *event) {
    return yaml_parser_parse(&reading->parser, event) != 0 || refuse_syntax(reading);
}

/* --- what never gets in ----------------------------------------------------------------------- */

static bool check_unmarked(struct reading *reading, const yaml_event_t *event, const void *anchor,
                           const void *tag) {
    if (anchor != NULL)
        return refuse(reading, event->start_mark, "an anchor (&name) stands here",
                      "write the value out where it is needed; whoever reads this at night must "
                      "not have to jump");
    if (tag != NULL)
        return refuse(reading, event->start_mark, "a tag (!name) stands here",
                      "leave it out: a value's type comes from its key; quote a text that starts "
                      "with !");
    return true;
}

static bool check_room(struct reading *reading, const yaml_event_t *event, size_t depth) {
    if (depth > YAML_MAX_DEPTH)
        return refuse(reading, event->start_mark,
                      err_fmt(reading->err, "nested deeper than %d", YAML_MAX_DEPTH), "flatten it");
    if (++reading->count > YAML_MAX_NODES)
        return refuse(reading, event->start_mark,
                      err_fmt(reading->err, "more than %zu values in one file", YAML_MAX_NODES),
                      "move what software needs into a file of its own");
    return true;
}

static bool refuse_duplicate(struct reading *reading, const struct node *key) {
    yaml_mark_t mark = {.line = key->line - 1, .column = key->column - 1};
    return refuse(reading, mark, err_fmt(reading->err, "`%s` stands here a second time", key->text),
                  "keep one: two readers of this file would take two different values");
}

static bool check_duplicates(struct reading *reading, const struct node *map) {
    const struct node *again = node_duplicate(map);
    return again == NULL || refuse_duplicate(reading, again);
}

/* --- events to nodes -------------------------------------------------------------------------- */

static struct node *make_node(struct reading *reading, enum node_kind kind, yaml_mark_t mark) {
    struct node *node = arena_zero(reading->arena, sizeof(*node));
    node->kind = kind;
    node->line = mark.line + 1;
    node->column = mark.column + 1;
    return node;
}

static void open_value(struct reading *reading, struct node *value) {
    size_t room = talloc_array_length(reading->open);
    if (reading->open_count == room)
        reading->open =
            xtalloc_realloc(NULL, reading->open, struct node *, room == 0 ? 64 : 2 * room);
    reading->open[reading->open_count++] = value;
}

/* `count` of the open values: the first, and each that stands `stride` behind. */
static struct node **collect(struct reading *reading, size_t first, size_t stride, size_t count) {
    struct node **values = arena_zero(reading->arena, count * sizeof(struct node *));
    for (size_t i = 0; i < count; i++)
        values[i] = reading->open[first + i * stride];
    return values;
}

static void close_list(struct reading *reading, size_t first, struct node *list) {
    list->count = reading->open_count - first;
    list->items = collect(reading, first, 1, list->count);
    reading->open_count = first;
}

static void close_map(struct reading *reading, size_t first, struct node *map) {
    map->count = (reading->open_count - first) / 2;
    map->keys = collect(reading, first, 2, map->count);
    map->items = collect(reading, first + 1, 2, map->count);
    reading->open_count = first;
}

static bool read_value(struct reading *reading, yaml_event_t *event, size_t depth,
                       struct node **value);

static bool read_scalar(struct reading *reading, const yaml_event_t *event, struct node **value) {
    if (!check_unmarked(reading, event, event->data.scalar.anchor, event->data.scalar.tag))
        return false;
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (memchr(text, '\0', length) != NULL)
        return refuse(reading, event->start_mark, "a NUL byte is written in this text",
                      "leave it out: nothing that runs could be given it");
    struct node *node = make_node(reading, NODE_SCALAR, event->start_mark);
    node->text = arena_text_of(reading->arena, text, length);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    *value = node;
    return true;
}

static bool read_list(struct reading *reading, const yaml_event_t *start, size_t depth,
                      struct node **value) {
    if (!check_unmarked(reading, start, start->data.sequence_start.anchor,
                        start->data.sequence_start.tag))
        return false;
    struct node *list = make_node(reading, NODE_LIST, start->start_mark);
    size_t first = reading->open_count;
    *value = list;
    for (;;) {
        yaml_event_t event;
        if (!next_event(reading, &event))
            return false;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        struct node *item = NULL;
        bool fine = end || read_value(reading, &event, depth + 1, &item);
        yaml_event_delete(&event);
        if (end)
            close_list(reading, first, list);
        if (end || !fine)
            return fine;
        open_value(reading, item);
    }
}

static bool read_key(struct reading *reading, const yaml_event_t *event, struct node **key) {
    if (event->type != YAML_SCALAR_EVENT)
        return refuse(reading, event->start_mark, "a key must be a plain word",
                      "write it as `key: value`; quote a text that holds {, [, * or ?");
    if (!read_scalar(reading, event, key))
        return false;
    if (!(*key)->quoted && strcmp((*key)->text, "<<") == 0)
        return refuse(reading, event->start_mark, "a merge key (<<) stands here",
                      "write the keys out where they are needed");
    return true;
}

/* The entry whose key `event` is: its value is the next event. */
static bool read_entry(struct reading *reading, const yaml_event_t *event, size_t depth) {
    struct node *key = NULL;
    struct node *item = NULL;
    if (!read_key(reading, event, &key))
        return false;
    yaml_event_t next;
    if (!next_event(reading, &next))
        return false;
    bool fine = read_value(reading, &next, depth + 1, &item);
    yaml_event_delete(&next);
    if (!fine)
        return false;
    open_value(reading, key);
    open_value(reading, item);
    return true;
}

static bool read_map(struct reading *reading, const yaml_event_t *start, size_t depth,
                     struct node **value) {
    if (!check_unmarked(reading, start, start->data.mapping_start.anchor,
                        start->data.mapping_start.tag))
        return false;
    struct node *map = make_node(reading, NODE_MAP, start->start_mark);
    size_t first = reading->open_count;
    *value = map;
    for (;;) {
        yaml_event_t event;
        if (!next_event(reading, &event))
            return false;
        bool end = event.type == YAML_MAPPING_END_EVENT;
        bool fine = end || read_entry(reading, &event, depth);
        yaml_event_delete(&event);
        if (end)
            close_map(reading, first, map);
        if (end || !fine)
            return fine && check_duplicates(reading, map);
    }
}

static bool read_value(struct reading *reading, yaml_event_t *event, size_t depth,
                       struct node **value) {
    if (!check_room(reading, event, depth))
        return false;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reading, event, value);
    case YAML_SEQUENCE_START_EVENT:
        return read_list(reading, event, depth, value);
    case YAML_MAPPING_START_EVENT:
        return read_map(reading, event, depth, value);
    default:
        return refuse(reading, event->start_mark, "an alias (*name) stands here",
                      "write the value out; quote a text that starts with *");
    }
}

/* --- the document ----------------------------------------------------------------------------- */

/* Passes the events before and after the one document: each must be what is `wanted`. */
static bool expect_event(struct reading *reading, yaml_event_type_t wanted, const char *what,
                         const char *remedy) {
    yaml_event_t event;
    if (!next_event(reading, &event))
        return false;
    bool tagged =
        event.type == YAML_DOCUMENT_START_EVENT && event.data.document_start.tag_directives.start !=
                                                       event.data.document_start.tag_directives.end;
    bool fine = event.type == wanted && !tagged;
    if (tagged)
        refuse(reading, event.start_mark, "a %TAG directive stands here", "leave it out");
    else if (!fine)
        refuse(reading, event.start_mark, what, remedy);
    yaml_event_delete(&event);
    return fine;
}

static bool read_document(struct reading *reading, struct node **root) {
    const char *empty = "the file is empty";
    if (!expect_event(reading, YAML_STREAM_START_EVENT, empty, NULL) ||
        !expect_event(reading, YAML_DOCUMENT_START_EVENT, empty, NULL))
        return false;
    yaml_event_t event;
    if (!next_event(reading, &event))
        return false;
    bool fine = read_value(reading, &event, 1, root);
    yaml_event_delete(&event);
    return fine &&
           expect_event(reading, YAML_DOCUMENT_END_EVENT, "the document doesn't end", NULL) &&
           expect_event(reading, YAML_STREAM_END_EVENT, "a second document starts here",
                        "one file holds one: put the other in a file of its own");
}

/* Where the bytes stop being text: the first NUL or bad UTF-8 sequence. */
static size_t text_end(const char *bytes, size_t length) {
    size_t at = 0;
    while (at < length && bytes[at] != '\0') {
        size_t size = 1;
        while (size < 4 && size < length - at && ((unsigned char)bytes[at + size] & 0xC0) == 0x80)
            size++;
        if (!text_is_utf8(bytes + at, size))
            break;
        at += size;
    }
    return at;
}

static bool check_bytes(struct reading *reading) {
    const char *bytes = reading->bytes;
    size_t length = reading->length;
    if (length > YAML_MAX_BYTES)
        return refuse(reading, mark_at(reading, 0), "larger than 1 MiB",
                      "move scripts and data into files of their own");
    if (memchr(bytes, '\0', length) != NULL)
        return refuse(reading, mark_at(reading, text_end(bytes, length)), "a NUL byte stands here",
                      "save the file as UTF-8 text");
    if (!text_is_utf8(bytes, length))
        return refuse(reading, mark_at(reading, text_end(bytes, length)),
                      "these bytes are not UTF-8", "save the file as UTF-8 text");
    return true;
}

bool node_read(const void *parent, const char *bytes, size_t length, struct node **root,
               size_t *line, size_t *column, struct err *err) {
    struct arena *arena = arena_new(parent);
    struct reading reading = {.bytes = bytes, .length = length, .arena = arena, .err = err};
    struct node *first = NULL;
    bool fine = length == 0 || check_bytes(&reading);
    if (fine && yaml_parser_initialize(&reading.parser) != 0) {
        yaml_parser_set_input_string(&reading.parser, (const unsigned char *)bytes, length);
        fine = read_document(&reading, &first);
        yaml_parser_delete(&reading.parser);
    }
    *line = reading.line;
    *column = reading.column;
    talloc_free(reading.open);
    *root = NULL;
    if (!fine) {
        talloc_free(arena);
        return false;
    }
    *root = xtalloc_memdup(parent, first, sizeof(*first));
    talloc_steal(*root, arena);
    return true;
}

const char *node_library(void) {
    return yaml_get_version_string();
}
