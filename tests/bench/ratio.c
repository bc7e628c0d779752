#include "config.h"

#include "tests/bench/ratio.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double samples_percentile(double *samples, size_t count, double percent) {
    if (count == 0)
        return 0;
    qsort(samples, count, sizeof(*samples), compare);
    if (percent == 50 && count % 2 == 0)
        return (samples[count / 2 - 1] + samples[count / 2]) / 2;
    size_t rank = (size_t)ceil(percent / 100 * (double)count);
    return samples[rank > 0 ? rank - 1 : 0];
}

static double median(const double *samples, size_t count) {
    double sorted[PAIRS_MOST];
    memcpy(sorted, samples, count * sizeof(*samples));
    return samples_percentile(sorted, count, 50);
}

struct ratio ratio_of(const struct pairs *pairs) {
    double ratios[PAIRS_MOST];
    for (size_t i = 0; i < pairs->count; i++)
        ratios[i] = pairs->ours[i] / pairs->theirs[i];
    double middle = samples_percentile(ratios, pairs->count, 50); /* sorted from here on */
    return (struct ratio){
        .min = pairs->count ? ratios[0] : 0,
        .median = middle,
        .max = pairs->count ? ratios[pairs->count - 1] : 0,
        .ours = median(pairs->ours, pairs->count),
        .theirs = median(pairs->theirs, pairs->count),
    };
}

bool ratio_meets(const struct ratio *ratio, struct goal goal) {
    if (!isfinite(ratio->median) || ratio->median <= 0)
        return false;
    return goal.bound == AT_MOST ? ratio->median <= goal.limit : ratio->median >= goal.limit;
}

bool ratio_measure(struct subject ours, struct subject theirs, size_t count, struct pairs *pairs,
                   struct err *err) {
    double ignored;
    assert(count >= PAIRS_LEAST && count <= PAIRS_MOST);
    pairs->count = 0;
    if (!ours.measure(ours.data, &ignored, err) || !theirs.measure(theirs.data, &ignored, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool first = i % 2 == 0;
        if ((first && !ours.measure(ours.data, &pairs->ours[i], err)) ||
            !theirs.measure(theirs.data, &pairs->theirs[i], err) ||
            (!first && !ours.measure(ours.data, &pairs->ours[i], err)))
            return false;
        pairs->count++;
    }
    return true;
}
