#include "config.h"

#include "base/utf8.h"

#include "base/array.h"

/* Table 3-7 as it stands: the second byte is what keeps overlong forms and surrogates out. */
static const struct form {
    uint8_t lead_low, lead_high;
    uint8_t second_low, second_high;
    uint8_t size;
    uint8_t lead_bits; /* mask of the lead byte's share of the code point */
} forms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2, 0x1F}, {0xE0, 0xE0, 0xA0, 0xBF, 3, 0x0F},
    {0xE1, 0xEC, 0x80, 0xBF, 3, 0x0F}, {0xED, 0xED, 0x80, 0x9F, 3, 0x0F},
    {0xEE, 0xEF, 0x80, 0xBF, 3, 0x0F}, {0xF0, 0xF0, 0x90, 0xBF, 4, 0x07},
    {0xF1, 0xF3, 0x80, 0xBF, 4, 0x07}, {0xF4, 0xF4, 0x80, 0x8F, 4, 0x07},
};

static const struct form *find_form(uint8_t lead) {
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        if (lead >= forms[i].lead_low && lead <= forms[i].lead_high) {
            return &forms[i];
        }
    }
    return NULL;
}

size_t utf8_read(const char *bytes, size_t length, uint32_t *point) {
    uint8_t lead = (uint8_t)bytes[0];

    if (lead < 0x80) {
        *point = lead;
        return 1;
    }
    *point = UTF8_BAD;
    const struct form *form = find_form(lead);
    if (form == NULL) {
        return 1;
    }
    uint32_t result = lead & form->lead_bits;
    uint8_t low = form->second_low, high = form->second_high;
    for (size_t i = 1; i < form->size; i++) {
        uint8_t byte = i < length ? (uint8_t)bytes[i] : 0;
        if (byte < low || byte > high) {
            return i;
        }
        result = result << 6 | (byte & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *point = result;
    return form->size;
}

size_t utf8_write(uint32_t point, char bytes[UTF8_MAX]) {
    static const uint8_t lead_marks[] = {[2] = 0xC0, [3] = 0xE0, [4] = 0xF0};

    if (point < 0x80) {
        bytes[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size; --i > 0; point >>= 6) {
        bytes[i] = (char)(0x80 | (point & 0x3F));
    }
    bytes[0] = (char)(lead_marks[size] | point);
    return size;
}
