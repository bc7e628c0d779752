#!/bin/sh
# Pages: a level that was fired is brought to the channels of the roster, by real programs that take
# it, refuse it, hang, or aren't there. DESIGN 8: "at-least-once; a definite failure is retried with
# back-off, an ambiguous one only where repeating is harmless, and always shown".
. "${SRCDIR:?}/tests/cli/lib.sh"

program() {
	cat >"$dir/$1"
	chmod 755 "$dir/$1"
}
program page <<-SH
	#!/bin/sh
	# one line a page: whom, where, its key; and what it was given to read
	echo "\$BACKOUT_CHANNEL \$BACKOUT_PERSON \$BACKOUT_ADDRESS \$BACKOUT_KEY \$# \$1" >>$dir/pages
	{ echo "\$BACKOUT_SUBJECT"; cat; } >>$dir/texts
SH
program busy <<-SH
	#!/bin/sh
	echo try >>$dir/tries
	echo "first line"
	echo "no signal, token ghp_0123456789abcdefghijABCDEFGHIJ012345" >&2
	exit 3
SH
program hang <<-SH
	#!/bin/sh
	trap '' TERM
	echo "\$\$" >>$dir/hung
	sleep 60
SH
program dies <<-SH
	#!/bin/sh
	# the first courier is killed at work; the second finds it done
	[ -e $dir/died ] && { cat >$dir/came; exit 0; }
	: >$dir/died
	kill -KILL \$PPID
	sleep 60
SH
program long <<-SH
	#!/bin/sh
	# a secret that lies across the beginning of what is kept of a line
	printf 'ghp_0123456789abcdefghijABCDEFGHIJ012345 %02030d\\n' 0
	exit 4
SH
me=$(id -un)
roster() {
	cat >"$dir/roster.yaml" <<-YAML
		roster: 1
		people: {$me: {may: command, reach: {pager: "+351 1"}}}
		channels:
		  pager: {type: command, run: [$dir/page, "a b"]}
		  busy: {type: command, run: [$dir/busy]}
		  hang: {type: command, run: [$dir/hang], timeout: 1s}
		  dies: {type: command, run: [$dir/dies], timeout: 1s}
		  long: {type: command, run: [$dir/long]}
		  gone: {type: command, run: [$1]}
		escalation:
		  - {if: unacknowledged, after: 1s, to: [$me, busy, hang, dies, long]}
	YAML
}
roster "$dir/page"
run declare --title "it burns"
run roster apply "$dir/roster.yaml"
gives 0 "an incident and a roster" status 1

"$BACKOUT" --store "$store" keeper >"$dir/kept" 2>&1 &
keeper=$!
number=1
counts() { # COUNT KIND PATTERN: so many events of the kind have it
	[ "$("$BACKOUT" --store "$store" tail $number --json -n 1000 | grep "\"kind\":\"$2\"" | grep -c "$3")" = "$1" ]
}
eventually "a page that its program takes is sent" counts 1 page.sent '"channel":"pager"'
key=$(run head --json && printf '%s\n' "$out" | sed -n 's/.*"store":"\([^"]*\)".*/\1/p')
like "$(cat "$dir/pages")" "^pager $me [+]351 1 $key/[0-9]* 1 a b\$" "its program gets whom, where, and a key of its own"
like "$(sed -n 1p "$dir/texts")" "^SEV2 INC-1 it burns: nobody has acknowledged\$" "a subject"
is "$(sed -n 2p "$dir/texts")" "$(sed -n 1p "$dir/texts")" "on its standard input the subject too"
like "$(cat "$dir/texts")" "^for $me, level 1\$" "whom it is for"
like "$(cat "$dir/texts")" "^SEV2 INC-1 it burns: DECLARED, T+" "and the brief"

eventually "a failure is told with the last line" counts 1 page.failed 'exit status 3: no signal, token \[redacted\]'
eventually "but not with a line whose beginning isn't kept" counts 1 page.failed '"channel":"long".*"why":"exit status 4"'
eventually "and tried again after five seconds" counts 2 page.begun '"channel":"busy"'
eventually "an end that is no end may have arrived" counts 1 page.failed '"channel":"hang".*no end after 1s, it may have arrived'
killed() {
	! kill -0 "$(sed -n 1p "$dir/hung")" 2>/dev/null
}
eventually "and its program is gone" killed

run status 1
like "$out" "^PAGE by .* FAILED" "status tells what doesn't go out"
run status 1 --json
like "$out" '"pages":\[.*\{"channel":"pager","person":"[^"]+","state":"sent","try":1,"given_up":false,"at":"[^"]+","why":null\}' "and, for programs, all of it"

# nobody is called for what is over
run declare --title "a small thing"
number=2
eventually "another incident has a page that fails" counts 1 page.failed '"channel":"busy"'
gives 0 "somebody is on it" ack 2
within 6500 false
counts 1 page.begun '"channel":"busy"'
verdict $? "so nobody is called any more"

number=1
eventually "a courier that was killed may have brought its page: it is sent again, and said so" \
	counts 1 page.begun '"channel":"dies".*"again":true'
eventually "and arrives" counts 1 page.sent '"channel":"dies"'
like "$(cat "$dir/came")" "^SEV2 INC-1 it burns" "with all that is to be read"
counts 1 page.sent '"channel":"pager"'
verdict $? "what was sent is sent once"
kill -TERM $keeper
wait $keeper

# who can't run every channel's program leaves it to who can
roster "$dir/nowhere"
run roster apply "$dir/roster.yaml"
run declare --title "again"
# INC-3
"$BACKOUT" --store "$store" keeper >"$dir/kept" 2>&1 &
keeper=$!
fired() {
	"$BACKOUT" --store "$store" tail 3 --json -n 1000 | grep -q escalation.fired
}
eventually "it is fired" fired
within 2500 false
run tail 3 --json -n 1000
unlike "$out" 'page.begun' "but nobody sets out"
run doctor
like "$out$err" "gone.*$dir/nowhere" "and the doctor says why"
kill -TERM $keeper
wait $keeper
gives 0 "the log is whole" verify
finish
