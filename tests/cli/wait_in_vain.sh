#!/bin/sh
# --wait of what nobody will ever report: whoever waits is told so, and doesn't wait for ever.
. "${SRCDIR:?}/tests/cli/lib.sh"
cat >"$dir/plan.yaml" <<'PLAN'
backout: 1
plan: waits
title: Ends that the log never hears of
service: shop
why: None.
roles: {commander: [ana]}
steps:
  - {id: cut, title: Loses its runner and its folder, owner: commander, box: 5m, needs: [],
     run: [./hang], undo: nothing}
  - {id: mute, title: Has a runner that can't report, owner: commander, box: 5m, needs: [],
     run: [./until-told], undo: nothing}
PLAN
printf '#!/bin/sh\necho hanging\nexec sleep 50\n' >"$dir/hang"
printf '#!/bin/sh\necho hanging\nuntil [ -e told ]; do sleep 0.02; done\n' >"$dir/until-told"
chmod +x "$dir/hang" "$dir/until-told"
run declare "$dir/plan.yaml" --accept "a test"
run decide 1 back --reason "a test"

# waits STEP: its start in the background, with files of its own.
waits() {
	timeout 30 "$BACKOUT" --store "$store" start 1 "$1" --wait >"$dir/$1.out" 2>"$dir/$1.err" &
	eval "$1=$!"
	eventually "$1 begins" grep -qs hanging "$dir/$1.out"
}

# How its runner's pid stands in its claim.
runner_of() {
	sed -n 's/^pid //p' "$dir/store/view/run/1.$1.1/claim"
}

has_ended() {
	[ -e "$dir/store/view/run/1.$1.1/exit" ]
}

is_gone() {
	! kill -0 "$1" 2>/dev/null
}

waits cut
waits mute
runner=$(runner_of cut)
mv "$dir/store/view/run/1.cut.1" "$dir/kept"
echo >"$dir/store/view/run/1.cut.1"
kill -KILL "$runner"

# Whoever has the lock lets nobody write.
mkfifo "$dir/free"
flock "$store.lock" cat "$dir/free" &
holder=$!
ok "somebody keeps the store busy" within 10000 sh -c "! flock -n '$store.lock' true"
touch "$dir/told"
eventually "a command ends meanwhile" has_ended mute

wait $cut
is $? 6 "a runner that is gone, and no folder to look into, ends the wait"
like "$(cat "$dir/cut.err")" "^backout: nobody knows how the step ended: INC-1 1 cut: can't open the run's folder: .*; once that is mended, .backout check 1 cut. finds out\$" "and says what can't be looked at"
wait $mute
is $? 6 "so does a runner that lives and can't report"
like "$(cat "$dir/mute.err")" "^backout: nobody knows how the step ended: INC-1 2 mute: its runner can't report; " "and says that"

echo >"$dir/free"
wait $holder
rm "$dir/store/view/run/1.cut.1"
mv "$dir/kept" "$dir/store/view/run/1.cut.1"
eventually "the report comes once it can" is_gone "$(runner_of mute)"
run status 1
like "$out" "2 mute.*done" "and the step is what it is"
run check 1 cut
run status 1
like "$out" "1 cut.*unknown.*lost contact" "what was lost is learned as soon as its folder is there"
finish
