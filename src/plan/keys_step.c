#include "config.h"

#include "plan/keys.h"
#include "plan/load.h"
#include "plan/scalar.h"

#define STEP(member)   offsetof(struct plan_step, member)
#define VERIFY(member) offsetof(struct plan_verify, member)

/* --- what people read ------------------------------------------------------------------------- */

static const struct shape step_text_shape = {.scalar = &step_text_scalar};

static const char *const phase_words[] = {"contain", "code", "config", "data",
                                          "verify",  "tell", NULL};
static const struct scalar phase_scalar = {.name = "word",
                                           .expects = "a phase",
                                           .problem = word_problem,
                                           .words = phase_words,
                                           .first_word = PHASE_CONTAIN};
static const struct shape phase_shape = {.scalar = &phase_scalar};

/* --- what a step does ------------------------------------------------------------------------- */

static const char *const method_words[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", NULL};
static const struct scalar method_scalar = {
    .name = "word", .expects = "an HTTP method", .problem = word_problem, .words = method_words};
static const struct shape method_shape = {.scalar = &method_scalar};
static const struct shape body_shape = {.scalar = &secret_text_scalar};
static const struct shape status_shape = {.scalar = &status_scalar};
static const struct shape expect_shape = {
    .scalar = &status_scalar, .list = &status_shape, .at_least = 1};

static const struct key http_keys[] = {
    {.name = "method", .shape = &method_shape},
    {.name = "url", .shape = &step_text_shape, .required = true},
    {.name = "headers", .shape = &secret_map_shape},
    {.name = "body", .shape = &body_shape},
    {.name = "expect", .shape = &expect_shape},
    {0},
};
static const struct section http_section = {.name = "an HTTP call", .keys = http_keys};
static const struct shape http_shape = {.section = &http_section};

static const struct key compare_keys[] = {
    {.name = "live", .shape = &command_shape, .required = true},
    {.name = "expected", .shape = &command_shape, .required = true},
    {.name = "tolerance", .shape = &number_shape},
    {0},
};
static const struct section compare_section = {.name = "a comparison", .keys = compare_keys};
static const struct shape compare_shape = {.section = &compare_section};

static const struct key check_keys[] = {
    {.name = "criteria", .shape = &criterion_names_shape},
    {.name = "use", .shape = &signal_uses_shape},
    {.name = "compare", .shape = &compare_shape},
    {.name = "covers", .shape = &texts_shape},
    {0},
};
static const struct section check_section = {.name = "a check", .keys = check_keys};
static const struct shape check_shape = {.section = &check_section};

/* --- how it may go wrong ---------------------------------------------------------------------- */

static const struct key backup_keys[] = {
    {.name = "step", .shape = &any_step_name_shape, .required = true},
    {.name = "proved_by", .shape = &any_step_name_shape},
    {.name = "max_age", .shape = &duration_shape},
    {0},
};
static const struct section backup_section = {.name = "a backup", .keys = backup_keys};
static const struct shape backup_shape = {.section = &backup_section};

static const struct key retry_keys[] = {
    {.name = "limit", .shape = &count_shape, .store = store_integer, .offset = STEP(retry_limit)},
    {.name = "delay",
     .shape = &duration_shape,
     .store = store_duration,
     .offset = STEP(retry_delay_ms)},
    {0},
};
static const struct section retry_section = {.name = "a retry", .keys = retry_keys};
static const struct shape retry_shape = {.section = &retry_section};

static const char *const confirm_words[] = {"none", "key", NULL};
static const struct scalar confirm_scalar = {.name = "word",
                                             .expects = "a confirmation",
                                             .problem = word_problem,
                                             .words = confirm_words,
                                             .first_word = CONFIRM_NONE};
static const struct key confirm_keys[] = {
    {.name = "type",
     .shape = &text_shape,
     .required = true,
     .store = store_text,
     .offset = STEP(confirm_word)},
    {0},
};
static const struct section confirm_section = {.name = "a confirmation", .keys = confirm_keys};
static const struct shape confirm_shape = {.scalar = &confirm_scalar, .section = &confirm_section};

/* `none`, `key`, or the word that has to be typed. */
static void store_confirm(const void *parent, const struct shape *shape, const struct node *value,
                          void *member) {
    struct plan_step *step = member;
    store_word(parent, shape, value, &step->confirm);
    section_store(parent, shape->section, value, step);
    if (step->confirm_word != NULL)
        step->confirm = CONFIRM_WORD;
}

static const char *const failure_words[] = {"pause", "continue", NULL};
static const struct scalar failure_scalar = {.name = "word",
                                             .expects = "what a failure leads to",
                                             .problem = word_problem,
                                             .words = failure_words,
                                             .first_word = FAILURE_PAUSE};
static const struct key failure_keys[] = {
    {.name = "run",
     .shape = &any_step_name_shape,
     .required = true,
     .store = store_text,
     .offset = STEP(failure_step)},
    {0},
};
static const struct section failure_section = {.name = "what a failure leads to",
                                               .keys = failure_keys};
static const struct shape failure_shape = {.scalar = &failure_scalar, .section = &failure_section};

/* `pause`, `continue`, or the step that handles it. */
static void store_failure(const void *parent, const struct shape *shape, const struct node *value,
                          void *member) {
    struct plan_step *step = member;
    store_word(parent, shape, value, &step->on_failure);
    section_store(parent, shape->section, value, step);
    if (step->failure_step != NULL)
        step->on_failure = FAILURE_RUN;
}

static const char *const only_words[] = {"on_failure", NULL};
static const struct scalar only_scalar = {
    .name = "word", .expects = "on_failure", .problem = word_problem, .words = only_words};
static const struct shape only_shape = {.scalar = &only_scalar};

static void store_only(const void *parent, const struct shape *shape, const struct node *value,
                       void *member) {
    (void)parent;
    *(bool *)member =
        value->kind == NODE_SCALAR && scalar_problem(parent, shape->scalar, value->text) == NULL;
}

/* --- how it is known to have worked ----------------------------------------------------------- */

static const struct key verify_keys[] = {
    {.name = "run",
     .shape = &command_shape,
     .choice = true,
     .store = store_command,
     .offset = VERIFY(run)},
    {.name = "http", .shape = &http_shape, .choice = true},
    {.name = "expr",
     .shape = &expr_shape,
     .choice = true,
     .store = store_text,
     .offset = VERIFY(expr)},
    {.name = "matches",
     .shape = &regex_shape,
     .choice = true,
     .store = store_text,
     .offset = VERIFY(matches)},
    {.name = "within",
     .shape = &duration_shape,
     .store = store_duration,
     .offset = VERIFY(within_ms)},
    {.name = "every",
     .shape = &duration_shape,
     .store = store_duration,
     .offset = VERIFY(every_ms)},
    {0},
};
static const struct section verify_section = {
    .name = "a verify", .keys = verify_keys, .choice = CHOICE_EXACTLY_ONE};
static const struct shape verify_shape = {.section = &verify_section};

static const struct key evidence_keys[] = {
    {.name = "prompt",
     .shape = &step_text_shape,
     .required = true,
     .store = store_text,
     .offset = STEP(evidence_prompt)},
    {.name = "required",
     .shape = &flag_shape,
     .store = store_flag,
     .offset = STEP(evidence_required)},
    {0},
};
static const struct section evidence_section = {.name = "an evidence", .keys = evidence_keys};
static const struct shape evidence_shape = {.section = &evidence_section};

static const struct shape outputs_shape = {.map = &regex_shape, .map_key = &name_scalar};

static const char *const drill_words[] = {"run", "render", "tabletop", "skip", NULL};
static const struct scalar drill_scalar = {.name = "word",
                                           .expects = "what a drill does with the step",
                                           .problem = word_problem,
                                           .words = drill_words};
static const struct shape drill_word_shape = {.scalar = &drill_scalar};

/* --- the step --------------------------------------------------------------------------------- */

static const struct key step_keys[] = {
    {.name = "id", .shape = &id_shape, .required = true, .store = store_text, .offset = STEP(id)},
    {.name = "title", .shape = &step_text_shape, .store = store_text, .offset = STEP(title)},
    {.name = "why", .shape = &step_text_shape, .store = store_text, .offset = STEP(why)},
    {.name = "customers",
     .shape = &step_text_shape,
     .store = store_text,
     .offset = STEP(customers)},
    {.name = "runbook", .shape = &step_text_shape, .store = store_text, .offset = STEP(runbook)},
    {.name = "phase", .shape = &phase_shape, .store = store_word, .offset = STEP(phase)},
    {.name = "owner", .shape = &role_name_shape, .store = store_text, .offset = STEP(owner)},
    {.name = "box", .shape = &duration_shape, .store = store_duration, .offset = STEP(box_ms)},
    {.name = "by", .shape = &duration_shape, .store = store_duration, .offset = STEP(by_ms)},
    {.name = "run",
     .shape = &command_shape,
     .choice = true,
     .store = store_command,
     .offset = STEP(run)},
    {.name = "http", .shape = &http_shape, .choice = true},
    {.name = "manual",
     .shape = &step_text_shape,
     .choice = true,
     .store = store_text,
     .offset = STEP(manual)},
    {.name = "approval",
     .shape = &gate_name_shape,
     .choice = true,
     .store = store_text,
     .offset = STEP(approval)},
    {.name = "check", .shape = &check_shape, .choice = true},
    {.name = "notice",
     .shape = &notice_name_shape,
     .choice = true,
     .store = store_text,
     .offset = STEP(notice)},
    {.name = "wait",
     .shape = &duration_shape,
     .choice = true,
     .store = store_duration,
     .offset = STEP(wait_ms)},
    {.name = "needs", .shape = &any_step_names_shape}, /* load_steps.c: all steps must be there */
    {.name = "when", .shape = &expr_shape, .store = store_text, .offset = STEP(when)},
    {.name = "read_only", .shape = &flag_shape, .store = store_flag, .offset = STEP(read_only)},
    {.name = "idempotent", .shape = &flag_shape, .store = store_flag, .offset = STEP(idempotent)},
    {.name = "destructive", .shape = &flag_shape, .store = store_flag, .offset = STEP(destructive)},
    {.name = "backup", .shape = &backup_shape},
    {.name = "needs_approval",
     .shape = &gate_name_shape,
     .store = store_text,
     .offset = STEP(needs_approval)},
    {.name = "timeout",
     .shape = &duration_shape,
     .store = store_duration,
     .offset = STEP(timeout_ms)},
    {.name = "grace", .shape = &duration_shape, .store = store_duration, .offset = STEP(grace_ms)},
    {.name = "retry", .shape = &retry_shape, .store = store_section},
    {.name = "confirm", .shape = &confirm_shape, .store = store_confirm},
    {.name = "verify",
     .shape = &verify_shape,
     .after = true,
     .store = store_section,
     .offset = STEP(verify)},
    {.name = "on_failure", .shape = &failure_shape, .store = store_failure},
    {.name = "only", .shape = &only_shape, .store = store_only, .offset = STEP(handler)},
    {.name = "undo",
     .shape = &step_text_shape,
     .after = true,
     .store = store_text,
     .offset = STEP(undo)},
    {.name = "evidence", .shape = &evidence_shape, .after = true, .store = store_section},
    {.name = "outputs", .shape = &outputs_shape, .store = store_pairs, .offset = STEP(outputs)},
    {.name = "env", .shape = &secret_map_shape, .store = store_pairs, .offset = STEP(env)},
    {.name = "cwd", .shape = &step_text_shape, .store = store_text, .offset = STEP(cwd)},
    {.name = "lock", .shape = &text_shape, .store = store_text, .offset = STEP(lock)},
    {.name = "drill", .shape = &drill_word_shape, .store = store_text, .offset = STEP(drill)},
    {0},
};
const struct section step_section = {
    .name = "a step", .keys = step_keys, .choice = CHOICE_EXACTLY_ONE};

static const struct shape step_shape = {.section = &step_section};
const struct shape steps_shape = {.list = &step_shape, .at_least = 1};

static const struct shape step_or_name_shape = {.scalar = &step_name, .section = &step_section};
const struct shape reinstate_steps_shape = {.list = &step_or_name_shape};
