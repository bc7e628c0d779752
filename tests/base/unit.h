/* What every unit test of this room begins with: cmocka with the headers it wants first. */
#ifndef BACKOUT_TESTS_BASE_UNIT_H
#define BACKOUT_TESTS_BASE_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/base/random.h"

#endif
