#include "config.h"

#include "ui/decode.h"

#include "base/array.h"
#include "base/utf8.h"
#include "base/xtalloc.h"

#include <stdio.h>
#include <string.h>

#define SEQUENCE_MAX 32 /* longer ones are swallowed too, but can't be known */

enum {
    CONTROL_CAN = 0x18, /* cancels a sequence, as SUB does (ECMA-48 8.3.6) */
    CONTROL_SUB = 0x1A,
    CONTROL_BEL = 0x07, /* ends an OSC, besides ST */
    CONTROL_ESC = 0x1B,
};

enum state {
    STATE_GROUND,
    STATE_ESCAPE,
    STATE_CSI,
    STATE_SS3,
    STATE_STRING, /* OSC, DCS, SOS, PM, APC */
    STATE_MOUSE,  /* the three bytes behind CSI M, should a mouse report come unasked */
};

struct decoder {
    struct typing *typing;
    enum state state;
    char sequence[SEQUENCE_MAX + 1]; /* what came behind the ESC */
    size_t length;
    size_t mouse_bytes;
    char letter[UTF8_MAX]; /* the first bytes of a character */
    size_t letter_length, letter_size;
    int64_t expired_ms; /* when the last lone escape was taken for the Esc key; 0: forgotten */
    bool reported;
    int report_row, report_col;
};

/* Cursor keys come as CSI or SS3, by mode; Home, End and F1 have a form for each family of
 * terminals: xterm, vt220, rxvt, linux. */
static const struct {
    const char *sequence;
    uint32_t key;
} sequences[] = {
    {"[A", KEY_NAME_UP},      {"OA", KEY_NAME_UP},       {"[B", KEY_NAME_DOWN},
    {"OB", KEY_NAME_DOWN},    {"[C", KEY_NAME_RIGHT},    {"OC", KEY_NAME_RIGHT},
    {"[D", KEY_NAME_LEFT},    {"OD", KEY_NAME_LEFT},     {"[H", KEY_NAME_HOME},
    {"OH", KEY_NAME_HOME},    {"[1~", KEY_NAME_HOME},    {"[7~", KEY_NAME_HOME},
    {"[F", KEY_NAME_END},     {"OF", KEY_NAME_END},      {"[4~", KEY_NAME_END},
    {"[8~", KEY_NAME_END},    {"[5~", KEY_NAME_PAGE_UP}, {"[6~", KEY_NAME_PAGE_DOWN},
    {"[3~", KEY_NAME_DELETE}, {"[Z", KEY_NAME_BACK_TAB}, {"OM", KEY_NAME_ENTER},
    {"OP", KEY_NAME_F1},      {"[11~", KEY_NAME_F1},     {"[[A", KEY_NAME_F1},
};

static const struct {
    uint8_t byte;
    uint32_t key;
} controls[] = {
    {'\r', KEY_NAME_ENTER},
    {'\t', KEY_NAME_TAB},
    {'\b', KEY_NAME_BACKSPACE},
    {0x7F, KEY_NAME_BACKSPACE},
};

struct decoder *decoder_new(const void *parent, struct typing *typing) {
    struct decoder *decoder = xtalloc_zero(parent, struct decoder);

    decoder->typing = typing;
    return decoder;
}

static void start(struct decoder *decoder, enum state state) {
    decoder->state = state;
    decoder->length = 0;
}

static void gather(struct decoder *decoder, uint8_t byte) {
    if (decoder->length < SEQUENCE_MAX) {
        decoder->sequence[decoder->length++] = (char)byte;
    }
    decoder->sequence[decoder->length] = '\0';
}

/* ---- complete sequences ---------------------------------------------------------------------- */

static bool take_report(struct decoder *decoder) {
    int row, col, end = 0;

    if (sscanf(decoder->sequence, "[%4d;%4dR%n", &row, &col, &end) < 2 || end == 0) {
        return false;
    }
    decoder->report_row = row;
    decoder->report_col = col;
    decoder->reported = true;
    return true;
}

static void take_sequence(struct decoder *decoder) {
    start(decoder, STATE_GROUND);
    if (strcmp(decoder->sequence, "[200~") == 0) {
        typing_paste_begin(decoder->typing);
        return;
    }
    if (strcmp(decoder->sequence, "[201~") == 0) {
        typing_paste_end(decoder->typing);
        return;
    }
    if (take_report(decoder) || typing_is_pasting(decoder->typing)) {
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(sequences); i++) {
        if (strcmp(sequences[i].sequence, decoder->sequence) == 0) {
            typing_key(decoder->typing, sequences[i].key);
            return;
        }
    }
    typing_noise(decoder->typing);
}

/* ---- states: each takes one byte and answers whether it was used up -------------------------- */

static bool begin_escape(struct decoder *decoder, uint8_t byte) {
    static const struct {
        uint8_t byte;
        enum state state;
    } kinds[] = {
        {'[', STATE_CSI},    {'O', STATE_SS3},    {'P', STATE_STRING}, {']', STATE_STRING},
        {'X', STATE_STRING}, {'^', STATE_STRING}, {'_', STATE_STRING},
    };

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (kinds[i].byte == byte) {
            start(decoder, kinds[i].state);
            gather(decoder, byte);
            return true;
        }
    }
    return false;
}

static void take_point(struct decoder *decoder, uint32_t point) {
    if (point >= 0x80 && point < 0xA0) {
        /* C1: the 8-bit form of ESC and a letter. */
        if (!begin_escape(decoder, (uint8_t)(point - 0x40))) {
            typing_noise(decoder->typing);
        }
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(controls); i++) {
        if (controls[i].byte == point) {
            typing_key(decoder->typing, controls[i].key);
            return;
        }
    }
    if (point != 0 && point != UTF8_BAD) {
        typing_key(decoder->typing, point);
    } else {
        typing_noise(decoder->typing);
    }
}

static size_t letter_size(uint8_t lead) {
    if (lead < 0xC2 || lead > 0xF4) {
        return 1;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static bool in_ground(struct decoder *decoder, uint8_t byte) {
    uint32_t point = byte;
    bool continues = (byte & 0xC0) == 0x80;

    if (decoder->letter_length > 0 && !continues) {
        decoder->letter_length = 0; /* cut off: ignored */
        typing_noise(decoder->typing);
    }
    if (byte == CONTROL_ESC) {
        start(decoder, STATE_ESCAPE);
        return true;
    }
    if (decoder->letter_length == 0) {
        decoder->letter_size = letter_size(byte);
    }
    decoder->letter[decoder->letter_length++] = (char)byte;
    if (decoder->letter_length < decoder->letter_size) {
        return true;
    }
    if (decoder->letter_size > 1) {
        utf8_read(decoder->letter, decoder->letter_size, &point);
    }
    decoder->letter_length = 0;
    bool stray = decoder->letter_size == 1 && byte >= 0xA0;
    take_point(decoder, stray ? UTF8_BAD : point);
    return true;
}

/* What is neither a known kind of sequence nor a part of one is a letter with Alt: swallowed. */
static bool in_escape(struct decoder *decoder, uint8_t byte) {
    if (byte == CONTROL_ESC) {
        start(decoder, STATE_ESCAPE);
    } else if (byte >= 0x80) {
        start(decoder, STATE_GROUND);
        return false;
    } else if (decoder->length == 0 && begin_escape(decoder, byte)) {
        return true;
    } else if (byte >= 0x20 && byte <= 0x2F) {
        gather(decoder, byte); /* intermediate, as in ESC ( B */
    } else {
        start(decoder, STATE_GROUND);
        typing_noise(decoder->typing);
    }
    return true;
}

/* ESC begins the next sequence and CAN and SUB end this one, wherever it stands. */
static bool breaks_off(struct decoder *decoder, uint8_t byte) {
    if (byte == CONTROL_ESC) {
        start(decoder, STATE_ESCAPE);
    } else if (byte == CONTROL_CAN || byte == CONTROL_SUB) {
        start(decoder, STATE_GROUND);
        typing_noise(decoder->typing);
    }
    return byte == CONTROL_ESC || byte == CONTROL_CAN || byte == CONTROL_SUB;
}

static bool in_csi(struct decoder *decoder, uint8_t byte) {
    if (breaks_off(decoder, byte)) {
        return true;
    }
    if (byte >= 0x7F) {
        start(decoder, STATE_GROUND);
        return byte == 0x7F;
    }
    if (byte < 0x20) {
        return true;
    }
    bool linux_function_key = byte == '[' && decoder->length == 1;
    gather(decoder, byte);
    if (byte < 0x40 || linux_function_key) {
        return true;
    }
    if (strcmp(decoder->sequence, "[M") == 0) {
        start(decoder, STATE_MOUSE);
        decoder->mouse_bytes = 3;
        return true;
    }
    take_sequence(decoder);
    return true;
}

static bool in_ss3(struct decoder *decoder, uint8_t byte) {
    if (breaks_off(decoder, byte)) {
        return true;
    }
    if (byte >= 0x7F || byte < 0x20) {
        start(decoder, STATE_GROUND);
        return false;
    }
    gather(decoder, byte);
    if (byte >= 0x40) {
        take_sequence(decoder);
    }
    return true;
}

static bool in_string(struct decoder *decoder, uint8_t byte) {
    if (!breaks_off(decoder, byte) && byte == CONTROL_BEL) {
        start(decoder, STATE_GROUND);
        typing_noise(decoder->typing);
    }
    return true;
}

static bool in_mouse(struct decoder *decoder, uint8_t byte) {
    (void)byte;
    if (--decoder->mouse_bytes == 0) {
        start(decoder, STATE_GROUND);
    }
    return true;
}

static bool (*const states[])(struct decoder *decoder, uint8_t byte) = {
    [STATE_GROUND] = in_ground, [STATE_ESCAPE] = in_escape, [STATE_CSI] = in_csi,
    [STATE_SS3] = in_ss3,       [STATE_STRING] = in_string, [STATE_MOUSE] = in_mouse,
};

/* ---- bytes and time -------------------------------------------------------------------------- */

/* A slow line can part an escape from the rest of its sequence by more than the Esc key may wait.
 * The rest then comes in one read, which two fingers can't do. */
static void rejoin(struct decoder *decoder, const char *bytes, size_t length, int64_t at_ms) {
    bool fresh = decoder->expired_ms != 0 && at_ms - decoder->expired_ms < DECODE_SEQUENCE_MS;

    decoder->expired_ms = 0;
    if (fresh && length > 1 && (bytes[0] == '[' || bytes[0] == 'O')) {
        start(decoder, STATE_ESCAPE);
    }
}

void decoder_feed(struct decoder *decoder, const char *bytes, size_t length, int64_t at_ms) {
    rejoin(decoder, bytes, length, at_ms);
    typing_begin(decoder->typing, at_ms);
    for (size_t i = 0; i < length; i++) {
        while (!states[decoder->state](decoder, (uint8_t)bytes[i])) {
            /* The state gave way to another, which takes the byte. */
        }
    }
    typing_end(decoder->typing);
}

static bool is_lone_escape(const struct decoder *decoder) {
    return decoder->state == STATE_ESCAPE && decoder->length == 0;
}

int64_t decoder_wait_ms(const struct decoder *decoder) {
    if (typing_is_pasting(decoder->typing)) {
        return DECODE_PASTE_MS;
    }
    if (is_lone_escape(decoder)) {
        return DECODE_ESCAPE_MS;
    }
    return decoder->state != STATE_GROUND ? DECODE_SEQUENCE_MS : -1;
}

void decoder_expire(struct decoder *decoder, int64_t at_ms) {
    bool escape = is_lone_escape(decoder) && !typing_is_pasting(decoder->typing);

    start(decoder, STATE_GROUND);
    typing_begin(decoder->typing, at_ms);
    typing_paste_end(decoder->typing);
    if (escape) {
        typing_key(decoder->typing, KEY_NAME_ESCAPE);
        decoder->expired_ms = at_ms;
    }
    typing_end(decoder->typing);
}

bool decoder_report(struct decoder *decoder, int *row, int *col) {
    bool reported = decoder->reported;

    *row = decoder->report_row;
    *col = decoder->report_col;
    decoder->reported = false;
    return reported;
}
