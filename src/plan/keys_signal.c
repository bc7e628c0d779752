#include "config.h"

#include "plan/keys.h"
#include "plan/scalar.h"

/* --- sources: where numbers are asked --------------------------------------------------------- */

static const char *const source_words[] = {"prometheus", "command", NULL};
static const struct scalar source_type = {
    .name = "word", .expects = "a type of source", .problem = word_problem, .words = source_words};
static const struct shape source_type_shape = {.scalar = &source_type};
static const struct shape url_shape = {.scalar = &step_text_scalar};

static const struct key source_keys[] = {
    {.name = "type", .shape = &source_type_shape, .required = true},
    {.name = "url", .shape = &url_shape},
    {.name = "timeout", .shape = &duration_shape},
    {.name = "headers", .shape = &secret_map_shape},
    {0},
};
static const struct section source_section = {.name = "a source", .keys = source_keys};
static const struct shape source_shape = {.section = &source_section};
const struct shape sources_shape = {.map = &source_shape, .map_key = &name_scalar};

/* --- criteria: what is asked, and what the answer means --------------------------------------- */

static const struct scalar source_name = {.name = "name",
                                          .expects = "a name of `sources`",
                                          .problem = name_problem,
                                          .names = NAME_SOURCE};
static const struct shape source_name_shape = {.scalar = &source_name};
static const struct shape condition_shape = {.scalar = &condition_scalar};
/* A query of a `command` source is an argv. */
static const struct shape query_shape = {.scalar = &raw_scalar, .list = &raw_shape, .at_least = 1};

static const char *const blind_words[] = {"warn", "pause", NULL};
static const struct scalar blind_scalar = {.name = "word",
                                           .expects = "what blindness leads to",
                                           .problem = word_problem,
                                           .words = blind_words};
static const struct shape blind_shape = {.scalar = &blind_scalar};

static const char *const no_data_words[] = {"inconclusive", "ok", "fail", NULL};
static const struct scalar no_data_scalar = {.name = "word",
                                             .expects = "what no data means",
                                             .problem = word_problem,
                                             .words = no_data_words};
static const struct shape no_data_shape = {.scalar = &no_data_scalar};

static const struct key traffic_keys[] = {
    {.name = "query", .shape = &query_shape, .required = true},
    {.name = "at_least", .shape = &number_shape, .required = true},
    {0},
};
static const struct section traffic_section = {.name = "a least traffic", .keys = traffic_keys};
static const struct shape traffic_shape = {.section = &traffic_section};

static const struct key freshness_keys[] = {
    {.name = "query", .shape = &query_shape, .required = true},
    {.name = "at_most", .shape = &duration_shape, .required = true},
    {0},
};
static const struct section freshness_section = {.name = "a freshness", .keys = freshness_keys};
static const struct shape freshness_shape = {.section = &freshness_section};

static const struct key criterion_keys[] = {
    {.name = "id", .shape = &id_shape, .required = true},
    {.name = "use", .shape = &signal_uses_shape, .required = true},
    {.name = "feature", .shape = &text_shape},
    {.name = "owner", .shape = &role_name_shape},
    {.name = "source", .shape = &source_name_shape, .required = true},
    {.name = "query", .shape = &query_shape, .required = true},
    {.name = "ok_if", .shape = &condition_shape},
    {.name = "fail_if", .shape = &condition_shape},
    {.name = "every", .shape = &duration_shape},
    {.name = "consecutive_failures", .shape = &from_one_shape},
    {.name = "consecutive_successes", .shape = &from_one_shape},
    {.name = "blind_after", .shape = &from_one_shape},
    {.name = "on_blind", .shape = &blind_shape},
    {.name = "no_data", .shape = &no_data_shape},
    {.name = "min_traffic", .shape = &traffic_shape},
    {.name = "freshness", .shape = &freshness_shape},
    {0},
};
static const struct section criterion_section = {.name = "a criterion", .keys = criterion_keys};
static const struct shape criterion_shape = {.section = &criterion_section};
const struct shape criteria_shape = {.list = &criterion_shape};
