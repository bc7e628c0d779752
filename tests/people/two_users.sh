#!/bin/bash
# Two Unix users at two consoles on one store, in a setgid folder of their group.
# DESIGN 11.3: "Two people pressing the same key at once get one winner and one clear refusal."
# DESIGN 11.2: "A step that may not be repeated is never started twice by software, whatever crashes."
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
share_store || skip_all "only root can be two people"
shared=yes
rounds=20
{
	printf 'backout: 1\nplan: race\ntitle: Race\nservice: shop\nwhy: None.\n'
	printf 'roles: {commander: [%s, %s]}\nsteps:\n' "$me" "$other"
	for i in $(seq $rounds); do
		printf '  - {id: step-%s, title: Step, owner: commander, box: 5m, needs: [],\n' "$i"
		printf '     run: [./mark, "%s"], undo: nothing}\n' "$i"
	done
} >"$dir/plan.yaml"
mkdir "$dir/ran"
chmod 777 "$dir/ran"
printf '#!/bin/sh\necho ran >>"ran/$1"\n' >"$dir/mark"
chmod 755 "$dir/mark"

console ana 80x40
other_console bo 80x40
eventually ana "no open incident" "one opens a console"
eventually bo "no open incident" "the other opens another"
must declare "$dir/plan.yaml" --severity 1
must decide 1 back --reason "a race"
eventually ana "▸○ 1 step-1 .*READY" "both see what a third one did by words: the first"
eventually bo "▸○ 1 step-1 .*READY" "and the second"

# ---- each sees what the other does ----
# A machine that is busy with other things may hold any one of them up: most must be in time, and none
# may be lost.
in_time=0 seen=0 slowest=0
for i in 1 2 3 4 5; do
	for pair in "ana bo" "bo ana"; do
		from=${pair% *} to=${pair#* }
		key "$from" o
		asked "$from" "^note INC-1, text:"
		screen send-keys -t "$from" -l "word $i of $from"
		within 5000 sees "$from" "text: word $i of $from"
		fingers_rest
		began=$(now_ms)
		key "$from" Enter
		if within 10000 sees "$to" "^ [0-9:]{8} .*word $i of $from"; then
			seen=$((seen + 1))
		else
			instead "$from wrote:" "$(shown "$from")" "$to sees:" "$(shown "$to")"
		fi
		took=$(($(now_ms) - began))
		[ $took -gt $slowest ] && slowest=$took
		[ $took -lt 1000 ] && in_time=$((in_time + 1))
	done
done
is $seen 10 "each sees what the other does"
[ $in_time -ge 6 ]
verdict $? "within a second, as a rule" || instead "only $in_time of 10; the slowest took $slowest ms"
echo "# ten acts, the slowest was seen after $slowest ms"

# ---- the same key at once ----

# answer_of NAME STEP: "won", "lost" (told who was first), or nothing yet.
answer_of() {
	bottom=$(shown "$1" | tail -n 1)
	case $bottom in
	*" started $2 step-$2") echo won ;;
	" "*" was first, at "*": INC-1 $2 step-$2;"*) echo lost ;;
	esac
}

both_answered() {
	[ -n "$(answer_of ana "$1")" ] && [ -n "$(answer_of bo "$1")" ]
}

# A selection that nobody moved goes to the next step by itself when one ends, perhaps between our look
# at the screen and our key: one that was moved stays with its step.
for name in ana bo; do
	key $name j
	asked $name "^▸. 2 "
done

# first and second, by turns
winners=0 losers=0 once=0 won_by_ana=0
for i in $(seq $rounds); do
	[ $((i % 2)) -eq 0 ] && first=ana second=bo || first=bo second=ana
	selects ana "$i"
	selects bo "$i"
	screen send-keys -t $first s \; send-keys -t $second s
	asked ana "^ start $i step-$i .*y yes"
	asked bo "^ start $i step-$i .*y yes"
	screen send-keys -t $first y \; send-keys -t $second y
	within 10000 both_answered "$i"
	case $(answer_of ana "$i")$(answer_of bo "$i") in
	wonlost) winners=$((winners + 1)) losers=$((losers + 1)) won_by_ana=$((won_by_ana + 1)) ;;
	lostwon) winners=$((winners + 1)) losers=$((losers + 1)) ;;
	*) instead "step $i:" "$(shown ana | tail -n 2)" "$(shown bo | tail -n 2)" ;;
	esac
	within 10000 step_is "step-$i" done
	[ "$(cat "$dir/ran/$i" 2>/dev/null)" = ran ] && once=$((once + 1))
done
is $winners $rounds "each time one of two wins"
is $losers $rounds "and the other is told on the screen who was first"
is $once $rounds "each step ran once"
echo "# $me won $won_by_ana of $rounds"
run tail 1 --json -n 1000
is "$(printf '%s\n' "$out" | grep -c '"kind":"step.started"')" $rounds "the record has one start a step"
is "$(stat -c '%a %g' "$store")" "660 $shared_group" "the store is the group's"
log_verifies
as_other "$program" --store "$store" verify >/dev/null
verdict $? "for the other as well"
finish
