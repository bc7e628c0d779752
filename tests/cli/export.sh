#!/bin/sh
# Exports and imports by their words, and a store that goes on when its host is dead.
. "${SRCDIR:?}/tests/cli/lib.sh"
write_plan
printf '#!/bin/sh\necho there\nexec sleep 50\n' >"$dir/flag"
run declare "$dir/plan.yaml"
run decide 1 back --reason "errors climb"

gives 0 "an export" export "$dir/log.ndjson"
like "$out" "^exported [0-9]+ events to $dir/log.ndjson\$" "says what it is"
head=$(printf '%s\n' "$out" | tail -n 1)
is "$(stat -c %a "$dir/log.ndjson")" 600 "it is for its maker alone"
run head
is "$out" "$head" "it ends where the log does"
run export
printf '%s\n' "$out" | cmp -s - "$dir/log.ndjson"
ok "to standard output it is the same"
run export -
printf '%s\n' "$out" | cmp -s - "$dir/log.ndjson"
ok "and to -"
gives 4 "nothing is written over" export "$dir/log.ndjson"
run_bare --store "$dir/log.ndjson" verify
is $status 0 "it is proven by itself"

run_bare --store "$dir/store/other.db" import "$dir/log.ndjson"
is $status 0 "an import"
is "$(printf '%s\n' "$out" | tail -n 1)" "$head" "is the same log"
run_bare --store "$dir/store/other.db" export "$dir/again.ndjson"
cmp -s "$dir/log.ndjson" "$dir/again.ndjson"
ok "to the last byte"
run_bare --store "$dir/store/other.db" verify
is "$status" 0 "it verifies"
run_bare --store "$dir/store/other.db" import "$dir/log.ndjson"
is $status 4 "a store that holds something is no place for one"
like "$err" "there is a store already: $dir/store/other.db holds [0-9]+ events" "and is named"
run_bare --store "$dir/store/third.db" import "$dir/none.ndjson"
is $status 3 "it wants a file"
run_bare --store "$dir/store/third.db" import "$dir/log.ndjson" --reason x
is $status 2 "and no reason"
run_bare --store "$dir/store/third.db" import "$dir/log.ndjson" --readonly
is $status 1 "it writes"

head -n 4 "$dir/log.ndjson" >"$dir/cut.ndjson"
run_bare --store "$dir/store/third.db" import "$dir/cut.ndjson"
is $status 7 "a cut export is refused"
like "$err" "$dir/cut.ndjson: line 5: it is missing: the last event is 3, and should be [0-9]+; " "and where it was cut"
sed 's/errors climb/errors clomb/' "$dir/log.ndjson" >"$dir/changed.ndjson"
run_bare --store "$dir/store/third.db" import "$dir/changed.ndjson"
is $status 7 "a changed one too"
like "$err" "$dir/changed.ndjson: line [0-9]+: event [0-9]+: its hash is not that of its columns" "and where"
[ ! -e "$dir/store/third.db" ]
ok "nothing half made is left"

# ---- the host is dead ----
mirror=$dir/store/view/incidents.db.ndjson
gives 0 "a step runs" start 1 flag-off
began() {
	grep -rq there "$dir/store/view/run/1.flag-off.1" 2>/dev/null
}
eventually "its command is there" began
pid=$(sed -n 's/.*"kind":"step.started".*"pid":\([0-9]*\).*/\1/p' "$mirror")
cp "$mirror" "$dir/rescued.ndjson"
mkdir -m 700 "$dir/elsewhere"
new=$dir/elsewhere/incidents.db
goes_on="'$BACKOUT' --store '$new' import '$dir/rescued.ndjson' --continue --reason 'ops1 burned'"
if [ "$(id -u)" -eq 0 ] && unshare --uts true 2>/dev/null; then
	unshare --uts sh -c "echo ops2 >/proc/sys/kernel/hostname; $goes_on" >"$dir/out" 2>"$dir/err"
	ok "a new store goes on from the mirror on another host"
	like "$(cat "$dir/out")" "^a new store, $new, goes on from event [0-9]+ of store [0-9a-f-]+ with [0-9]+ events\$" "and says so"
	run_bare --store "$new" tail
	like "$out" "store .*CONTINUES store [0-9a-f-]+ from its event [0-9]+: ops1 burned" "the record says so"
	like "$out" "1 flag-off UNKNOWN: lost contact" "what ran there is unknown"
	run_bare --store "$new" verify
	is $status 0 "it verifies"
	run_bare --store "$new" settle 1 flag-off absent --evidence "looked"
	run_bare --store "$new" start 1 flag-off
	is $status 0 "and is gone on with"
	run_bare --store "$new" tail --json
	like "$out" '"run":"1\.flag-off\.2-[0-9a-f]{8}"' "under a name that the dead host never gave"
	new_pid=$(printf '%s\n' "$out" | sed -n 's/.*"kind":"step.started".*"pid":\([0-9]*\).*/\1/p' | tail -n 1)
	run_bare --store "$new" head
	unlike "$out" "$(echo "$head" | sed 's/.*store \([0-9a-f-]*\),.*/\1/')" "it is another store"
else
	for what in 1 2 3 4 5 6 7 8; do
		skip "a store goes on elsewhere $what" "only root can be another host"
	done
fi
for runner in $pid ${new_pid:-}; do # its command dies with it
	kill -KILL "$runner" 2>/dev/null
done
finish
