/* The incident of docs/screen.md's pictures, told in words, and what a person looks at in it.
 * A scene owns its story, the page that is looked at, and the files of a step's output. Its clock
 * goes only when it is told to. */
#ifndef BACKOUT_TESTS_SCREEN_SCENE_H
#define BACKOUT_TESTS_SCREEN_SCENE_H

#include "tests/incident/story.h"

#include "ui/view.h"

struct scene {
    struct story *story;
    const char *me;
    struct page page;
    struct link link;
    struct keys *keys;
    struct run_output *output;
    const char *output_step;
    struct message *messages;
    size_t messages_count;
    struct told *told;
    size_t drawn_bytes; /* of memory that the last frame took */
};

/* ana looks at the board of a store in which nothing ever happened. */
struct scene *scene_new(const void *parent);
/* …in which nothing is open any more. */
struct scene *scene_calm(const void *parent);
/* INC-41 is rolling back, two others are open; it is 14:08:02. */
struct scene *scene_checkout(const void *parent);
/* ana applies a roster of those people: it is in force from 09:00 of that day. */
void scene_enforce(struct scene *scene);
/* The same, up to a moment of it. */
struct scene *scene_declared(const void *parent); /* 13:43, without a plan */
struct scene *scene_decided(const void *parent);  /* 13:46, nothing is started */

/* At HH:MM:SS of that day somebody does it, in words of line mode. */
void scene_at(struct scene *scene, const char *time, const char *who, const char *words);
/* The runner of the step's run reports. */
void scene_ran(struct scene *scene, const char *time, const char *step, const char *ended,
               int64_t status);
/* What a run of a step wrote so far, in the lines of its `out` file. */
void scene_write(struct scene *scene, const char *run, const char *step, const char *lines);

void scene_look(struct scene *scene, const struct view *view, const char *step);
void scene_select(struct scene *scene, size_t pane, const char *key);
void scene_say(struct scene *scene, const char *time, bool refused, const char *text);

/* The whole screen, with its hints. Owned by the scene. */
struct canvas *scene_draw(struct scene *scene, int rows, int cols, bool ascii);

#endif
