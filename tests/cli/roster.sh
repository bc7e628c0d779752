#!/bin/sh
# Rosters: checked, applied, shown; and nobody locks the door with the key inside.
. "${SRCDIR:?}/tests/cli/lib.sh"
me=$(id -un)

# A roster in which we may command; more people and keys on standard input.
write_roster() {
	{
		printf 'roster: 1\npeople:\n  %s: {name: The Tester, may: command}\n' "$me"
		cat
	} >"$dir/roster.yaml"
}

write_roster <<-'ROSTER'
	  bo: {may: command, reach: {page: "12"}}
	  cy: {may: respond}
	  sue: {may: view}
	roles: {commander: [bo, cy], developer: [cy, bo]}
	channels: {page: {type: command, run: [/bin/true]}, room: {type: slack, url: {env: HOOK}}}
ROSTER

# ---- checking ----
gives 0 "a roster is checked without a store" roster lint "$dir/roster.yaml"
is "$out" "$dir/roster.yaml: clean" "and said to be clean"
ok "which makes none" [ ! -e "$store" ]
run roster new
cp "$dir/out" "$dir/new.yaml"
gives 0 "what roster new prints lints clean, strictly" roster lint --strict "$dir/new.yaml"
gives 0 "the example too" roster lint --strict "$SRCDIR/data/rosters/shop.yaml"
sed 's/sue: {may: view}/sue: {may: veiw}/' "$dir/roster.yaml" >"$dir/wrong.yaml"
gives 2 "an error" roster lint "$dir/wrong.yaml"
like "$out" "wrong.yaml:6:14: error R001 .*did you mean .view" "has file, line, column and what was meant"
sed 's/, bo\]}$/]}/' "$dir/roster.yaml" >"$dir/warned.yaml"
gives 0 "a warning" roster lint "$dir/warned.yaml"
gives 1 "counts with --strict" roster lint --strict "$dir/warned.yaml"
gives 2 "findings in JSON" roster lint --json "$dir/wrong.yaml"
like "$out" '^\[\{"file":"[^"]*","errors":1,' "as objects"
gives 3 "no such file" roster lint "$dir/none.yaml"
gives 2 "no file" roster lint
gives 2 "half a name" roster
like "$err" "one of: .roster lint. .roster show. .roster new. .roster apply." "says which there are"
gives 2 "another word" roster aply "$dir/roster.yaml"
like "$err" "did you mean .backout roster apply" "is guessed"

# ---- plans that leave their people to it ----
write_plan
sed -i '/^roles:/d' "$dir/plan.yaml"
gives 2 "a plan without people has an error" plan lint "$dir/plan.yaml"
gives 0 "but not with the people of a roster" plan lint "$dir/plan.yaml" --roster "$dir/roster.yaml"
gives 2 "which can't be a wrong one" plan lint "$dir/plan.yaml" --roster "$dir/wrong.yaml"
like "$err" "the roster can't be used: $dir/wrong.yaml" "as it says"
gives 2 "only plans have other people" roster lint "$dir/roster.yaml" --roster "$dir/roster.yaml"

# ---- showing a file ----
gives 0 "a file is shown" roster show "$dir/roster.yaml"
like "$out" "^  $me +The Tester; command" "with its people"
like "$out" "^  commander +bo, cy" "its roles"
like "$out" "^  room +slack, url from .HOOK" "and its channels, without any secret"
gives 2 "one with errors isn't" roster show "$dir/wrong.yaml"

# ---- applying ----
gives 3 "without a store there is none in force" roster show
gives 2 "apply needs a file" roster apply
gives 3 "that is there" roster apply "$dir/none.yaml"
gives 1 "a wrong one is refused" roster apply "$dir/wrong.yaml"
like "$err" "the roster has 1 error: $dir/wrong.yaml:6:14: error R001" "with its place"
gives 1 "one that leaves us without command is refused" roster apply "$SRCDIR/data/rosters/shop.yaml"
like "$err" "it would leave you, $me, without command" "in these words"
gives 3 "so none is in force" roster show
like "$err" "no roster is in force.*roles are not enforced" "and that is said"
gives 0 "a right one is applied" roster apply "$dir/roster.yaml"
is "$out" "applied: 4 people, 2 roles, 2 channels" "and what it holds is said"
gives 4 "the same once more is a conflict" roster apply "$dir/roster.yaml"
gives 0 "it is in force" roster show
like "$out" "^in force since 2[0-9-]*T[0-9:.]*Z, applied by $me" "since when, and by whom"
gives 0 "and as JSON" roster show --json
like "$out" "^\{\"sha256\":\"[0-9a-f]{64}\",\"applied_by\":\"$me\",.*\"id\":\"cy\",\"name\":null,\"may\":\"respond\"" "for machines"
unlike "$out" "HOOK" "which names no secret's place"
run tail
like "$out" "$me +APPLIED roster [0-9a-f]{64}" "the record says who"
run tail --json
like "$out" '"incident":0,.*"kind":"roster.applied","body":\{"sha256":"[0-9a-f]{64}","text":"roster: 1\\npeople:' "and holds its bytes"
gives 0 "the store is proved" verify
gives 5 "--readonly applies nothing" roster apply "$dir/new.yaml" --readonly

# ---- who may what ----
gives 0 "a plan without people is declared" declare "$dir/plan.yaml"
gives 1 "deciding takes command" decide 1 back --reason x
like "$err" "only who commands may decide, and nobody does: INC-1; take command first" "and says so"
gives 1 "no command as somebody we aren't" note 1 x --as developer
like "$err" "$me may not note as developer: .*; leave --as away" "says what to do"
gives 0 "take command" take 1 commander
gives 1 "not as the deputy" decide 1 back --reason x --as deputy
like "$err" "as commander they may: --as commander" "but as what we are"
gives 0 "which decides" --as IC decide 1 back --reason x
run tail 1
like "$out" "$me +\(IC\) DECIDED back" "and is on the record"
gives 0 "the commander holds what is not handed out" skip 1 look --reason x
gives 0 "also as that" --as developer start 1 flag-off --wait
gives 2 "--as names a role" decide 1 back --reason x --as

# ---- hostile ----
printf 'roster: 1\npeople:\n  %s: {may: command, name: "\\e[2J\\e]0;owned\\a\\u202Eevil"}\n' "$me" \
	>"$dir/hostile.yaml"
run roster apply "$dir/hostile.yaml"
is $status 0 "a hostile name may be applied"
run roster show
unlike "$out" "$(printf '[\033\007]')" "and is shown without its powers"
like "$out" "\^\[\[2J" "but visibly"
finish
