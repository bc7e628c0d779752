#!/bin/sh
# --wait: the outcome of a step is the exit status.
. "${SRCDIR:?}/tests/cli/lib.sh"
cat >"$dir/plan.yaml" <<'PLAN'
backout: 1
plan: waits
title: All the ways a step can end
service: shop
why: None.
roles: {commander: [ana, bo]}
defaults: {timeout: 60s}
steps:
  - {id: fails, title: Fails once, owner: commander, box: 5m, needs: [], on_failure: continue,
     run: [./once], verify: {run: ["/bin/true"]}, undo: nothing, idempotent: true}
  - {id: hangs, title: Hangs, owner: commander, box: 5m, needs: [], grace: 1s,
     run: [./hang, one], verify: {run: [./is-known]}, undo: nothing}
  - {id: lost, title: Loses its runner, owner: commander, box: 5m, needs: [],
     run: [./hang, two], verify: {run: [./is-known]}, undo: nothing}
  - {id: hand, title: By hand, owner: commander, box: 5m, needs: [], manual: Do it.}
  - {id: proof, title: By hand and verified, owner: commander, box: 5m, needs: [], manual: Do it.,
     verify: {run: [./is-known]}}
PLAN
printf '#!/bin/sh\n[ -e again ] || { touch again; echo "not yet" >&2; exit 3; }\n' >"$dir/once"
printf '#!/bin/sh\necho "hanging $1"\nexec sleep 50\n' >"$dir/hang"
printf '#!/bin/sh\n[ -e known ]\n' >"$dir/is-known"
chmod +x "$dir/once" "$dir/hang" "$dir/is-known"
run declare "$dir/plan.yaml" --accept "a test"
run decide 1 back --reason "a test"

# The process of the step's last run.
runner_of() {
	run tail 1 -n 100 --json
	printf '%s\n' "$out" | sed -n "s/.*\"kind\":\"step.started\",\"body\":{\"step\":\"$1\".*\"pid\":\([0-9]*\).*/\1/p" |
		tail -n 1
}

state_of() {
	run status 1 --json
	printf '%s\n' "$out" | sed "s/.*\"id\":\"$1\",\"title\":\"[^\"]*\",\"state\":\"\([a-z_]*\)\".*/\1/"
}

is_state() {
	[ "$(state_of "$1")" = "$2" ]
}

# The program in the background, with files of its own.
behind() {
	timeout 30 "$BACKOUT" --store "$store" "$@" >"$dir/behind.out" 2>"$dir/behind.err" &
	behind=$!
}

gives 1 "a step that fails" start 1 fails --wait
is "$err" "backout: the step is not done, it is failed: INC-1 1 fails: exit status 3; \`retry\` or \`skip\` it, with a reason" "how it ended is on stderr"
like "$out" "E not yet" "what it wrote is on stdout"
gives 0 "and is done the second time" retry 1 fails --reason "now it may" --wait
unlike "$out" "not yet" "the output of the first is not shown again"

behind start 1 hangs --wait
eventually "a long step begins" grep -qs "hanging one" "$dir/behind.out"
gives 1 "abort and wait" abort 1 hangs --wait
like "$err" "it is unknown: INC-1 2 hangs: aborted by .*; .check. it, or .settle. it" "nobody knows what it did"
wait $behind
is $? 1 "who waited for its start learns the same"
gives 1 "a check that doesn't pass" check 1 hangs --wait
touch "$dir/known"
gives 0 "a check that does" check 1 hangs --wait
rm "$dir/known"

behind start 1 lost --wait
eventually "another long step" grep -qs "hanging two" "$dir/behind.out"
kill -KILL "$(runner_of lost)"
wait $behind
is $? 1 "a runner that dies ends the wait"
like "$(cat "$dir/behind.err")" "it is unknown: INC-1 3 lost: lost contact" "and says what is known"

gives 0 "a step for a person" start 1 hand
behind start 1 proof --wait
eventually "is waited for" is_state proof running
gives 1 "done without its proof" done 1 proof --wait
wait $behind
is $? 1 "the waiter of the start learns it"
run retry 1 proof --reason "again"
touch "$dir/known"
gives 0 "done with it" done 1 proof --wait
gives 4 "--wait of what is refused refuses at once" start 1 hand --wait
finish
