#!/bin/bash
# Somebody of another group follows an incident and its live output through the mirror, while writers
# work. DESIGN 11.7: "A viewer can't write, nor stop a writer, by any door."
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
share_store || skip_all "only root can be three people"
command -v flock >/dev/null || skip_all "there is no flock"
viewers_group=54322
viewer=$(awk -F: -v other="$other" \
	'$3 > 0 && $3 < 1000 && $1 != "sync" && $1 != other { print $1; exit }' /etc/passwd)
mirror=$dir/store/view/incidents.db.ndjson
mkdir -m 700 "$dir/viewer" && chown "$viewer" "$dir/viewer"

as_viewer() {
	HOME=$dir/viewer setpriv --reuid "$viewer" --regid $viewers_group --clear-groups "$@"
}

# viewer_console NAME COLSxROWS WORD…
viewer_console() {
	terminal "$1" "$2" "HOME='$dir/viewer' setpriv --reuid $viewer --regid $viewers_group \
		--clear-groups '$program' --store '$store' ${*:3}"
}

must init --group $shared_group --viewers $viewers_group
write_plan
cat >"$dir/flag" <<-'FLAG'
	#!/bin/sh
	n=0
	while [ ! -e go-on ]; do n=$((n + 1)); echo "pod $n is off"; sleep 0.05; done
	echo "$1" >flag-state
FLAG

# ---- what is seen --------------------------------------------------------------------------------

viewer_console vic 80x24 watch
eventually vic "RO .* LIVE" "a viewer watches before anything happened"
must declare "$dir/plan.yaml" --severity 1
eventually vic "SEV1 INC-1 Roll back shop" "what one writer declares is seen"
as_other "$program" --store "$store" ack 1 >/dev/null
eventually vic "[0-9:]{8} $other +acknowledged" "and what another one does"
must decide 1 back --reason "errors climb"
must take 1 flag-off
viewer_console val 120x40
eventually val "RO .* LIVE" "the console alone gives who may not open the store its mirror"
must start 1 flag-off
eventually vic "► 1 flag-off" "a step that was started runs on both screens"
eventually val "► 1 flag-off" "on this one too"
key vic Enter
eventually vic "^ STEP 1 flag-off" "the step by itself"
eventually vic "pod [0-9]+ is off" "its output is seen"
last=$(shown vic | sed -n 's/.*pod \([0-9]*\) is off.*/\1/p' | tail -n 1)
grows() {
	newer=$(shown vic | sed -n 's/.*pod \([0-9]*\) is off.*/\1/p' | tail -n 1)
	[ -n "$newer" ] && [ "$newer" -gt $((last + 10)) ]
}
ok "while it is written" within 10000 grows
key vic p
eventually vic "nothing can be written from here" "a key that would write says why not"
is "$(kinds 1 | grep -c paused)" 0 "and writes nothing"

# ---- what is out of reach ------------------------------------------------------------------------

# denied DESCRIPTION COMMAND…: the viewer can't.
denied() {
	what=$1
	shift
	! as_viewer "$@" >/dev/null 2>&1
	verdict $? "$what"
}

for file in "$store" "$store-wal" "$store-shm" "$store.lock" "$store.lease"; do
	denied "${file##*/} can't be opened by a viewer" cat "$file"
	denied "nor locked" flock -n "$file" true
done
denied "the store's folder can't be listed" ls "$dir/store"
denied "nothing can be made beside the store" touch "$dir/store/x"
denied "nor in view/" touch "$dir/store/view/x"
denied "nor in its run/" touch "$dir/store/view/run/x"
denied "the mirror can't be written" sh -c ": >>'$mirror'"
denied "nor taken away" rm -f "$mirror"
denied "nor put elsewhere" mv -f "$mirror" "$dir/viewer/"
run_folder=$(as_viewer ls -d "$dir/store/view/run/"1.flag-off.*)
like "$run_folder" "1\.flag-off\.1$" "the folder of the run can be found"
denied "its claim can't be locked" flock -n -s "$run_folder/claim" true
denied "nor read" cat "$run_folder/claim"
denied "what was said can't be changed" sh -c ": >>'$run_folder/out'"
as_viewer "$program" --store "$store" note 1 "no" >/dev/null 2>"$dir/err"
is $? 5 "a command is refused: no access"
like "$(cat "$dir/err")" "^backout: you may not open the store" "for the store may not be opened"
as_viewer "$program" --store "$mirror" note 1 "no" >/dev/null 2>&1
is $? 5 "and a mirror takes none"

# ---- nobody is in the way ------------------------------------------------------------------------

# Everything that a viewer can hold is held: locks on all that can be read, consoles that stand still in
# the middle of it, and a reader that never reads on.
holders= held=0
is_held() {
	! flock -n "$1" true
}
for file in "$mirror" "$run_folder/out" "$dir/store/view" "$dir/store/view/run" "$run_folder"; do
	setpriv --reuid "$viewer" --regid $viewers_group --clear-groups \
		flock -F "$file" tail --pid=$$ -f "$mirror" >/dev/null &
	holders="$holders $!"
	within 5000 is_held "$file" && held=$((held + 1))
done
is $held 5 "a viewer locks what can be read"
kill -STOP "$(child_of val)"
slowest=0
for i in $(seq 20); do
	began=$(now_ms)
	must note 1 "word $i of $me"
	as_other "$program" --store "$store" note 1 "word $i of $other" >/dev/null || bad=$((bad + 1))
	took=$(($(now_ms) - began))
	[ $took -gt $slowest ] && slowest=$took
done
[ $slowest -lt 3000 ]
verdict $? "and writers go on as if nobody looked" || instead "two commands took $slowest ms"
echo "# two commands took $slowest ms at most"
is "$(run tail 1 --json -n 1000 && printf '%s\n' "$out" | grep -c '"note.written"')" 40 \
	"every word of both is on the record"
is "$(stat -c '%a %g' "$mirror")" "660 $shared_group" "the mirror is the writers' file"
kill -CONT "$(child_of val)"
for pid in $holders; do kill "$pid"; done
touch "$dir/go-on"
ok "the step ends" within 10000 step_is flag-off done
eventually vic "DONE" "the viewer sees it done"
key vic Escape
eventually vic "word 20 of $other" "and all that was written meanwhile"
eventually val "word 20 of $other" "also who stood still"

# ---- the end -------------------------------------------------------------------------------------

as_viewer "$program" --store "$mirror" tail --json -n 100000 >"$dir/seen"
"$program" --store "$store" tail --json -n 100000 >"$dir/written"
ok "the mirror is the log" cmp "$dir/seen" "$dir/written"
seen=$(as_viewer "$program" --store "$mirror" verify)
run verify
is "${seen%%, anchored*}" "${out%%, anchored*}" "and is proved as far"
as_viewer "$program" --store "$store" head >"$dir/seen"
run head
is "$(cat "$dir/seen")" "$out" "its head is the store's"
log_verifies
finish
