#!/bin/sh
# The mirror and exports as what line mode reads: all that looks works on them, nothing writes.
. "${SRCDIR:?}/tests/cli/lib.sh"
mirror=$dir/store/view/incidents.db.ndjson
decided
run note 1 "on the record"

# same WORD…: the mirror gives the answer of the store; but of a mirror nothing is kept that would
# anchor it.
same() {
	run "$@"
	wanted="$status $(unanchored)"
	run_bare --store "$mirror" "$@"
	is "$status $(unanchored)" "$wanted" "$* is the same of the mirror"
}
unanchored() {
	printf '%s\n' "$out" | sed -e 's/, anchored .*//' -e 's/"anchored":[0-9]*,//'
}
same status --json
same status 1 --json
same tail
same tail 1 -n 3
same tail --json
same tail -n 0
same verify
same verify --json
same head
run head --json
hash=$(printf '%s\n' "$out" | sed 's/.*"hash":"\([0-9a-f]*\)".*/\1/')
same verify --since "$hash"
same status 9

run_bare --store "$mirror" note 1 "no"
is "$status $err" "5 backout: can't note: a mirror shows its store and takes no commands; ask somebody who may write" \
	"no command is taken"
run_bare --store "$dir/none.ndjson" declare --title x
is "$status" 3 "nor is a mirror made"
[ ! -e "$dir/none.ndjson" ]
ok "anywhere"

"$BACKOUT" --store "$mirror" tail 1 -n 1 --follow >"$dir/followed" 2>&1 &
follower=$!
eventually "a mirror is followed" grep -q "on the record" "$dir/followed"
run note 1 "and further"
eventually "what others write is told" grep -q "and further" "$dir/followed"
run abandon 1 --reason "over"
eventually "to the end" grep -q "ABANDONED" "$dir/followed"
kill "$follower"

"$BACKOUT" --store "$store" tail --json -n 100 >"$dir/export.ndjson"
run_bare --store "$dir/export.ndjson" verify
is "$status $(unanchored)" "0 verified up to 8" "an export is proved"
run_bare --store "$dir/export.ndjson" status 1
like "$out" "ABANDONED" "and shows what it holds"

# ---- what goes wrong, in three parts ----

# watch STATUS DESCRIPTION PATTERN WORD…
watch() {
	wanted=$1 what=$2 pattern=$3
	shift 3
	run_bare watch "$@"
	is "$status" "$wanted" "$what"
	like "$err" "^backout: $pattern.*; " "in words"
}
watch 3 "3: there is no such file" "can't open the mirror: $dir/none.ndjson: No such file" "$dir/none.ndjson"
watch 2 "2: neither an incident nor a file of lines" \
	"that is neither an incident nor a file of lines: $store" "$store"
sed 's/on the record/off the record/' "$dir/export.ndjson" >"$dir/changed.ndjson"
watch 7 "7: a line was changed" \
	"this is not what was written: $dir/changed.ndjson: line 6: event 6: its hash" "$dir/changed.ndjson"
run_bare --store "$dir/changed.ndjson" verify
is "$status" 7 "7: verify says so too"
head -c -30 "$dir/export.ndjson" >"$dir/torn.ndjson"
run_bare --store "$dir/torn.ndjson" verify
is "$status" 7 "7: the last line is torn"
like "$err" "$dir/torn.ndjson: line 8: it is torn: nothing ends it; " "and where"
run_bare watch "$mirror"
is "$status $err" "2 backout: the console needs a terminal; \`backout status\` and \`backout help\` do without" \
	"2: the console needs a terminal"
run watch 9
is "$status $err" "3 backout: there is no such incident: INC-9; \`backout status\` lists what is open" \
	"3: the mirror of --store has no such incident"
run_bare watch
is "$status" 3 "3: you have no store"
like "$err" "can't open the mirror: $HOME/.local/share/backout/view/backout.db.ndjson: " \
	"the mirror of the default one is meant"

# ---- who may pass to the mirror and not open the store ----

# other WORD…: the program as somebody who has no rights on the store.
other() {
	HOME=$dir as_other "$BACKOUT" --store "$store" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	out=$(cat "$dir/out")
	err=$(cat "$dir/err")
}

others() {
	chmod 711 "$dir/store"
	chmod 755 "$dir/store/view"
	chmod 644 "$mirror"
	run tail
	seen=$out
	other tail
	is "$status $out" "0 $seen" "who may not open the store sees its mirror"
	other status 1
	like "$out" "ABANDONED" "and the state in it"
	other note 1 "no"
	is "$status" 5 "5: and can't write"
	like "$err" "you may not open the store" "for it is the store that is meant"
	other declare --title "no"
	is "$status" 5 "5: nor begin anything"
	chmod 700 "$dir/store/view"
	other status
	is "$status" 5 "5: without the mirror"
	like "$err" "^backout: you may not open the store: $store is for its owner, root; ask them$" "it is the store that is missed"
	other watch
	is "$status" 5 "5: and to watch it"
	like "$err" "^backout: can't open the mirror: $mirror: Permission denied; " "it is the mirror"
	chmod 700 "$dir/store"
	other status
	is "$status" 5 "5: a folder that can't be entered is not a store that isn't there"
}

if [ "$(id -u)" -eq 0 ]; then
	others
else
	skip "who may pass to the mirror and not open the store" "needs root, to be somebody else"
fi
finish
