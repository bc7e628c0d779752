#include "config.h"

#include "base/text.h"

#include "base/limits.h"

/* The shape of sequences is ECMA-48's. Of everything that begins with ESC nothing passes; what is
 * not a sequence after all passes from the first byte that doesn't fit. */
enum state {
    GROUND,
    NEW_LINE,      /* after a carriage return: the newline is written already */
    ESCAPE,        /* after ESC */
    ESCAPE_MIDDLE, /* ESC and intermediate bytes */
    CSI,           /* ESC [ */
    STRING,        /* in OSC, DCS, SOS, PM or APC */
};

/* A sequence longer than this was none, or hides text. */

#define BEL 0x07
#define CAN 0x18
#define SUB 0x1A
#define ESC 0x1B

static bool within(uint8_t byte, uint8_t low, uint8_t high) {
    return byte >= low && byte <= high;
}

static bool opens_string(uint8_t byte) {
    return byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_';
}

/* What a step says: the next state, and whether the byte belongs to what is dropped. */
struct step {
    enum state next;
    bool dropped;
};

static struct step at_ground(uint8_t byte) {
    (void)byte;
    return (struct step){GROUND, false};
}

/* A run of carriage returns with the newline after it is one line's end. */
static struct step at_new_line(uint8_t byte) {
    if (byte == '\r') {
        return (struct step){NEW_LINE, true};
    }
    return (struct step){GROUND, byte == '\n'};
}

static struct step at_escape_middle(uint8_t byte) {
    if (within(byte, 0x20, 0x2F)) {
        return (struct step){ESCAPE_MIDDLE, true};
    }
    return (struct step){GROUND, within(byte, 0x30, 0x7E)};
}

static struct step at_escape(uint8_t byte) {
    if (byte == '[') {
        return (struct step){CSI, true};
    }
    if (opens_string(byte)) {
        return (struct step){STRING, true};
    }
    return at_escape_middle(byte);
}

static struct step at_csi(uint8_t byte) {
    if (within(byte, 0x20, 0x3F)) {
        return (struct step){CSI, true};
    }
    return (struct step){GROUND, within(byte, 0x40, 0x7E) || byte == CAN || byte == SUB};
}

/* Its end, ESC \, is dropped as any escape is. A newline ends a string that nobody ended, so that
 * it can't swallow the lines that follow. */
static struct step at_string(uint8_t byte) {
    if (byte == '\n' || byte == '\r') {
        return (struct step){GROUND, false};
    }
    bool ended = byte == BEL || byte == CAN || byte == SUB;
    return (struct step){ended ? GROUND : STRING, true};
}

typedef struct step step_fn(uint8_t byte);

static step_fn *const steps[] = {
    [GROUND] = at_ground, [NEW_LINE] = at_new_line,
    [ESCAPE] = at_escape, [ESCAPE_MIDDLE] = at_escape_middle,
    [CSI] = at_csi,       [STRING] = at_string,
};

static struct step step_from(const struct text_filter *filter, uint8_t byte) {
    if (byte == ESC) {
        return (struct step){ESCAPE, true};
    }
    if (filter->sequence == TEXT_SEQUENCE_MAX) {
        return (struct step){GROUND, false};
    }
    return steps[filter->state](byte);
}

size_t text_filter_pass(struct text_filter *filter, const char *bytes, size_t length, char *out) {
    char *start = out;

    for (size_t i = 0; i < length; i++) {
        struct step step = step_from(filter, (uint8_t)bytes[i]);
        bool in_sequence = step.next != GROUND && step.next != NEW_LINE;
        filter->state = step.next;
        filter->sequence = in_sequence ? filter->sequence + 1 : 0;
        if (!step.dropped && bytes[i] == '\r') {
            filter->state = NEW_LINE;
            *out++ = '\n';
        } else if (!step.dropped) {
            *out++ = bytes[i];
        }
    }
    return (size_t)(out - start);
}
