#include "config.h"

#include "fixture.h"

const char smallest_roster[] = "roster: 1\n"
                               "people:\n"
                               "  ana: {name: Ana Costa, may: command}\n"
                               "  bo: {name: Bo Lindqvist, may: command}\n"
                               "  cy: {name: Cy Moreau, may: respond}\n"
                               "  sue: {may: view}\n"
                               "others: view\n"
                               "roles:\n"
                               "  commander: [ana, bo]\n"
                               "  developer: [cy, bo]\n";

const struct roster *roster_of(const void *parent, const char *text) {
    struct err *err = err_new(parent);
    struct roster *roster = NULL;
    if (!roster_load(parent, text, strlen(text), &roster, err))
        fail_msg("%s", err_sentence(parent, err));
    return roster;
}
