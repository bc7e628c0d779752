/* The length of a const array, so that no table is ever counted by hand. */
#ifndef BACKOUT_BASE_ARRAY_H
#define BACKOUT_BASE_ARRAY_H

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
