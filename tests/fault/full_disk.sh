#!/bin/bash
# "Full disk: start refused, viewing works, no mirror line lost once there is room." A real one, that
# a mount of its own makes small; a console and a viewer of the mirror look on all the time.
if [ -z "${FULL_DISK:-}" ]; then
	if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2>/dev/null; then
		echo "1..0 # SKIP only root can mount a small disk"
		exit 0
	fi
	FULL_DISK=yes exec unshare --mount "$0"
fi
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
mount -t tmpfs -o size=6m,mode=700 tmpfs "$dir/store" || skip_all "a small disk can't be mounted"
mirror=$dir/store/view/incidents.db.ndjson
write_plan
must declare "$dir/plan.yaml"
run decide 1 back --reason "errors climb"
is "$status" 0 "there is room for words"

# A runner takes its time: what it is going to do stands on the record at once.
nothing_begun() {
	! kinds 1 | grep -q "^step\."
}

gives 6 "but none to start a step" start 1 flag-off
like "$err" "^backout: only [0-9]* MiB are free where its output is kept: INC-1 1 flag-off; free at least 64 MiB there\$" "in a sentence that says why"
ok "and nothing was begun" nothing_begun

# ---- who looks on --------------------------------------------------------------------------------

# The board of INC-1 on both screens.
all_see() {
	eventually console "$1" "the console shows $2"
	eventually viewer "$1" "so does the viewer of the mirror"
}

# What the log and the mirror hold, line by line.
like_the_log() {
	run tail --json -n 1000
	grep -v carried_bytes "$mirror" >"$dir/lines"
	[ "$out" = "$(cat "$dir/lines")" ]
}

console console 100x40
terminal viewer 100x40 "'$program' watch '$mirror'"
all_see "INC-1.*Roll back shop" "the incident"

# ---- kept, and not mirrored ----------------------------------------------------------------------

wal_bytes() {
	stat -c %s "$store-wal"
}

# Once the log is written from its file's beginning again, a commit takes no room; a line of the
# mirror does.
bytes=0
while [ "$(wal_bytes)" -ne "$bytes" ]; do
	bytes=$(wal_bytes)
	must note 1 "while there is room"
done
must note 1 "the last one that all see"
all_see "the last one that all see" "what there was room for"

cat /dev/zero >"$dir/store/filler" 2>/dev/null
unseen=0
until [ $unseen -eq 20 ]; do
	run note 1 "in the last corner"
	[ "$status" -eq 0 ] || break
	case $err in *"viewers see an older state"*) unseen=$((unseen + 1)) ;; esac
done
run note 1 "which viewers lack"
is "$status $unseen" "0 20" "commands are kept whose lines find no room"
ok "so the mirror lacks some" eval "! like_the_log"
eventually console "which viewers lack" "the console shows what was kept"
eventually console "viewers see an older state" "and says that viewers don't"
key viewer Down
eventually viewer "INC-1.*Roll back shop" "who looks at the mirror keeps the last board"
gives 6 "no step is started" start 1 flag-off

rm "$dir/store/filler"
eventually viewer "which viewers lack" "once there is room the viewer sees it, without another command"
ok "the mirror is the log, to the line" within 10000 like_the_log

# ---- nothing goes in any more --------------------------------------------------------------------

# Until nothing more goes in: what was acknowledged is counted.
run tail --json -n 1000
acknowledged=$(printf '%s\n' "$out" | grep -c "in the last corner")
cat /dev/zero >"$dir/store/filler" 2>/dev/null
while run note 1 "in the last corner"; [ "$status" -eq 0 ]; do
	acknowledged=$((acknowledged + 1))
	[ $acknowledged -lt 500 ] || break
done
is "$status" 6 "on a full disk a command is refused"
like "$err" "^backout: can't .*: .*its disk .*full; .*" "and the disk is named"
gives 0 "looking goes on" status 1
like "$out" "INC-1" "at what there is"
gives 0 "so does reading" tail -n 1000
is "$(printf '%s\n' "$out" | grep -c "in the last corner")" "$acknowledged" "all of what was acknowledged, and no more"
gives 0 "proving" verify
"$program" --store "$mirror" status 1 >/dev/null
is $? 0 "and a viewer's look"
gives 6 "no step is started" start 1 flag-off
ok "none was begun" nothing_begun
key console Down
all_see "INC-1.*Roll back shop" "the last board still"

rm "$dir/store/filler"
must note 1 "room again"
all_see "room again" "what comes next"
ok "no line of the mirror is lost" within 10000 like_the_log
gives 0 "and all is proven" verify

finish
