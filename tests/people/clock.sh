#!/bin/bash
# Somebody sets the wall clock an hour forward and back under open consoles. Nobody types, and what is
# counted goes on: where a keeper is, it is on the record within its next turn.
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
command -v faketime >/dev/null || skip_all "there is no faketime"
write_plan
must declare "$dir/plan.yaml"

# The consoles read their wall clock's offset from a file, anew each time.
library=$(faketime -f +0 env | sed -n 's/^LD_PRELOAD=//p')
set_clock() {
	echo "$1" >"$dir/offset.new"
	mv "$dir/offset.new" "$dir/offset"
}
# clocked NAME OPTION…
clocked() {
	name=$1
	shift
	terminal "$name" 80x24 "ASAN_OPTIONS=verify_asan_link_order=0:\$ASAN_OPTIONS DONT_FAKE_MONOTONIC=1 \
		FAKETIME_TIMESTAMP_FILE='$dir/offset' FAKETIME_NO_CACHE=1 LD_PRELOAD='$library' \
		'$program' --store '$store' $*"
}

# left NAME: seconds left to acknowledge, as its screen says now.
left() {
	shown "$1" | sed -n 's/^ *acknowledge *in *\([0-9]*\):\([0-9]*\).*/\1 \2/p' |
		awk '{ print $1 * 60 + $2 }'
}

# as_many NAME SECONDS: so many were left a moment ago.
as_many() {
	now=$(left "$1")
	[ -n "$now" ] && [ "$now" -le "$2" ] && [ "$now" -gt $(($2 - 30)) ]
}

set_clock +0
clocked ana
clocked vic --readonly
eventually ana "● LIVE" "a console is open"
eventually vic "RO .* LIVE" "and somebody looks on"
eventually ana "acknowledge +in +[0-9]+:" "a clock runs"
recorded() {
	[ "$(kinds 1 | grep -c clock.stepped)" = "$1" ]
}
steps=0
for offset in +1h +0 -1h; do
	before=$(left ana)
	set_clock $offset
	steps=$((steps + 1))
	ok "the clock is $offset now: that gets on the record" within 10000 recorded $steps
	for who in ana vic; do
		ok "$who's countdown goes on" within 10000 as_many $who "$before"
	done
done
eventually ana "the clock was set back 1h00" "and on the screen"
ok "once for each step" recorded 3
log_verifies
finish
