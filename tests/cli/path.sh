#!/bin/sh
# The whole way of an incident, by subcommands alone.
. "${SRCDIR:?}/tests/cli/lib.sh"
write_plan

gives 0 "declare" declare "$dir/plan.yaml" --severity 1 --detected-by monitor
is "$out" "INC-1" "declare prints the number and just that"
like "$err" "made the store $store" "that the store was made is said on stderr"
gives 0 "ack" ack INC-1
is "$out" "acknowledged" "the answer is a sentence on stdout"
is "$err" "" "and stderr is silent"
gives 0 "take the command" take 1 commander
gives 0 "a note, of several words" note 1 "rolling" back now
gives 0 "decide" decide 1 back --reason "errors climb"
gives 0 "start a command and wait" start 1 flag-off --wait
like "$out" "^started 1 flag-off$" "the answer comes first"
like "$out" "^[0-9:]{8}   turning off$" "its output follows, with the time"
like "$out" "^[0-9:]{8} E careful$" "and its standard error is marked"
is "$(cat "$dir/flag-state")" "off" "the command ran in the plan's folder"
gives 0 "start a manual step" start 1 2
gives 0 "report it done" done 1 look --evidence "looks like 4.11" --wait
gives 0 "a wait" start 1 soak --wait
gives 0 "recover" recover 1
gives 0 "resolve" resolve 1
gives 0 "close" close 1
gives 0 "status of the closed incident" status 1
like "$out" "SEV1 INC-1 Roll back shop 4.12  CLOSED" "it is closed"
like "$out" "STEPS 3 of 3 done, 0 runs, 0 unknown, 0 failed" "all steps are done"
run status
is "$out" "no open incident" "and nothing is open"
gives 0 "the log verifies" verify
like "$out" "^verified up to [0-9]+, anchored up to [0-9]+ by what you saw$" "to its end"
run tail 1 -n 100
like "$out" 'look done: "looks like 4.11"' "the evidence is on the record"
like "$out" "rolling back now" "and so is the note"
gives 0 "an answer in JSON" note 1 "after the end" --json
like "$out" '^\{"incident":1,"seq":[0-9]+,"answer":"noted"\}$' "has incident, seq and answer"
finish
