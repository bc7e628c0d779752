/* People and roles: who is called for each role, who holds it, and what of it is in hand; then who
 * the people are. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/command.h"

#include <string.h>

/* Where the words of a line begin, and those of a person. */
#define WORDS_COL 14
#define MAY_COL   40
#define HOLDS_COL 50
/* Below this width a person is a name and what they may. */
#define ROOMY_COLS 60

/* ---- lines ----------------------------------------------------------------------------------- */

/* Keys are names of roles, then "@" and names of people; "@" alone is the heading of those. */
static bool is_role(const char *key) {
    return key[0] != '@';
}

static const char *const *role_names(const struct frame *frame) {
    const struct roster *roster = frame->state->roster;
    size_t count = 0;
    if (frame->incident)
        return arg_candidates(frame->scratch, ARG_ROLE, frame->state, frame->incident);
    const char **names =
        xtalloc_zero_array(frame->scratch, const char *, (roster ? roster->roles.count : 0) + 5);
    for (const char *const *role = standing_roles; *role; role++)
        names[count++] = *role;
    for (size_t i = 0; roster && i < roster->roles.count; i++)
        if (!role_is_standing(roster->roles.list[i].name))
            names[count++] = roster->roles.list[i].name;
    return names;
}

static struct items role_lines(const struct frame *frame) {
    const struct roster *roster = frame->state->roster;
    const char *const *roles = role_names(frame);
    size_t count = 0, people = roster ? roster->people_count + 1 : 0;
    while (roles[count])
        count++;
    const char **keys = xtalloc_array(frame->scratch, const char *, count + people + 1);
    memcpy(keys, roles, count * sizeof(*keys));
    if (people)
        keys[count++] = "@";
    for (size_t i = 0; i + 1 < people; i++)
        keys[count++] = xtalloc_asprintf(frame->scratch, "@%s", roster->people[i].id);
    return (struct items){.keys = keys, .count = count};
}

const char *roles_selected(const struct frame *frame) {
    const struct items items = role_lines(frame);
    const char *key = items.keys[cursor_index(&frame->page->cursors[0], &items)];
    return is_role(key) ? key : NULL;
}

/* ---- a role ---------------------------------------------------------------------------------- */

static const struct role_people *people_of(const struct frame *frame, const char *role) {
    const struct roster *roster = frame->state->roster;
    if (frame->incident)
        return incident_role_people(frame->incident, role);
    return roster ? role_find(&roster->roles, role) : NULL;
}

static const char *on_call_words(const struct frame *frame, const char *role) {
    const struct role_people *people = people_of(frame, role);
    if (!people)
        return "nobody is named for it";
    char *words = xtalloc_strdup(frame->scratch, "called:");
    for (const char *const *person = people->people; *person; person++)
        words =
            xtalloc_asprintf_append(words, "%s %s", person == people->people ? "" : ",", *person);
    return words;
}

/* States in which somebody has something to do. */
static bool is_in_hand(const struct incident *incident, const struct step *step) {
    enum step_state state = step_state(incident, step);
    return step_state_is_open(state) || state == STEP_READY || state == STEP_FAILED;
}

/* "3 undo-code running, 4 reset-config ready (lee)": a name where it isn't who holds the role. */
static const char *in_hand_words(const struct frame *frame, const char *role) {
    const struct incident *incident = frame->incident;
    char *words = xtalloc_strdup(frame->scratch, "");
    for (size_t i = 0; incident && i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        const char *owner = step->spec->owner ? step->spec->owner : "commander";
        if (strcmp(owner, role) != 0 || !is_in_hand(incident, step))
            continue;
        words = xtalloc_asprintf_append(words, "%s%s %s", *words ? ", " : "", step->label,
                                        step_state_name(step_state(incident, step)));
        if (step->person)
            words = xtalloc_asprintf_append(words, " (%s)", step->person);
    }
    return words;
}

static char **more_rows(const struct frame *frame, const char *role, int cols) {
    const char *in_hand = in_hand_words(frame, role);
    char *words = xtalloc_strdup(frame->scratch, on_call_words(frame, role));
    if (*in_hand)
        words = xtalloc_asprintf_append(words, "; in hand: %s", in_hand);
    int cells = cols - WORDS_COL - 1;
    return text_wrap(frame->scratch, text_clean_z(frame->scratch, words), cells > 1 ? cells : 1);
}

/* "ana Ana Costa": in full where the roster has it. */
static const char *person_words(const struct frame *frame, const char *id) {
    const struct roster *roster = frame->state->roster;
    const struct roster_person *person = roster ? roster_person(roster, id) : NULL;
    return person && person->name ? xtalloc_asprintf(frame->scratch, "%s  %s", id, person->name)
                                  : id;
}

static void draw_holder(struct frame *frame, struct area area, int row, const char *role) {
    const struct role_holding *holding =
        frame->incident ? incident_role(frame->incident, role) : NULL;
    bool glares = strcmp(role, "commander") == 0 && frame->incident;
    const char *holder = holding ? holding->holder : NULL;
    struct area inner = area_left(area, area.cols - 1);
    int col = WORDS_COL;
    if (holder)
        col += canvas_putf(frame->canvas, inner, row, col, ROLE_STRONG, "%s",
                           person_words(frame, holder));
    else
        col += canvas_put(frame->canvas, inner, row, col, glares ? ROLE_LATE : ROLE_DIM,
                          frame->incident ? "nobody" : "—");
    if (holder && strcmp(holder, frame->me) == 0)
        col += canvas_put(frame->canvas, inner, row, col, ROLE_STRONG, " (you)");
    if (holder)
        col += canvas_putf(frame->canvas, inner, row, col, ROLE_DIM, ", since %s",
                           time_minute(frame->scratch, holding->since_ms));
    if (holding && holding->offered_to)
        canvas_putf(frame->canvas, inner, row, col, ROLE_WARN, " → %s?", holding->offered_to);
}

static void draw_role(struct frame *frame, struct area area, int row, const char *role) {
    char **more = more_rows(frame, role, area.cols);
    canvas_put_cell(frame->canvas, area, row, 1, WORDS_COL - 2, ROLE_STRONG, role);
    draw_holder(frame, area, row, role);
    for (int i = 0; more[i]; i++)
        canvas_put(frame->canvas, area_left(area, area.cols - 1), row + 1 + i, WORDS_COL, ROLE_DIM,
                   more[i]);
}

/* ---- a person -------------------------------------------------------------------------------- */

static const char *held_words(const struct frame *frame, const char *id) {
    const struct incident *incident = frame->incident;
    char *words = xtalloc_strdup(frame->scratch, "");
    for (size_t i = 0; incident && i < incident->roles_count; i++)
        if (incident->roles[i].holder && strcmp(incident->roles[i].holder, id) == 0)
            words = xtalloc_asprintf_append(words, "%s%s", *words ? ", " : "is ",
                                            incident->roles[i].role);
    return words;
}

static void draw_person(struct frame *frame, struct area area, int row, const char *id) {
    const struct roster_person *person = roster_person(frame->state->roster, id);
    bool roomy = area.cols >= ROOMY_COLS;
    int may = roomy ? MAY_COL : area.cols - 10;
    canvas_put_cell(frame->canvas, area, row, 1, WORDS_COL - 2, ROLE_STRONG, id);
    canvas_put_cell(frame->canvas, area, row, WORDS_COL, may - WORDS_COL - 1, ROLE_TEXT,
                    person->name ? person->name : "");
    canvas_put_cell(frame->canvas, area, row, may, 8, ROLE_DIM, authority_name(person->may));
    if (roomy)
        canvas_put_cell(frame->canvas, area, row, HOLDS_COL, area.cols - 1 - HOLDS_COL, ROLE_TEXT,
                        held_words(frame, id));
}

/* ---- the view -------------------------------------------------------------------------------- */

static int count_rows(const struct frame *frame, const char *key, int cols) {
    int rows = 1;
    if (!is_role(key))
        return rows;
    for (char **more = more_rows(frame, key, cols); *more; more++)
        rows++;
    return rows;
}

static void draw_line(struct frame *frame, struct area area, int row, const char *key) {
    if (is_role(key))
        draw_role(frame, area, row, key);
    else if (key[1])
        draw_person(frame, area, row, key + 1);
    else
        canvas_rule(frame->canvas, area_below(area, row), 0,
                    xtalloc_asprintf(frame->scratch, "PEOPLE   others may %s",
                                     authority_name(frame->state->roster->others)));
}

static void draw_roles(struct frame *frame, struct area area) {
    static const struct line_look look = {count_rows, draw_line};
    const struct mark *applied = &frame->state->applied;
    const char *heading =
        frame->state->roster
            ? xtalloc_asprintf(frame->scratch, "ROLES   by the roster that %s applied at %s",
                               applied->by, time_minute(frame->scratch, applied->at_ms))
            : "ROLES   no roster is in force: roles are not enforced";
    lines_draw(frame, area, heading, &look);
}

static const char *const hints[] = {"move-down", "move-up", "people", "back", "palette", NULL};

const struct view roles_view = {
    .name = "roles",
    .about = "who is called for each role, who has it, and what is in hand",
    .panes = {PANE_LINES},
    .draw = draw_roles,
    .head_rows = 1,
    .hints = hints,
    .lines = role_lines,
};
