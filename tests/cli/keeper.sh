#!/bin/sh
# A keeper without a screen: it fires what is due, finds what is lost, and ends when it is told to.
# DESIGN 11.4: "An escalation fires once per level, however many consoles run."
. "${SRCDIR:?}/tests/cli/lib.sh"
write_plan
sed -i '/^steps:/i escalation: [{if: unacknowledged, after: 1s, to: [ana]}]' "$dir/plan.yaml"
gives 3 "3: without a store there is nothing to keep" keeper
run declare "$dir/plan.yaml"

"$BACKOUT" --store "$store" keeper >"$dir/one" 2>&1 &
one=$!
"$BACKOUT" --store "$store" keeper >"$dir/two" 2>&1 &
two=$!
said() {
	grep -q "$1" "$dir/one" && grep -q "$1" "$dir/two"
}
eventually "it says what it does" said "^keeping the clock of "
kept() {
	"$BACKOUT" --store "$store" status 1 | grep -q "^the clock is kept by .* pid $1\$"
}
eventually "status says which of them keeps the clock" kept "[0-9]*"
eventually "both tell that somebody is called" said "^INC-1 .*ana"
run tail 1 --json -n 100
is "$(printf '%s\n' "$out" | grep -c '"kind":"escalation.fired"')" 1 "one of them called, once"

run decide 1 back --reason "a test"
printf '#!/bin/sh\necho there\nexec sleep 50\n' >"$dir/flag"
run start 1 flag-off
began() {
	grep -rq there "$dir/store/view/run/1.flag-off.1" 2>/dev/null
}
eventually "a step runs" began
run tail 1 --json -n 100
kill -KILL "$(printf '%s\n' "$out" | sed -n 's/.*"kind":"step.started".*"pid":\([0-9]*\).*/\1/p')"
eventually "a runner that is gone becomes known by itself" said "flag-off UNKNOWN: lost contact"

kill -TERM $one
wait $one
is $? 0 "TERM ends it well"
eventually "the other follows at once" kept $two
kill -INT $two 2>/dev/null
kill -TERM $two
wait $two
gives 5 "5: who may only look keeps nothing" keeper --readonly
pkill -f "$dir/" 2>/dev/null
finish
