#!/bin/sh
# A check that can't fail proves nothing: every rule is shown a small tree that breaks it, and one
# that doesn't.
. "${SRCDIR:?names the source tree}/tests/tap.sh"
. "$SRCDIR/tests/structure/rules.sh"
tree=$(mktemp -d "${TMPDIR:-/tmp}/backout-structure.XXXXXX") || exit 99
trap 'rm -rf "$tree"' EXIT

# A tree that keeps every rule.
lay() {
	cd / && rm -rf "$tree" && mkdir "$tree" && cd "$tree" || exit 99
	mkdir -p src/base src/plan src/log src/cli ui data tests docs .ci
	printf '/* The floor. */\n' >src/base/err.h
	printf '/* Limits. */\n#define BYTES_MAX 5\n' >src/base/limits.h
	echo 'LIMIT(BYTES_MAX, "bytes", "all"),' >src/base/limits.c
	echo '# BYTES_MAX' >tests/a.sh
	printf '#include "config.h"\n\n#include "base/err.h"\n#include <sqlite3.h>\n' >src/log/log.c
	printf '#include "config.h"\n\n#include <curses.h>\n' >ui/terminfo.c
	printf '/* The terminal. */\n' >ui/term.c
	printf '#include "base/err.h"\nint strcpy_like(void);\n' >src/plan/plan.c
	printf '#!/bin/sh\necho well\n' >bootstrap
	printf 'See [the tour](docs/tour.md#rooms) and [elsewhere](https://example.org/).\n' >README.md
	printf 'The tour.\n' >docs/tour.md
	printf 'sources = src/base/err.h src/base/limits src/base/limits.h tests/a.sh src/log/log.c \\\n\tui/term.c ui/terminfo.c src/plan/plan.c docs/tour.md\n' \
		>Makefile.am
	chmod +x bootstrap
}

# breaks RULE DESCRIPTION: in the tree as it is now.
breaks() {
	[ -n "$("rule_$1")" ]
	verdict $? "$1: $2"
}

lay
for rule in $rules; do
	none "$("rule_$rule")" "$rule: holds in a tree that keeps it"
done

lay && echo '#include "log/log.h"' >>src/plan/plan.c
breaks includes_go_down "upwards"
lay && echo '#include "ui/term.h"' >src/cli/cli.c
breaks includes_go_down "sideways, cli to ui"
lay && echo '#include "cli/cli.h"' >>ui/term.c
breaks includes_go_down "sideways, ui to cli"
lay && echo '#include "cellar/wine.h"' >>ui/term.c
breaks includes_go_down "a room that isn't drawn"
lay && echo '#include <curses.h>' >ui/board.c
breaks one_file_knows_terminfo "a second file"
lay && echo '# include <ncursesw/curses.h>' >src/base/draw.c
breaks one_file_knows_terminfo "by its other name"
lay && echo '#include <sqlite3.h>' >src/base/store.h
breaks only_the_log_knows_sqlite "another room"
for call in 'time_now_ms()' 'time(NULL)' 'clock_gettime(CLOCK_REALTIME, &at)'; do
	lay && echo "    now = $call;" >>src/plan/plan.c
	breaks only_the_loop_reads_the_clock "$call"
done
for call in strcpy strcat sprintf vsprintf gets atoi atol system popen alloca; do
	lay && echo "    x = $call (y);" >>src/plan/plan.c
	breaks no_banned_calls "$call"
done
lay && seq 901 >src/plan/plan.c
breaks no_long_files "901 lines"
for word in TODO FIXME XXX HACK stub placeholder; do
	lay && echo "/* $word: later */" >>src/plan/plan.c
	breaks no_unfinished_work "$word"
done
lay && echo '#ifndef BACKOUT_BASE_ERR_H' >src/base/err.h
breaks headers_say_what_they_are "none"
lay && echo 'int nobody(void);' >src/base/nobody.c
breaks everything_is_listed "a source"
lay && echo 'ok' >tests/nobody.sh
breaks everything_is_listed "a test"
lay && chmod -x bootstrap
breaks scripts_parse "not executable"
lay && echo 'if then' >>bootstrap
breaks scripts_parse "not shell"
lay && echo '[gone](docs/gone.md)' >>README.md
breaks links_lead_somewhere "a file that isn't there"
lay && echo '#define BYTES_MIN 5' >>src/base/limits.h
breaks every_limit_is_tested "a limit that is in no table"
lay && rm tests/a.sh
breaks every_limit_is_tested "a limit that no test names"
cd /
finish
