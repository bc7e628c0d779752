#!/bin/sh
# DESIGN 11.3: "Two people pressing the same key at once get one winner and one clear refusal."
# DESIGN 11.2: "A step that may not be repeated is never started twice by software."
. "${SRCDIR:?}/tests/cli/lib.sh"
rounds=20
{
	printf 'backout: 1\nplan: race\ntitle: Race\nservice: shop\nwhy: None.\n'
	printf 'roles: {commander: [ana, bo]}\nsteps:\n'
	for i in $(seq $rounds); do
		printf '  - {id: step-%s, title: Step, owner: commander, box: 5m, needs: [],\n' "$i"
		printf '     run: [./mark, "%s"], verify: {run: ["/bin/true"]}, undo: nothing}\n' "$i"
	done
} >"$dir/plan.yaml"
printf '#!/bin/sh\necho ran >>"ran-$1"\n' >"$dir/mark"
chmod +x "$dir/mark"
run declare "$dir/plan.yaml"
run decide 1 back --reason "a race"

winners=0 losers=0 ran=0 clear=0
for i in $(seq $rounds); do
	"$BACKOUT" --store "$store" start 1 "step-$i" --wait >/dev/null 2>"$dir/one" &
	one=$!
	"$BACKOUT" --store "$store" start 1 "step-$i" --wait >/dev/null 2>"$dir/two" &
	two=$!
	wait $one
	one=$?
	wait $two
	two=$?
	case $one$two in
	04) winners=$((winners + 1)) losers=$((losers + 1)) why=$dir/two ;;
	40) winners=$((winners + 1)) losers=$((losers + 1)) why=$dir/one ;;
	*) echo "# step-$i ended with $one and $two: $(cat "$dir/one" "$dir/two")" && why=/dev/null ;;
	esac
	if grep -Eq "started it at [0-9:]+: INC-1 $i step-$i|(ended it: done|being verified): INC-1 $i " "$why"; then
		clear=$((clear + 1))
	else
		echo "# step-$i: $(cat "$why")"
	fi
	[ "$(cat "$dir/ran-$i")" = ran ] && ran=$((ran + 1))
done
is $winners $rounds "each time one wins"
is $losers $rounds "and one is refused with exit status 4"
is $clear $rounds "told who was first"
is $ran $rounds "each step ran once"
run tail 1 -n 1000
is "$(printf '%s\n' "$out" | grep -c ' started ')" $rounds "the record has one start a step"
gives 0 "and verifies" verify
finish
