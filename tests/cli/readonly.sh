#!/bin/sh
# --readonly refuses each command that there is, and looking goes on.
. "${SRCDIR:?}/tests/cli/lib.sh"
. "$SRCDIR/tests/commands.sh"
decided
run tail -n 1 --json
before=$out
commands=$(all_commands)
[ "$(printf '%s\n' "$commands" | wc -l)" -ge 20 ]
verdict $? "there are commands to try"
"$BACKOUT" roster new >"$dir/roster.yaml"
while read -r command; do
	run $command $(words_of "$command") --readonly
	is "$status $(printf '%s\n' "$err" | cut -d: -f1-3)" \
		"5 backout: can't $command: it was opened with --readonly; ask somebody who may write" "$command"
done <<COMMANDS
$commands
COMMANDS
run tail -n 1 --json
is "$out" "$before" "nothing was written"
[ ! -e "$dir/flag-state" ]
verdict $? "nothing was run"
for look in "status" "status 1" "tail" "verify" "head" "plan lint $dir/plan.yaml" "help"; do
	gives 0 "$look goes on" $look --readonly
done
run_bare declare --title x --readonly
is $status 3 "no store is made"
[ ! -e "$HOME/.local/share" ]
verdict $? "nor a folder for one"
finish
