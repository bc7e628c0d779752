#include "config.h"

#include "plan/plan.h"

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "plan/scalar.h"

#include <regex.h>
#include <string.h>

/* Whether a value is of the input's type, and the words for what it should have been. */
struct input_rule {
    const char *expects;
    bool (*fits)(const struct plan_input *input, const char *value);
};

static bool is_any(const struct plan_input *input, const char *value) {
    (void)input;
    (void)value;
    return true;
}

static bool is_integer(const struct plan_input *input, const char *value) {
    (void)input;
    int64_t number;
    return number_parse(value, INT64_MIN, INT64_MAX, &number);
}

static bool is_number(const struct plan_input *input, const char *value) {
    (void)input;
    double number;
    return number_parse_real(value, &number);
}

static bool is_boolean(const struct plan_input *input, const char *value) {
    (void)input;
    return strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
}

static bool is_choice(const struct plan_input *input, const char *value) {
    for (const char *const *choice = input->choices; choice != NULL && *choice != NULL; choice++)
        if (strcmp(*choice, value) == 0)
            return true;
    return false;
}

/* With its date: "14:08" would mean another day to whoever reads it tomorrow. */
static bool is_datetime(const struct plan_input *input, const char *value) {
    (void)input;
    struct err *err = err_new(NULL);
    int64_t at_ms;
    bool fits = strchr(value, 'T') != NULL && time_parse(value, 0, &at_ms, err);
    talloc_free(err);
    return fits;
}

static const struct input_rule rules[] = {
    [INPUT_STRING] = {"a text", is_any},
    [INPUT_INTEGER] = {"a whole number", is_integer},
    [INPUT_NUMBER] = {"a number", is_number},
    [INPUT_BOOLEAN] = {"true or false", is_boolean},
    [INPUT_CHOICE] = {"one of its choices", is_choice},
    [INPUT_DATETIME] = {"a time such as 2026-11-12T14:08:00Z", is_datetime},
};

/* The whole value must match, not a part of it. POSIX finds the longest match from the left, so
 * looking at where it ends is enough. */
static bool matches_pattern(const struct plan_input *input, const char *value) {
    regex_t regex;
    if (input->pattern == NULL)
        return true;
    if (!regex_fits(input->pattern) || regcomp(&regex, input->pattern, REG_EXTENDED) != 0)
        return false;
    regmatch_t match;
    bool matches = regexec(&regex, value, 1, &match, 0) == 0 && match.rm_so == 0 &&
                   (size_t)match.rm_eo == strlen(value);
    regfree(&regex);
    return matches;
}

static bool refuse(struct err *err, const struct plan_input *input, const char *remedy) {
    return err_set(err, ERR_USAGE, "can't take the inputs", input->name, remedy);
}

static bool check_value(const struct plan_input *input, const char *value, struct err *err) {
    const char *near = input->choices == NULL ? NULL : text_nearest(value, input->choices);
    const char *shown = input->sensitive ? "what was given" : value; /* never echo a secret */
    if (!rules[input->type].fits(input, value)) {
        const char *guess = near == NULL ? "" : err_fmt(err, "; did you mean %s?", near);
        return refuse(
            err, input,
            err_fmt(err, "must be %s, not %s%s", rules[input->type].expects, shown, guess));
    }
    if (!matches_pattern(input, value))
        return refuse(err, input, err_fmt(err, "must match %s", input->pattern));
    return true;
}

static const char *kept_value(const void *parent, const struct plan_input *input,
                              const char *value) {
    if (!input->sensitive)
        return xtalloc_strdup(parent, value);
    struct digest digest = digest_sha256(value, strlen(value));
    char hex[DIGEST_HEX];
    digest_hex(&digest, hex);
    return xtalloc_asprintf(parent, "sha256:%s", hex);
}

static bool check_names(const struct plan *plan, const struct pair *given, struct err *err) {
    for (; given != NULL && given->key != NULL; given++) {
        if (plan_input_find(plan, given->key) != NULL)
            continue;
        const char **names = xtalloc_zero_array(err, const char *, plan->inputs_count + 1);
        for (size_t i = 0; i < plan->inputs_count; i++)
            names[i] = plan->inputs[i].name;
        const char *near = text_nearest(given->key, names);
        const char *remedy = near == NULL ? "the plan asks for no such input"
                                          : err_fmt(err, "did you mean %s?", near);
        return err_set(err, ERR_USAGE, "can't take the inputs", given->key, remedy);
    }
    return true;
}

static bool resolve(const struct plan *plan, const struct pair *given, struct pair *pairs,
                    struct err *err) {
    size_t count = 0;
    for (size_t i = 0; i < plan->inputs_count; i++) {
        const struct plan_input *input = &plan->inputs[i];
        const char *value = pair_find(given, input->name);
        if (value == NULL)
            value = input->fallback;
        if (value == NULL && input->required)
            return refuse(err, input, err_fmt(err, "give it: --input %s=…", input->name));
        if (value == NULL)
            continue;
        if (!check_value(input, value, err))
            return false;
        pairs[count++] = (struct pair){.key = xtalloc_strdup(pairs, input->name),
                                       .value = kept_value(pairs, input, value)};
    }
    return true;
}

bool plan_inputs_resolve(const void *parent, const struct plan *plan, const struct pair *given,
                         const struct pair **resolved, struct err *err) {
    *resolved = NULL;
    if (!check_names(plan, given, err))
        return false;
    struct pair *pairs = xtalloc_zero_array(parent, struct pair, plan->inputs_count + 1);
    if (!resolve(plan, given, pairs, err)) {
        talloc_free(pairs);
        return false;
    }
    *resolved = pairs;
    return true;
}
