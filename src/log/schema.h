/* data/schema/store.sql as a C string, which the build makes. */
#ifndef BACKOUT_LOG_SCHEMA_H
#define BACKOUT_LOG_SCHEMA_H

extern const char log_schema[];

#endif
