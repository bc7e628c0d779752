#!/bin/sh
# "Full disk: start refused, viewing works, no mirror line lost once there is room." A real one, that
# a mount of its own makes small.
if [ -z "${FULL_DISK:-}" ]; then
	if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2>/dev/null; then
		echo "1..0 # SKIP only root can mount a small disk"
		exit 0
	fi
	FULL_DISK=yes exec unshare --mount "$0"
fi
. "${SRCDIR:?}/tests/cli/lib.sh"
[ "${BACKOUT_PEOPLE:-yes}" = yes ] || skip_all "BACKOUT_PEOPLE=no leaves people and faults out"
mount -t tmpfs -o size=1m,mode=700 tmpfs "$dir/store" || skip_all "a small disk can't be mounted"
mirror=$dir/store/view/incidents.db.ndjson
decided
is "$status" 0 "there is room for words"

gives 6 "but none to start a step" start 1 flag-off
like "$err" "^backout: only 0 MiB are free where its output is kept: INC-1 1 flag-off; free at least 64 MiB there\$" "in a sentence that says why"
[ ! -e "$dir/flag-state" ]
ok "and nothing ran"

# Until nothing more goes in: what was acknowledged is counted.
fill() {
	acknowledged=0
	cat /dev/zero >"$dir/store/filler" 2>/dev/null
	while run note 1 "in the last corner"; [ "$status" -eq 0 ]; do
		acknowledged=$((acknowledged + 1))
		[ $acknowledged -lt 500 ] || break
	done
}

like_the_log() {
	run tail --json -n 1000
	grep -v carried_bytes "$mirror" >"$dir/lines"
	[ "$out" = "$(cat "$dir/lines")" ]
}

fill
is "$status" 6 "on a full disk a command is refused"
like "$err" "^backout: can't .*: .*its disk .*full; .*" "and the disk is named"
gives 0 "looking goes on" status 1
like "$out" "INC-1" "at what there is"
gives 0 "so does reading" tail -n 1000
is "$(printf '%s\n' "$out" | grep -c "in the last corner")" "$acknowledged" "all of what was acknowledged, and no more"
gives 0 "proving" verify
run_bare --store "$mirror" status 1
is "$status" 0 "and a viewer's look"
gives 6 "no step is started" start 1 flag-off
[ ! -e "$dir/flag-state" ]
ok "none"

rm "$dir/store/filler"
gives 0 "once there is room" note 1 "room again"
ok "no line of the mirror is lost" like_the_log
gives 0 "and all is proven" verify

umount "$dir/store"
finish
