#include "config.h"

#include "plan/keys.h"
#include "plan/load.h"
#include "plan/plan.h"
#include "plan/scalar.h"
#include "yaml/policy_keys.h"

#define PLAN(member) offsetof(struct plan, member)

static const struct key link_keys[] = {
    {.name = "channel", .shape = &text_shape, .store = store_text, .offset = PLAN(channel)},
    {.name = "bridge", .shape = &text_shape},
    {.name = "dashboard", .shape = &text_shape},
    {.name = "runbook", .shape = &text_shape},
    {0},
};
static const struct section link_section = {.name = "the links", .keys = link_keys};
static const struct shape links_shape = {.section = &link_section};

static const struct shape sign_shape = {.map = &from_one_shape, .map_key = &role_name};

static const struct key cost_keys[] = {
    {.name = "per_minute", .shape = &money_shape, .required = true, .store = store_money},
    {0},
};
static const struct section cost_section = {.name = "the cost", .keys = cost_keys};
static const struct shape cost_shape = {.section = &cost_section};

static const struct key no_return_keys[] = {
    {.name = "step",
     .shape = &step_name_shape,
     .required = true,
     .store = store_text,
     .offset = PLAN(no_return_step)},
    {.name = "note", .shape = &text_shape, .store = store_text, .offset = PLAN(no_return_note)},
    {0},
};
static const struct section no_return_section = {.name = "the point of no return",
                                                 .keys = no_return_keys};
static const struct shape no_return_shape = {.section = &no_return_section};

/* --- options ---------------------------------------------------------------------------------- */

static const struct shape all_shape = {.scalar = &all_scalar};
static const struct key option_keys[] = {
    {.name = "title",
     .shape = &text_shape,
     .store = store_text,
     .offset = offsetof(struct plan_option, title)},
    {.name = "takes",
     .shape = &text_shape,
     .store = store_text,
     .offset = offsetof(struct plan_option, takes)},
    {.name = "steps", .shape = &step_names_shape, .choice = true}, /* load_options */
    {.name = "all", .shape = &all_shape, .choice = true},
    {.name = "loses",
     .shape = &text_shape,
     .store = store_text,
     .offset = offsetof(struct plan_option, loses)},
    {0},
};
const struct section option_section = {
    .name = "an option", .keys = option_keys, .choice = CHOICE_AT_MOST_ONE};
static const struct shape option_shape = {.section = &option_section};
static const struct shape options_shape = {.map = &option_shape, .map_key = &id_scalar};

/* --- inputs, secrets, sites, defaults --------------------------------------------------------- */

static const char *const input_words[] = {"string", "integer",  "number", "boolean",
                                          "choice", "datetime", NULL};
static const struct scalar input_type_scalar = {.name = "word",
                                                .expects = "a type of input",
                                                .problem = word_problem,
                                                .words = input_words,
                                                .first_word = INPUT_STRING};
static const struct shape input_type_shape = {.scalar = &input_type_scalar};

static const struct key input_keys[] = {
    {.name = "type",
     .shape = &input_type_shape,
     .required = true,
     .store = store_word,
     .offset = offsetof(struct plan_input, type)},
    {.name = "required",
     .shape = &flag_shape,
     .store = store_flag,
     .offset = offsetof(struct plan_input, required)},
    {.name = "default",
     .shape = &text_shape,
     .store = store_text,
     .offset = offsetof(struct plan_input, fallback)},
    {.name = "pattern",
     .shape = &regex_shape,
     .store = store_text,
     .offset = offsetof(struct plan_input, pattern)},
    {.name = "choices",
     .shape = &texts_shape,
     .store = store_texts,
     .offset = offsetof(struct plan_input, choices)},
    {.name = "sensitive",
     .shape = &flag_shape,
     .store = store_flag,
     .offset = offsetof(struct plan_input, sensitive)},
    {.name = "help",
     .shape = &text_shape,
     .store = store_text,
     .offset = offsetof(struct plan_input, help)},
    {0},
};
const struct section input_section = {.name = "an input", .keys = input_keys};
static const struct shape input_shape = {.section = &input_section};
static const struct shape inputs_shape = {.map = &input_shape, .map_key = &name_scalar};

static const struct shape secrets_shape = {.map = &secret_shape, .map_key = &name_scalar};

/* Values of a site may be nested: ${site.db.host}. */
static const struct shape site_shape = {
    .scalar = &text_scalar, .map = &site_shape, .map_key = &name_scalar};
/* A drill site has `differs` beside them, a list. */
static const struct shape drill_value_shape = {
    .scalar = &text_scalar, .list = &text_shape, .map = &site_shape, .map_key = &name_scalar};
static const struct shape production_site_shape = {.map = &site_shape, .map_key = &name_scalar};
static const struct shape drill_site_shape = {.map = &drill_value_shape, .map_key = &name_scalar};

static const struct key site_keys[] = {
    {.name = "production",
     .shape = &production_site_shape,
     .store = store_pairs,
     .offset = PLAN(site)},
    {.name = "drill", .shape = &drill_site_shape, .store = store_pairs, .offset = PLAN(drill_site)},
    {0},
};
static const struct section site_section = {.name = "the sites", .keys = site_keys};
static const struct shape sites_shape = {.section = &site_section};

/* Merged into every step by load_step_defaults. */
static const struct shape cwd_shape = {.scalar = &step_text_scalar};
static const struct key default_keys[] = {
    {.name = "env", .shape = &secret_map_shape},
    {.name = "timeout", .shape = &duration_shape},
    {.name = "cwd", .shape = &cwd_shape},
    {0},
};
static const struct section default_section = {.name = "the defaults", .keys = default_keys};
static const struct shape defaults_shape = {.section = &default_section};

/* --- the file --------------------------------------------------------------------------------- */

static const struct key plan_keys[] = {
    {.name = "backout", .shape = &format_shape, .required = true},
    {.name = "plan", .shape = &id_shape, .required = true, .store = store_text, .offset = PLAN(id)},
    {.name = "title",
     .shape = &text_shape,
     .required = true,
     .store = store_text,
     .offset = PLAN(title)},
    {.name = "service",
     .shape = &text_shape,
     .required = true,
     .store = store_text,
     .offset = PLAN(service)},
    {.name = "environment", .shape = &text_shape, .store = store_text, .offset = PLAN(environment)},
    {.name = "version", .shape = &from_one_shape, .store = store_integer, .offset = PLAN(version)},
    {.name = "ticket", .shape = &text_shape, .store = store_text, .offset = PLAN(ticket)},
    {.name = "links", .shape = &links_shape, .store = store_section},
    {.name = "changes", .shape = &changes_shape},
    {.name = "sign", .shape = &sign_shape},
    {.name = "why", .shape = &text_shape, .store = store_text, .offset = PLAN(why)},
    {.name = "cost", .shape = &cost_shape, .store = store_section},
    {.name = "rto", .shape = &duration_shape, .store = store_duration, .offset = PLAN(rto_ms)},
    {.name = "rpo", .shape = &duration_shape, .store = store_duration, .offset = PLAN(rpo_ms)},
    {.name = "point_of_no_return", .shape = &no_return_shape, .store = store_section},
    {.name = "options", .shape = &options_shape}, /* load_options */
    {.name = "risks", .shape = &risks_shape},
    {.name = "artifacts", .shape = &texts_shape},
    {.name = "roles", .shape = &roles_shape, .store = store_roles, .offset = PLAN(roles)},
    {.name = "targets", .shape = &targets_shape, .store = store_section, .offset = PLAN(targets)},
    {.name = "escalation",
     .shape = &escalation_shape,
     .store = store_escalation,
     .offset = PLAN(escalation)},
    {.name = "inputs", .shape = &inputs_shape, .store = store_inputs},
    {.name = "secrets", .shape = &secrets_shape, .store = store_secrets},
    {.name = "sites", .shape = &sites_shape, .store = store_section},
    {.name = "defaults", .shape = &defaults_shape},
    {.name = "sources", .shape = &sources_shape},
    {.name = "criteria", .shape = &criteria_shape},
    {.name = "approvals", .shape = &approvals_shape},
    {.name = "containment", .shape = &containment_shape},
    {.name = "before_launch", .shape = &steps_shape},
    {.name = "steps", .shape = &steps_shape, .required = true, .store = store_steps},
    {.name = "reinstate", .shape = &reinstate_shape},
    {.name = "notices", .shape = &notices_shape},
    {.name = "goodwill", .shape = &goodwill_shape},
    {.name = "drill", .shape = &drill_shape},
    {.name = "close", .shape = &close_shape},
    {0},
};
const struct section plan_section = {.name = "a plan", .keys = plan_keys};
