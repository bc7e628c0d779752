#include "config.h"

#include "plan/keys.h"
#include "plan/scalar.h"

/* --- changes: what is in production ----------------------------------------------------------- */

static const char *const kind_words[] = {"code",   "flag",  "config", "schema",
                                         "client", "other", NULL};
static const struct scalar kind_scalar = {
    .name = "word", .expects = "a kind of change", .problem = word_problem, .words = kind_words};
static const struct shape kind_shape = {.scalar = &kind_scalar};

/* `never` is short for: no step, and we know it. */
static const char *const never_words[] = {"never", NULL};
static const struct scalar undone_by_scalar = {.name = "id",
                                               .expects = "the id of a step, or never",
                                               .problem = id_problem,
                                               .words = never_words,
                                               .names = NAME_STEP};
static const struct shape undone_by_shape = {.scalar = &undone_by_scalar};

static const struct scalar change_name = {
    .name = "id", .expects = "the id of a change", .problem = id_problem, .names = NAME_CHANGE};
static const struct shape works_with_shape = {.map = &texts_shape, .map_key = &change_name};

static const struct key change_keys[] = {
    {.name = "id", .shape = &id_shape, .required = true},
    {.name = "kind", .shape = &kind_shape, .required = true},
    {.name = "from", .shape = &text_shape},
    {.name = "to", .shape = &text_shape},
    {.name = "undone_by", .shape = &undone_by_shape},
    {.name = "held_by", .shape = &step_name_shape},
    {.name = "works_with", .shape = &works_with_shape},
    {0},
};
static const struct section change_section = {.name = "a change", .keys = change_keys};
static const struct shape change_shape = {.section = &change_section};
const struct shape changes_shape = {.list = &change_shape};

/* --- risks ------------------------------------------------------------------------------------ */

static const struct scalar fallback_scalar = {.name = "id",
                                              .expects = "the id of a step or option",
                                              .problem = id_problem,
                                              .names = NAME_STEP | NAME_OPTION};
static const struct shape fallback_shape = {.scalar = &fallback_scalar};

static const struct key risk_keys[] = {
    {.name = "feature", .shape = &text_shape, .required = true},
    {.name = "depends_on", .shape = &texts_shape},
    {.name = "failure", .shape = &text_shape},
    {.name = "impact", .shape = &text_shape},
    {.name = "fallback", .shape = &fallback_shape},
    {0},
};
static const struct section risk_section = {.name = "a risk", .keys = risk_keys};
static const struct shape risk_shape = {.section = &risk_section};
const struct shape risks_shape = {.list = &risk_shape};

/* --- containment ------------------------------------------------------------------------------ */

static const struct key limit_keys[] = {
    {.name = "runs_per_step", .shape = &from_one_shape},
    {.name = "total", .shape = &duration_shape},
    {0},
};
static const struct section limit_section = {.name = "the limits", .keys = limit_keys};
static const struct shape limits_shape = {.section = &limit_section};

static const struct key containment_keys[] = {
    {.name = "who", .shape = &role_names_shape},
    {.name = "steps", .shape = &step_names_shape, .required = true},
    {.name = "limits", .shape = &limits_shape},
    {0},
};
static const struct section containment_section = {.name = "containment", .keys = containment_keys};
const struct shape containment_shape = {.section = &containment_section};

/* --- reinstate -------------------------------------------------------------------------------- */

static const struct key reinstate_keys[] = {
    {.name = "needs", .shape = &any_step_names_shape},
    {.name = "hold", .shape = &duration_shape},
    {.name = "stages", .shape = &texts_shape},
    {.name = "steps", .shape = &reinstate_steps_shape},
    {.name = "guards", .shape = &criterion_names_shape},
    {0},
};
static const struct section reinstate_section = {.name = "the reinstatement",
                                                 .keys = reinstate_keys};
const struct shape reinstate_shape = {.section = &reinstate_section};

/* --- drill and close -------------------------------------------------------------------------- */

static const struct key drill_keys[] = {
    {.name = "every", .shape = &duration_shape},
    {.name = "must_cover", .shape = &step_names_shape},
    {.name = "load", .shape = &text_shape},
    {.name = "inject", .shape = &texts_shape},
    {0},
};
static const struct section drill_section = {.name = "the drill", .keys = drill_keys};
const struct shape drill_shape = {.section = &drill_section};

static const struct key close_keys[] = {
    {.name = "require", .shape = &texts_shape},
    {.name = "tasks", .shape = &texts_shape},
    {0},
};
static const struct section close_section = {.name = "the close", .keys = close_keys};
const struct shape close_shape = {.section = &close_section};
