#include "config.h"

#include "plan/keys.h"

#include "plan/scalar.h"

#define ANY_STEP (NAME_STEP | NAME_LAUNCH_STEP | NAME_RETURN_STEP)

const struct shape raw_shape = {.scalar = &raw_scalar};
const struct shape money_shape = {.scalar = &money_scalar};
const struct shape regex_shape = {.scalar = &regex_scalar};
const struct shape expr_shape = {.scalar = &expr_scalar};

static const struct shape word_shape = {.scalar = &step_text_scalar};
const struct shape command_shape = {
    .scalar = &step_text_scalar, .list = &word_shape, .at_least = 1};

static const struct shape secret_text_shape = {.scalar = &secret_text_scalar};
const struct shape secret_map_shape = {.map = &secret_text_shape, .map_key = &name_scalar};

const struct scalar step_name = {
    .name = "id", .expects = "the id of a step", .problem = id_problem, .names = NAME_STEP};
const struct scalar any_step_name = {
    .name = "id", .expects = "the id of a step", .problem = id_problem, .names = ANY_STEP};
const struct scalar role_name = {
    .name = "name", .expects = "a role", .problem = name_problem, .names = NAME_ROLE};
const struct scalar gate_name = {.name = "name",
                                 .expects = "a gate of `approvals`",
                                 .problem = name_problem,
                                 .names = NAME_GATE};
const struct scalar criterion_name = {.name = "id",
                                      .expects = "the id of a criterion",
                                      .problem = id_problem,
                                      .names = NAME_CRITERION};
static const struct scalar notice_name = {.name = "name",
                                          .expects = "the name of a notice",
                                          .problem = name_problem,
                                          .names = NAME_NOTICE};

const struct shape step_name_shape = {.scalar = &step_name};
const struct shape step_names_shape = {.list = &step_name_shape};
const struct shape any_step_name_shape = {.scalar = &any_step_name};
const struct shape any_step_names_shape = {.list = &any_step_name_shape};
const struct shape role_name_shape = {.scalar = &role_name};
const struct shape role_names_shape = {.list = &role_name_shape};
const struct shape gate_name_shape = {.scalar = &gate_name};
const struct shape notice_name_shape = {.scalar = &notice_name};
static const struct shape criterion_name_shape = {.scalar = &criterion_name};
const struct shape criterion_names_shape = {.list = &criterion_name_shape};

static const char *const signal_words[] = {"trigger", "guard", "exit", NULL};
static const struct scalar signal_use = {.name = "word",
                                         .expects = "a use of a criterion",
                                         .problem = word_problem,
                                         .words = signal_words};
static const struct shape signal_use_shape = {.scalar = &signal_use};
const struct shape signal_uses_shape = {.scalar = &signal_use, .list = &signal_use_shape};
