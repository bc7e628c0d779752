/* Numbers that look random and are the same in every run, for tests and benchmarks. */
#ifndef BACKOUT_TESTS_BASE_RANDOM_H
#define BACKOUT_TESTS_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* the seed; print it when a test fails by it */
};

/* SplitMix64: every seed is good, and the sequence is the same on every machine. */
static inline uint64_t random_next(struct random *random) {
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* From 0 to `limit` - 1. */
static inline size_t random_below(struct random *random, size_t limit) {
    return (size_t)(random_next(random) % limit);
}

#endif
