/* A command through its door, with everything its row asks for: gathers facts, holds a runner where
 * it may start one, submits, and lets the runner go once the start is on disk.
 * Owns the runners that wait for their answer: freed, it drops them, and nothing of theirs runs. */
#ifndef BACKOUT_RUN_DOOR_H
#define BACKOUT_RUN_DOOR_H

#include "hub/hub.h"

struct door;
struct loop;

/* `hub` must outlive it. */
struct door *door_new(const void *parent, struct hub *hub);

/* False: it never reached the hub, err says why (no such plan file, no process to be had). */
bool door_submit(struct door *door, const struct command *command, int64_t *ticket,
                 struct err *err);

/* Must see every item that hub_next yields: accepted, the runner goes; refused, it is dropped; in
 * doubt, it stays held and the same command is asked again (answers to tickets that the caller
 * doesn't know are those). When the hub still can't say, it is dropped: then nothing runs, and a
 * sweep settles what the log may hold as absent. */
void door_item(struct door *door, const struct hub_item *item);

/* Line mode: door_submit, and waiting for the answer, `limit_ms` at most (each time the hub is
 * asked). False: there is none; err says why. The answer's strings live until the hub is asked
 * again. */
bool door_ask(struct door *door, struct loop *loop, const struct command *command, int64_t limit_ms,
              struct hub_item *answer, struct err *err);

#endif
