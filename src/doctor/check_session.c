/* The session it was called from: words, screen, and whether its login is one person. */
#include "config.h"

#include "doctor/look.h"

#include "base/host.h"
#include "base/xtalloc.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utmpx.h>

#define ROWS_LEAST 10
#define COLS_LEAST 40

/* ---- words and screen ------------------------------------------------------------------------ */

void check_locale(struct look *look) {
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    const char *codeset = locale ? nl_langinfo_l(CODESET, locale) : "unknown to this machine";
    if (strcmp(codeset, "UTF-8") != 0)
        found(look, DOCTOR_NOTE, "the locale is none of UTF-8, so the console draws in ASCII",
              codeset, "export LC_ALL=C.UTF-8");
    if (locale)
        freelocale(locale);
}

void check_terminal(struct look *look) {
    const char *name = getenv("TERM");
    struct winsize size;
    if (!isatty(STDIN_FILENO) && !isatty(STDOUT_FILENO)) {
        found(look, DOCTOR_OK, "there is no terminal here to judge", NULL, NULL);
        return;
    }
    if (!name || !*name || strcmp(name, "dumb") == 0)
        found(look, DOCTOR_WARN, "the console can't open on this terminal",
              name && *name ? "TERM is dumb" : "TERM is not set", "export TERM=xterm-256color");
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
        (size.ws_row < ROWS_LEAST || size.ws_col < COLS_LEAST))
        found(look, DOCTOR_NOTE, "the terminal is smaller than the console wants",
              look_fmt(look, "%d by %d, and it takes %d by %d", size.ws_col, size.ws_row,
                       COLS_LEAST, ROWS_LEAST),
              "make the window larger");
}

/* ---- one login, several people --------------------------------------------------------------- */

#define PLACES_MAX 16

/* Where sessions of this user come from, each once. */
struct places {
    const struct look *look;
    const char *names[PLACES_MAX];
    size_t count;
};

static void add_place(struct places *places, const char *name, size_t length) {
    for (size_t i = 0; i < places->count; i++)
        if (strlen(places->names[i]) == length && strncmp(places->names[i], name, length) == 0)
            return;
    if (length > 0 && places->count < PLACES_MAX)
        places->names[places->count++] = look_fmt(places->look, "%.*s", (int)length, name);
}

/* utmp(5), where somebody keeps it. */
static void take_sessions(struct places *places, const char *user) {
    const struct utmpx *entry;
    setutxent();
    while ((entry = getutxent()))
        if (entry->ut_type == USER_PROCESS &&
            strncmp(entry->ut_user, user, sizeof(entry->ut_user)) == 0)
            add_place(places, entry->ut_host, strnlen(entry->ut_host, sizeof(entry->ut_host)));
    endutxent();
}

/* SSH_CONNECTION of a process of ours: "client port server port". */
static bool take_peer(void *data, pid_t pid) {
    static const char name[] = "SSH_CONNECTION=";
    struct places *places = data;
    size_t length = 0;
    uid_t user;
    if (!process_user(pid, &user) || user != getuid())
        return true;
    char *variables = process_file(places->look->scratch, pid, "environ", 64 << 10, &length);
    for (char *at = variables; at && at < variables + length; at += strlen(at) + 1)
        if (strncmp(at, name, strlen(name)) == 0)
            add_place(places, at + strlen(name), strcspn(at + strlen(name), " "));
    talloc_free(variables);
    return true;
}

static bool tell_shared(struct look *look, const struct places *places, const char *user) {
    if (places->count < 2)
        return false;
    const char *on = look_fmt(look, "%s is logged in from", user);
    for (size_t i = 0; i < places->count; i++)
        on = look_fmt(look, "%s%s %s", on, i ? "," : "", places->names[i]);
    found(look, DOCTOR_WARN,
          "several people may share this login: then no two names are two people", on,
          "give each their own: useradd -m NAME; usermod -aG GROUP NAME");
    return true;
}

void check_login(struct look *look) {
    struct places sessions = {.look = look}, peers = {.look = look};
    const char *user = host_user(look->scratch);
    take_sessions(&sessions, user);
    processes_each(take_peer, &peers);
    if (!tell_shared(look, &sessions, user))
        tell_shared(look, &peers, user);
}
