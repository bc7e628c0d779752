#!/bin/sh
# --readonly refuses each command that there is, and looking goes on.
. "${SRCDIR:?}/tests/cli/lib.sh"
decided
run tail -n 1 --json
before=$out
run dump commands
words_of() {
	case $1 in
	declare) echo "--title x" ;;
	adopt) echo "1 $dir/plan.yaml" ;;
	take | accept) echo "1 commander" ;;
	offer) echo "1 commander root" ;;
	assign) echo "1 look root" ;;
	decide) echo "1 hold --reason x" ;;
	start | done | abort | check | ask) echo "1 flag-off" ;;
	eta) echo "1 flag-off 5m" ;;
	fail | skip | retry | reopen) echo "1 flag-off --reason x" ;;
	settle) echo "1 flag-off absent --evidence x" ;;
	abandon) echo "1 --reason x" ;;
	note | concern) echo "1 x" ;;
	answer) echo "1 1 x" ;;
	snooze) echo "1 5m --reason x" ;;
	*) echo "1" ;;
	esac
}
commands=$(printf '%s\n' "$out" | sed -n 's/^{"name":"\([a-z-]*\)".*"args".*/\1/p')
[ "$(printf '%s\n' "$commands" | wc -l)" -ge 20 ]
verdict $? "there are commands to try"
for command in $commands; do
	run "$command" $(words_of "$command") --readonly
	is "$status $(printf '%s\n' "$err" | cut -d: -f1-3)" \
		"5 backout: can't $command: it was opened with --readonly; ask somebody who may write" "$command"
done
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
