#!/bin/sh
# Somebody sets the wall clock an hour forward and back while BOOTTIME goes on: what is counted goes
# on, whoever notices. Where daylight saving begins or ends nothing happens at all.
. "${SRCDIR:?}/tests/cli/lib.sh"
command -v faketime >/dev/null || {
	echo "1..0 # SKIP there is no faketime"
	exit 0
}
write_plan
# faketime comes before a sanitizer in the line of libraries, and it doesn't like that.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
export ASAN_OPTIONS

# at OFFSET WORD…: the program under a wall clock that is off by that.
at() {
	offset=$1
	shift
	DONT_FAKE_MONOTONIC=1 faketime -f "$offset" "$BACKOUT" --store "$store" "$@" \
		>"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	out=$(cat "$dir/out")
}

# due OFFSET: minutes left to acknowledge, as status says under that clock.
due() {
	at "$1" status 1
	printf '%s\n' "$out" | sed -n 's/^ in \([0-9]*\):[0-9]* *acknowledge.*/\1/p'
}

at +0 declare "$dir/plan.yaml"
left=$(due +0)
[ "${left:-0}" -ge 4 ]
verdict $? "there are minutes left to acknowledge" || instead "$out"
for offset in +1h +0 -1h +0; do
	at "$offset" note 1 "under $offset"
	is $status 0 "a command under $offset"
	now=$(due "$offset")
	[ "${now:-99}" = "$left" ] || [ "${now:-99}" = $((left - 1)) ]
	verdict $? "as many are left under $offset" || instead "$now left, not $left" "$out"
done
run tail 1 --json -n 20
is "$(printf '%s\n' "$out" | grep -c '"kind":"clock.stepped"')" 4 "each step is on the record, once"
like "$out" '"via":"clock".*"by_ms":(360|359)[0-9]{4}\}' "forward"
like "$out" '"by_ms":-(360|359)[0-9]{4}\}' "and back"
gives 0 "the chain is whole" verify

# A keeper notices by itself. Its clock's offset stands in a file.
set_clock() {
	echo "$1" >"$dir/offset.new"
	mv "$dir/offset.new" "$dir/offset"
}
library=$(faketime -f +0 env | sed -n 's/^LD_PRELOAD=//p')
set_clock +1h
DONT_FAKE_MONOTONIC=1 FAKETIME_TIMESTAMP_FILE=$dir/offset FAKETIME_NO_CACHE=1 LD_PRELOAD=$library \
	"$BACKOUT" --store "$store" keeper >"$dir/keeper" 2>&1 &
keeper=$!
said() {
	[ "$(grep -c "^INC-1 .*the clock was set $1 " "$dir/keeper")" = "$2" ]
}
eventually "it begins with a look: the clock was set before it came" said forward 1
set_clock +0
eventually "the clock is set back under it, and it notices" said back 1
now=$(due +0)
[ "${now:-99}" = "$left" ] || [ "${now:-99}" = $((left - 1)) ]
verdict $? "and as many are left" || instead "$now left, not $left"
kill -TERM $keeper
wait $keeper
is $? 0 "it ends well"
run tail 1 --json -n 40
is "$(printf '%s\n' "$out" | grep -c '"kind":"clock.stepped"')" 6 "each is on the record, once"

# The hour that comes twice in Berlin: 2026-10-25, 00:59:50Z.
TZ=Europe/Berlin
export TZ
shift=$(($(date -u -d '2026-10-25 00:59:50' +%s) - $(date -u +%s)))
store=$dir/store/night.db
at "${shift}s" declare "$dir/plan.yaml"
at "$((shift + 1))s" note 1 "a second later"
at "$((shift + 1))s" tail 1 --json -n 20
unlike "$out" "clock.stepped" "summer ends, and nobody notices"
at "$((shift + 1))s" status 1
like "$out" "^declared 2026-10-25T00:59:5" "for times are those of UTC"
finish
