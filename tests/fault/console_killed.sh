#!/bin/bash
# DESIGN 6.2: "A closed terminal, a dropped SSH line, a killed console change nothing."
# DESIGN 11.2: "A step that may not be repeated is never started twice by software, whatever crashes."
# Whoever asked for a step dies by kill -9 at some moment between the key and the step's end. It then
# runs to its end once, or it never began and is ready as before. SEED=… tells the same rounds again.
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
# Before a writer acts, what is lost becomes known: `check` asks nothing more of a step that is known.
is_settled() {
	run check 1 work
	case $(state_of work) in done | ready) true ;; *) false ;; esac
}

# What is found when somebody looks again, and how it ends.
find() { # ROUND MOMENT
	within 10000 is_settled || echo "round $1: still $(state_of work) $2 ms after"
	found=$(state_of work) before=$(effects)
	case $found$before in
	ready0) run start 1 work --wait ;;
	done1) ;;
	*) echo "round $1: $found with $before effects, killed after $2 ms" ;;
	esac
	last=$(run tail 1 --json -n 100 && printf '%s\n' "$out" |
		sed -n 's/.*"kind":"step.ran".*"run":"\([^"]*\)".*"ended":"exited".*/\1/p' | tail -n 1)
	whole=$(cat "$scratch/store/view/run/$last/out"* | grep -c ' o line ')
	run verify
	[ "$(state_of work)$(effects)$whole$status" = "done1${lines}0" ] ||
		echo "round $1: ends $(state_of work), $(effects) effects, $whole lines, verify $status"
	echo "found $found"
}

console_round() {
	at=$(random $(($1 % 2 ? 15 : 500)))
	write_slow_plan
	console "c$1" 80x24
	asked "c$1" "▸○ 1 work .*READY"
	key "c$1" s
	asked "c$1" "^ start 1 work .*y yes"
	pid=$(child_of "c$1")
	moment "$at" && kill -KILL "$pid" &
	killer=$!
	key "c$1" y
	wait $killer || echo "round $1: no console to kill"
	asked "c$1" "ended 137"
	screen kill-session -t "c$1"
	console "c$1" 80x24
	within 10000 sees "c$1" "▸(✓ 1 work |○ 1 work .*READY)" ||
		echo "round $1: reopened it shows $(shown "c$1")"
	find "$1" "$at"
	screen kill-session -t "c$1"
}

words_round() {
	at=$(random $(($1 % 2 ? 15 : 200)))
	write_slow_plan
	"$program" --store "$store" start 1 work --wait >/dev/null 2>&1 &
	pid=$!
	moment "$at"
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	find "$1" "$at"
}

# told WHAT COUNT
told() {
	is "$(said '^found ')" "$2" "$1 ×$2: each round ends well"
	is "$(complaints)" "" "each step ran once, its output is whole, its log verifies"
	[ "$(said 'found done')" -gt 0 ] && [ "$(said 'found ready')" -gt 0 ]
	verdict $? "it was killed before it began to run and after" || instead "$(sort "$dir/rounds" | uniq -c)"
	echo "# $(said 'found ready') had not begun, $(said 'found done') went on to the end; SEED=$SEED"
}

rounds 50 6 console_round
told "a console is killed" 50
rounds 50 6 words_round
told "\`start\` is killed" 50
finish
