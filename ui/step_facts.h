/* What a person must know of a step before they start it: why, what customers see, exactly what
 * runs, whether it may run twice, how it is verified and taken back. Owns the table of these facts.
 * Only looks. */
#ifndef BACKOUT_UI_STEP_FACTS_H
#define BACKOUT_UI_STEP_FACTS_H

#include "ui/frame.h"

/* A label and its words a fact, those without words left out, long ones wrapped. Returns the rows
 * it took, at most those of the area. */
int step_facts_draw(struct frame *frame, struct area area);

#endif
