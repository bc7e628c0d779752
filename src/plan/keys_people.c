#include "config.h"

#include "plan/keys.h"
#include "plan/scalar.h"
#include "yaml/policy_keys.h"

/* --- approvals -------------------------------------------------------------------------------- */

static const struct key approval_keys[] = {
    {.name = "need", .shape = &from_one_shape},
    {.name = "from", .shape = &role_names_shape, .required = true},
    {.name = "distinct_roles", .shape = &flag_shape},
    {.name = "expires", .shape = &duration_shape},
    {.name = "on_expire", .shape = &expire_shape},
    {.name = "break_glass", .shape = &role_names_shape},
    {0},
};
static const struct section approval_section = {.name = "a gate", .keys = approval_keys};
static const struct shape approval_shape = {.section = &approval_section};
const struct shape approvals_shape = {.map = &approval_shape, .map_key = &name_scalar};

/* --- notices ---------------------------------------------------------------------------------- */

static const char *const audience_words[] = {"public", "admins", "internal", NULL};
static const struct scalar audience_scalar = {
    .name = "word", .expects = "an audience", .problem = word_problem, .words = audience_words};
static const struct shape audience_shape = {.scalar = &audience_scalar};

static const char *const state_words[] = {"investigating", "identified", "monitoring", "resolved",
                                          NULL};
static const struct scalar state_scalar = {.name = "word",
                                           .expects = "a state that customers know",
                                           .problem = word_problem,
                                           .words = state_words};
static const struct shape state_shape = {.scalar = &state_scalar};

static const struct shape notice_text_shape = {.scalar = &notice_text_scalar};
static const struct shape notice_short_shape = {.scalar = &notice_short_scalar};
/* One text, or one a language. */
static const struct shape notice_body_shape = {
    .scalar = &notice_text_scalar, .map = &notice_text_shape, .map_key = &name_scalar};

static const struct key notice_keys[] = {
    {.name = "to", .shape = &texts_shape, .required = true}, /* channels of the roster */
    {.name = "audience", .shape = &audience_shape},
    {.name = "state", .shape = &state_shape},
    {.name = "approve", .shape = &role_name_shape},
    {.name = "by", .shape = &duration_shape},
    {.name = "subject", .shape = &notice_text_shape},
    {.name = "short", .shape = &notice_short_shape},
    {.name = "body", .shape = &notice_body_shape, .required = true},
    {.name = "details", .shape = &notice_text_shape},
    {.name = "reply_to", .shape = &text_shape},
    {.name = "signed_by", .shape = &text_shape},
    {0},
};
static const struct section notice_section = {.name = "a notice", .keys = notice_keys};
static const struct shape notice_shape = {.section = &notice_section};
const struct shape notices_shape = {.map = &notice_shape, .map_key = &name_scalar};

/* --- goodwill --------------------------------------------------------------------------------- */

static const struct key goodwill_rule_keys[] = {
    {.name = "if", .shape = &text_shape, .required = true},
    {.name = "give", .shape = &text_shape, .required = true},
    {.name = "cap", .shape = &money_shape},
    {.name = "approve", .shape = &role_name_shape},
    {0},
};
static const struct section goodwill_rule_section = {.name = "a goodwill rule",
                                                     .keys = goodwill_rule_keys};
static const struct shape goodwill_rule_shape = {.section = &goodwill_rule_section};
static const struct shape goodwill_rules_shape = {.list = &goodwill_rule_shape};

static const struct key goodwill_keys[] = {
    {.name = "after", .shape = &text_shape},
    {.name = "owner", .shape = &role_name_shape},
    {.name = "budget", .shape = &money_shape},
    {.name = "rules", .shape = &goodwill_rules_shape},
    {0},
};
static const struct section goodwill_section = {.name = "goodwill", .keys = goodwill_keys};
const struct shape goodwill_shape = {.section = &goodwill_section};
