#!/bin/sh
# Plan files: lint, show, new, and what declare makes of bad ones.
. "${SRCDIR:?}/tests/cli/lib.sh"
write_plan
run plan lint "$dir/plan.yaml"
is $status 0 "a clean plan"
is "$out" "$dir/plan.yaml: clean" "is said to be clean"
run plan new
is $status 0 "plan new"
cp "$dir/out" "$dir/new.yaml"
gives 0 "what it prints lints clean, strictly" plan lint --strict "$dir/new.yaml"

sed 's/^why:.*//' "$dir/plan.yaml" >"$dir/warned.yaml"
gives 0 "a warning" plan lint "$dir/warned.yaml"
like "$out" "warned.yaml:[0-9]+:[0-9]+: warning B020 " "has file, line, column and rule"
gives 1 "a warning with --strict" plan lint "$dir/warned.yaml" --strict
sed 's/owner: developer/owner: nobody/' "$dir/plan.yaml" >"$dir/wrong.yaml"
sed 's/^    owner: developer//' "$dir/plan.yaml" >"$dir/unowned.yaml"
gives 2 "an error" plan lint "$dir/plan.yaml" "$dir/wrong.yaml"
like "$out" "plan.yaml: clean" "each file is looked at"
like "$out" "wrong.yaml:[0-9]+:[0-9]+: error " "and the bad one named"
gives 2 "an error in JSON" plan lint "$dir/wrong.yaml" --json
like "$out" '^\[\{"file":"[^"]*","errors":[1-9][0-9]*,"warnings":[0-9]+,"loadable":(true|false),"findings":\[\{"rule":"B[0-9]+","severity":"(error|warning)","line":[1-9][0-9]*,"column":[1-9][0-9]*,"message":"[^"]+","fix":' "findings as objects"
gives 3 "no such file" plan lint "$dir/none.yaml"
gives 2 "a folder is no plan" plan lint "$dir"
gives 2 "no file at all" plan lint
run plan show "$dir/plan.yaml"
is $status 0 "plan show"
like "$out" "Roll back shop 4.12" "shows the title"
like "$out" "flag-off" "and the steps"
printf 'backout: 1\nplan: [\n' >"$dir/torn.yaml"
gives 2 "plan show of what can't be loaded" plan show "$dir/torn.yaml"

sed 's/^    title: Look/    titel: Look/' "$dir/plan.yaml" >"$dir/key.yaml"
gives 1 "declare refuses a bad key" declare "$dir/key.yaml"
like "$err" "key.yaml:17:5: error B001 .*did you mean .?title" "with position and what was meant"
gives 1 "even with --accept" declare "$dir/key.yaml" --accept "no time"
gives 1 "and a reference to nothing" declare "$dir/wrong.yaml" --accept "no time"
gives 2 "an error that can be accepted" plan lint "$dir/unowned.yaml"
gives 1 "is refused by declare" declare "$dir/unowned.yaml"
like "$err" "unowned.yaml:8:5: error B010 .*mend it, or take it as it is with --accept REASON" \
	"with position, and how to go on"
run status
is "$out" "no open incident" "nothing was declared so far"
gives 0 "and taken with a reason" declare "$dir/unowned.yaml" --accept "no owner to be had"
run status 1
like "$out" "taken with errors: no owner to be had" "which stays on the incident"

cat >>"$dir/plan.yaml" <<'PLAN'
inputs:
  target: {type: choice, choices: [blue, green], required: true}
PLAN
gives 2 "a required input is missing" declare "$dir/plan.yaml"
gives 2 "an input that the plan doesn't know" declare "$dir/plan.yaml" --input tarket=blue
like "$err" "did you mean target" "is told what was meant"
gives 2 "a value that is no choice" declare "$dir/plan.yaml" --input target=red
gives 2 "an input without value" declare "$dir/plan.yaml" --input target
gives 0 "a right one" declare "$dir/plan.yaml" --input target=blue
finish
