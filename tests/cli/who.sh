#!/bin/sh
# DESIGN §5: on a shared file, who acts is the operating-system user, and nobody's own word.
. "${SRCDIR:?}/tests/cli/lib.sh"
me=$(id -un)

USER=mallory LOGNAME=mallory USERNAME=mallory SUDO_USER=mallory \
	"$BACKOUT" --store "$store" declare --title x >/dev/null 2>&1
run tail -n 2
like "$out" "^[0-9:]{8} INC-1 +$me +DECLARED x" "the environment can't say who we are"
unlike "$out" "mallory" "whatever it says"
run take 1 commander
run status 1 --json
like "$out" "\"commander\":\"$me\"" "who takes a role is the same user"
gives 0 "a user of this host can be offered a role" offer 1 comms "$(id -un 0)"
gives 3 "somebody unknown can't" offer 1 comms mallory
like "$err" "nobody here is called \"mallory\": INC-1; name a user of this host" "and it says who could"
gives 1 "what was offered to nobody can't be accepted" accept 1 scribe

if [ "$(id -u)" -eq 0 ] && setpriv --reuid 54321 --clear-groups true 2>/dev/null; then
	mkdir "$dir/other"
	chown 54321 "$dir/other"
	setpriv --reuid 54321 --clear-groups "$BACKOUT" --store "$dir/other/x.db" declare --title y \
		>/dev/null 2>&1
	run_bare --store "$dir/other/x.db" tail --json
	like "$out" '"actor":"uid-54321"' "a user without a name is known by number"
else
	skip "a user without a name is known by number" "only root can become one"
fi
finish
