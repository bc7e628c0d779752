#!/bin/sh
# "Every cut tail, an old copy put back, a fork: found, named, exit 7": a chain alone finds none of
# them, a head that somebody kept finds all. Whoever writes, looks, or only may look.
. "${SRCDIR:?}/tests/cli/lib.sh"
rm -rf "$dir/store"
gives 0 "a store that all may look at" init --group "$(id -gn)" --viewers all
run declare --title first
last=9

# as WHO WORD…: somebody with a home, and so with pins, of their own.
as() {
	HOME=$dir/$1
	shift
	run "$@"
	HOME=$dir/home
}

# Of another group, who gets the mirror.
viewer() {
	mkdir -p "$dir/viewer" && chmod 777 "$dir/viewer"
	as_other env HOME="$dir/viewer" "$BACKOUT" --store "$store" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	out=$(cat "$dir/out")
	err=$(cat "$dir/err")
}

# The store as it was after that event, before eve saw any of it.
put_back() {
	rm -rf "$dir/store" "$dir/eve" && cp -a "$dir/copy-$1" "$dir/store"
}

wrong=
# found WHO WHERE PATTERN: the last one ended with 7 and named it.
found() {
	ends 7 "$@"
}

# ends STATUS WHO WHERE PATTERN
ends() {
	[ "$status" -eq "$1" ] && printf '%s\n' "$err" | grep -Eq -- "$4" && return
	wrong="$wrong
$2, $3: exit status $status, $err"
}

event=2
while :; do
	cp -a "$dir/store" "$dir/copy-$event"
	run head
	printf '%s\n' "$out" >"$dir/head-$event"
	[ $event -lt $last ] || break
	run note 1 "as it was"
	event=$((event + 1))
done
like "$out" "event $last, hash" "a log of several events"
words=$(cat "$dir/head-$last")
syslog="Nov 12 14:08:02 ops1 backout[4122]: $words; INC-1 declared"
viewer verify
is "$status" 0 "a viewer saw all of it too"

# who saw it to its end, and who was told where that is
each_finds() {
	for words_of in "$words" "${words##* }" "$syslog"; do
		as stranger verify --since "$words_of"
		found "a head that was kept" "$1" "the log doesn't hold that head"
	done
	run verify
	found "verify" "$1" "this isn't the log that you saw: .*$2"
	run note 1 "goes on"
	found "a command" "$1" "this isn't the log that you saw: .*$2"
	viewer verify
	found "a viewer" "$1" "this isn't the log that you saw: .*$2"
	viewer status
	ends 0 "a viewer who looks" "$1" "this isn't the log that you saw"
}

# Whoever cuts with care, triggers and all, is left with what was there then.
event=2
while [ $event -lt $last ]; do
	put_back $event
	each_finds "after event $event" "it ended at event $last, and ends at $event now"
	as stranger verify
	ends 0 "the chain alone" "after event $event" ""
	event=$((event + 1))
done
none "$wrong" "an old copy, or a log cut after each event, is found by all who kept a head"

event=2
while [ $event -lt $last ]; do
	put_back $event
	at=$event
	while [ $at -le $last ]; do
		as eve note 1 "otherwise"
		at=$((at + 1))
	done
	each_finds "forked after event $event" "event $last is another than the one that was there"
	as eve verify
	ends 0 "who saw only the fork" "after event $event" ""
	event=$((event + 1))
done
none "$wrong" "and so is a fork after each event"

put_back $last
gives 0 "the log itself is none to doubt" verify --since "$syslog"
viewer verify
is "$status" 0 "for viewers neither"

# ---- exports ----
run export "$dir/whole.ndjson"
lines=$(wc -l <"$dir/whole.ndjson")
line=1
while [ "$line" -lt "$lines" ]; do
	head -n $line "$dir/whole.ndjson" >"$dir/cut.ndjson"
	run_bare --store "$dir/cut.ndjson" verify
	found "an export" "cut after line $line" "cut.ndjson: line $((line + 1)): it is missing"
	# what `tail --json` prints doesn't name its end
	sed -e 1d "$dir/cut.ndjson" >"$dir/lines.ndjson"
	if [ "$line" -gt 1 ]; then
		run_bare --store "$dir/lines.ndjson" verify --since "$words"
		found "lines" "cut after line $line" "the log doesn't hold that head"
	fi
	line=$((line + 1))
done
none "$wrong" "an export that was cut at a line's end is found by itself, other lines by a head"
finish
