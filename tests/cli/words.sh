#!/bin/sh
# Words of the line: options anywhere, help from the tables, what was meant.
. "${SRCDIR:?}/tests/cli/lib.sh"
write_plan

gives 2 "no such command" strat 1 flag-off
is "$err" 'backout: there is no such command: strat; did you mean `backout start`?' "start is meant"
gives 2 "no such subcommand of plan" plan lnt x
like "$err" "plan lnt; did you mean .backout plan lint" "two words are looked for as two"
gives 2 "half a name" plan
like "$err" "a second word is missing: plan; one of: .plan lint. .plan show. .plan new." "is told how it goes on"
gives 2 "nothing near" xyzzy
like "$err" "backout help" "help is offered"
gives 2 "an internal command is no subcommand" verified 1
gives 2 "no such option of a command" start 1 x --wiat
like "$err" "did you mean --wait\?" "a near option is offered"
gives 2 "no such option of a subcommand" tail --folow
like "$err" "did you mean --follow\?" "here too"
gives 2 "no such option at all" --jsn
like "$err" "did you mean --json\?" "and here"
gives 2 "status takes one incident" status 1 2
like "$err" "one word too many: 2; usage: backout status \[N\]" "and says its usage"
gives 2 "no JSON of a page" plan show "$dir/plan.yaml" --json
gives 2 "--store names nothing" --store= status
gives 2 "--store wants a value" status --store

run_bare declare "$dir/plan.yaml" --store "$store"
is "$out" "INC-1" "--store may stand behind the command"
run_bare status --store="$store" 1
is $status 0 "and be written with an equals sign"
run_bare --json --store "$store" status
like "$out" '^\[\{"number":1' "--json may stand before the command"
BACKOUT_STORE=$store "$BACKOUT" status 1 >"$dir/out"
verdict $? "BACKOUT_STORE names the store"

gives 0 "what is behind -- is a word" note 1 -- --json
run tail 1 -n 1
like "$out" " --json$" "whatever it looks like"
run status -- 1
is $status 0 "for subcommands too"

run --version
like "$out" "^backout [0-9]+\.[0-9]+" "--version"
run help
is $status 0 "help"
for word in declare start settle status "tail" "plan lint" verify head --store; do
	like "$out" "$word" "help lists $word"
done
unlike "$out" "backout runner|verified|backout ran|dump" "help keeps what is not for people to itself"
run help --ascii
none "$(printf '%s\n' "$out" | awk '/^[^ ]/ { at = 0 }
	/^  / { match($0, /[^ ]  +[^ ]/); to = RSTART + RLENGTH
		if (at && to != at) print; at = at ? at : to }')" "what a section says stands under each other"
run --help
like "$out" "backout plan lint" "--help alone is the same"
run start --help
like "$out" "^usage: backout start N STEP \[--reason TEXT\] \[--wait\]$" "--help behind a command is its own"
run help plan lint
like "$out" "^usage: backout plan lint FILE… \[--strict\] \[--roster FILE\]$" "help of a name of two words"
run help plan lint --ascii
like "$out" "FILE\.\.\. \[--strict\]" "--ascii has twins"
gives 2 "help of nothing" help strat
run dump commands
like "$out" '^\{"name":"start","usage":"start N STEP' "dump feeds generators with commands"
run dump events
like "$out" '^\{"kind":"step.started"' "and events"
run
is $status 2 "the console refuses where there is no terminal"
like "$err" "needs a terminal" "and says so"
finish
