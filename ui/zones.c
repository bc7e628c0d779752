/* How zones share a column, and how panes find their items. */
#include "config.h"

#include "ui/view.h"

#include "base/xtalloc.h"

#define ZONES_MAX 8

struct share {
    int rows[ZONES_MAX];
    int total;
};

static void drop_spare(struct share *share, const struct zone *zones, size_t count, int room) {
    for (size_t i = 0; i < count && share->total > room; i++) {
        if (!zones[i].spare)
            continue;
        int over = share->total - room;
        int gives = share->rows[i] - over >= zones[i].least ? over : share->rows[i];
        share->rows[i] -= gives;
        share->total -= gives;
    }
}

/* Everybody gets what they ask for; then those that matter least give way, down to their least,
 * then altogether, until it fits. */
static void give_way(struct share *share, const struct zone *zones, size_t count, int room) {
    for (int floor = 1; floor >= 0; floor--) {
        while (share->total > room) {
            size_t weakest = count;
            for (size_t i = 0; i < count; i++) {
                int least = floor ? zones[i].least : 0;
                if (share->rows[i] > least &&
                    (weakest == count || zones[i].keep < zones[weakest].keep))
                    weakest = i;
            }
            if (weakest == count)
                break;
            int step = floor ? 1 : share->rows[weakest];
            share->rows[weakest] -= step;
            share->total -= step;
        }
    }
}

static struct share share_rows(struct frame *frame, const struct zone *zones, size_t count,
                               struct area area) {
    struct share share = {0};
    size_t last = count;
    int room = area.rows;
    for (size_t i = 0; i < count && i < ZONES_MAX; i++) {
        share.rows[i] = zones[i].rows(frame, area.cols);
        share.total += share.rows[i];
    }
    drop_spare(&share, zones, count, room);
    give_way(&share, zones, count, room);
    for (size_t i = 0; i < count; i++)
        if (share.rows[i] > 0)
            last = i;
    if (last < count && share.total < room)
        share.rows[last] += room - share.total;
    return share;
}

static bool draw_maximised(struct frame *frame, struct area area, const struct zone *zones,
                           size_t count) {
    enum pane_kind active = frame->page->view->panes[frame->page->pane];
    for (size_t i = 0; frame->page->maximised && i < count; i++) {
        if (zones[i].pane != active || active == PANE_NONE)
            continue;
        zones[i].draw(frame, area);
        return true;
    }
    return false;
}

void zones_draw(struct frame *frame, struct area area, const struct zone *zones, size_t count) {
    if (draw_maximised(frame, area, zones, count))
        return;
    struct share share = share_rows(frame, zones, count, area);
    for (size_t i = 0; i < count; i++) {
        if (share.rows[i] > 0)
            zones[i].draw(frame, area_top(area, share.rows[i]));
        area = area_below(area, share.rows[i]);
    }
}

bool pane_is_active(const struct frame *frame, enum pane_kind kind) {
    return frame->page->view->panes[frame->page->pane] == kind;
}

struct cursor *pane_cursor(struct frame *frame, enum pane_kind kind) {
    for (size_t i = 0; i < PANES_MAX; i++)
        if (frame->page->view->panes[i] == kind)
            return &frame->page->cursors[i];
    return &frame->page->cursors[0];
}
