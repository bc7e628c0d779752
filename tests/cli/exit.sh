#!/bin/sh
# Each exit status by a real cause; each message in three parts.
. "${SRCDIR:?}/tests/cli/lib.sh"
decided

gives 0 "0: accepted" note 1 "fine"
gives 1 "1: the rule says no" start 1 soak
is "$err" "backout: it waits for 2: INC-1 3 soak; finish or skip what it waits for" \
	"what, on what, what to do"
is "$out" "" "a refusal leaves stdout alone"
gives 2 "2: a word is missing" start 1
like "$err" "^backout: STEP is missing: .*: start; start N STEP" "the usage is what to do"
gives 2 "2: a word too many" ack 1 now
gives 2 "2: no number" ack shop
gives 2 "2: a reason is needed" skip 1 soak
gives 2 "2: a value is missing" note 1 x --step
gives 2 "2: severity out of range" declare --title x --severity 9
gives 2 "2: an incident without plan needs a title" declare
gives 3 "3: no such incident" ack 77
is "$err" "backout: there is no such incident: INC-77; \`backout status\` lists what is open" \
	"INC-77 is named"
gives 3 "3: no such step" start 1 flag-of
like "$err" "did you mean flag-off\?" "a near step is offered"
gives 3 "3: no such plan file" declare "$dir/none.yaml"
like "$err" "none.yaml: No such file" "the file is named"
gives 3 "3: no such person" assign 1 look nobody-of-that-name
gives 3 "3: no such role" take 1 comander
like "$err" "did you mean commander\?" "a near role is offered"
gives 3 "3: no such option" decide 1 bak --reason x
like "$err" "choose one of: back forward hold" "the options are listed"
gives 3 "3: no such incident to look at" status 77
run ack 1
gives 4 "4: somebody was first" ack 1
like "$err" "acknowledged it already: INC-1" "who it was is said"
gives 5 "5: no access" --readonly note 1 "x"
"$BACKOUT" --store "$store" status >/dev/full 2>"$dir/err"
is $? 6 "6: standard output can't be written"
like "$(cat "$dir/err")" "can't write the output: standard output: No space left" "and says so"
"$BACKOUT" --store "$store" note 1 "with a full disk" >/dev/full 2>"$dir/err"
is $? 6 "6: an answer that can't be given is no success"
run tail 1 -n 1
like "$out" "with a full disk" "though the command itself is on the record"
before=$(wc -c <"$store.lock")
"$BACKOUT" --store "$store" tail -n 100 >&- 2>"$dir/err"
is $? 6 "6: standard output came closed"
"$BACKOUT" --store "$store" note 1 "nobody hears" >&- 2>&-
is $? 6 "6: and standard error too"
run verify
is "$status $(wc -c <"$store.lock")" "0 $before" "what was printed landed in no file of ours"
(ulimit -f 1; "$BACKOUT" --store "$store" note 1 "no file may grow") >"$dir/out" 2>"$dir/err"
is $? 6 "6: a file may not grow, and that is no death"
like "$(cat "$dir/err")" "its disk fails or is full" "but an error that is told"
gives 0 "nor is it for ever" note 1 "files may grow"
echo "not a store, by its first page and by all others" >"$dir/store/text.db"
run_bare --store "$dir/store/text.db" status
is $status 7 "7: what is there is no store"
gives 1 "a refusal with --json is words on stderr too" start 1 soak --json
like "$err" "^backout: it waits for 2" "the same words"
finish
