/* The arithmetic of a benchmark: two things measured in turn, and what their ratios come to.
 * Pure but for ratio_measure, which calls what it is given; owns nothing. A time by itself says
 * nothing on a machine that others use, so nothing here is judged but a ratio. */
#ifndef BACKOUT_TESTS_BENCH_RATIO_H
#define BACKOUT_TESTS_BENCH_RATIO_H

#include "base/err.h"

#include <stddef.h>

#define PAIRS_LEAST 7
#define PAIRS_MOST  64

/* The value below which `percent` of the samples lie (nearest rank); 50 of an even count is the
 * mean of the two in the middle. Sorts the samples. Of none: 0. */
double samples_percentile(double *samples, size_t count, double percent);

struct pairs {
    size_t count;
    double ours[PAIRS_MOST], theirs[PAIRS_MOST];
};

struct ratio {
    double min, median, max; /* of ours / theirs, pair by pair */
    double ours, theirs;     /* the medians of each, in whatever they were measured */
};

struct ratio ratio_of(const struct pairs *pairs);

enum bound { AT_MOST, AT_LEAST };

struct goal {
    enum bound bound;
    double limit;
};

/* By the median. A ratio of nothing (0/0) meets no goal. */
bool ratio_meets(const struct ratio *ratio, struct goal goal);

/* One measurement. False: it could not be made, and err says why. */
typedef bool measure_fn(void *data, double *value, struct err *err);

struct subject {
    measure_fn *measure;
    void *data;
};

/* Each once unmeasured, then `count` pairs in the order AB BA AB …, so that a machine that grows
 * slower is no disadvantage for either. */
bool ratio_measure(struct subject ours, struct subject theirs, size_t count, struct pairs *pairs,
                   struct err *err);

#endif
