#include "config.h"

#include "ui/prompt_inside.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/term.h"
#include "ui/ui.h"

#include <string.h>

struct prompt *prompt_open(struct ui *ui, enum prompt_kind kind, const char *label, prompt_fn *fn,
                           void *data) {
    prompt_cancel(ui);
    struct prompt *prompt = xtalloc_zero(ui, struct prompt);
    prompt->kind = kind;
    prompt->label = text_clean_z(prompt, label);
    prompt->fn = fn;
    prompt->data = data ? talloc_steal(prompt, data) : NULL;
    prompt->field = field_new(prompt);
    ui->prompt = prompt;
    ui->stale = true;
    return prompt;
}

void prompt_choice(struct prompt *prompt, uint32_t key, const char *words, const char *value) {
    prompt->choices =
        xtalloc_realloc(prompt, prompt->choices, struct choice, prompt->choices_count + 1);
    prompt->choices[prompt->choices_count++] =
        (struct choice){key, text_clean_z(prompt, words), xtalloc_strdup(prompt, value)};
}

void prompt_optional(struct prompt *prompt) {
    prompt->optional = true;
}

void prompt_word(struct prompt *prompt, const char *word) {
    prompt->word = xtalloc_strdup(prompt, word);
}

void prompt_preset(struct prompt *prompt, const char *text) {
    field_set(prompt->field, text);
}

void prompt_cancel(struct ui *ui) {
    TALLOC_FREE(ui->prompt);
    ui->stale = true;
}

/* Closes the prompt first: what it leads to may open the next one. */
static void answer(struct ui *ui, const char *text) {
    struct prompt *prompt = ui->prompt;
    ui->prompt = NULL;
    prompt->fn(ui, prompt->data, text);
    talloc_free(prompt);
}

/* ---- keys, one function a kind --------------------------------------------------------------- */

static void submit_text(struct ui *ui) {
    const char *text = field_text(ui->prompt->field);
    if (!*text && !ui->prompt->optional)
        ui_say(ui, true, "it needs some words; Esc leaves it");
    else
        answer(ui, text);
}

static void key_text(struct ui *ui, uint32_t key) {
    if (key == KEY_NAME_ENTER)
        submit_text(ui);
    else
        field_key(ui->prompt->field, key);
}

static void key_word(struct ui *ui, uint32_t key) {
    struct prompt *prompt = ui->prompt;
    if (key != KEY_NAME_ENTER)
        field_key(prompt->field, key);
    else if (strcmp(field_text(prompt->field), prompt->word) == 0)
        answer(ui, prompt->word);
    else
        ui_say(ui, true, "type %s, or Esc", prompt->word);
}

static void key_yes(struct ui *ui, uint32_t key) {
    if (key == 'y')
        answer(ui, "y");
    else if (key == 'n' || key == KEY_NAME_ENTER)
        prompt_cancel(ui);
}

static void key_menu(struct ui *ui, uint32_t key) {
    for (size_t i = 0; i < ui->prompt->choices_count; i++) {
        if (ui->prompt->choices[i].key != key)
            continue;
        answer(ui, ui->prompt->choices[i].value);
        return;
    }
}

static void key_palette(struct ui *ui, uint32_t key) {
    struct text_field *field = ui->prompt->field;
    if (key == KEY_NAME_TAB)
        palette_complete(ui, field);
    else if (key == KEY_NAME_UP || key == KEY_NAME_DOWN)
        palette_recall(ui, field, key == KEY_NAME_UP ? -1 : 1);
    else if (key == KEY_NAME_BACKSPACE && !*field_text(field))
        prompt_cancel(ui);
    else
        key_text(ui, key);
}

static void (*const key_fns[])(struct ui *ui, uint32_t key) = {
    [PROMPT_TEXT] = key_text, [PROMPT_WORD] = key_word,       [PROMPT_YES] = key_yes,
    [PROMPT_MENU] = key_menu, [PROMPT_PALETTE] = key_palette,
};

/* Type-ahead answers nothing: the person must have seen what they answer. A text field takes what
 * is typed on, for a text is read again before Enter. */
static bool was_seen(struct ui *ui, const struct input *input) {
    struct prompt *prompt = ui->prompt;
    bool seen = prompt->drawn && input->at_ms > term_seen_ms(ui->term);
    bool text = prompt->kind == PROMPT_TEXT || prompt->kind == PROMPT_PALETTE;
    return seen || (text && input->key != KEY_NAME_ENTER);
}

void prompt_key(struct ui *ui, const struct input *input) {
    if (input->key == KEY_NAME_ESCAPE || input->key == 3)
        prompt_cancel(ui);
    else if (was_seen(ui, input))
        key_fns[ui->prompt->kind](ui, input->key);
    else
        ui_say(ui, true, "typed before the question was shown: ignored");
    ui->stale = true;
}

void prompt_paste(struct ui *ui, const char *text) {
    enum prompt_kind kind = ui->prompt->kind;
    if (kind == PROMPT_TEXT || kind == PROMPT_PALETTE)
        field_paste(ui->prompt->field, text);
    else
        ui_say(ui, true, "a paste answers nothing here");
    ui->stale = true;
}
