#!/bin/bash
# DESIGN 11.2: "A step that may not be repeated is never started twice by software, whatever crashes."
# DESIGN 4: "`check` runs verify again: passes → `done`; `settle happened` → done, `absent` → ready."
# The process that performs a step dies by kill -9 at some moment of its life. What is then known is
# what happened: nothing ran (ready), it ended (taken), or nobody knows (unknown), and then a verify
# or a person says so. SEED=… tells the same rounds again.
. "${SRCDIR:?}/tests/people/lib.sh"

# Half way through, the step has its effect, which the verify looks for. Each half lasts as long as
# the program takes to say two words, here and now, so that an accident finds it at work.
write_plan_with_verify() {
	began=$(now_ms)
	cat >"$scratch/plan.yaml" <<-PLAN
		backout: 1
		plan: slow
		title: Slow
		service: shop
		why: None.
		roles: {commander: [$me, games]}
		steps:
		  - id: work
		    title: Work
		    owner: commander
		    box: 5m
		    run: [./work]
		    verify: {run: [./is-done]}
		    undo: nothing
	PLAN
	must declare "$scratch/plan.yaml"
	must decide 1 back --reason "a fault"
	half=$(($(now_ms) - began))
	[ $half -gt 60 ] || half=60
	printf '#!/bin/sh\nsleep %s\necho "$BACKOUT_ATTEMPT" >>effects\nsleep %s\n' \
		"$(seconds $half)" "$(seconds $half)" >"$scratch/work"
	printf '#!/bin/sh\nsleep %s\n[ -s effects ]\n' "$(seconds $half)" >"$scratch/is-done"
	chmod 755 "$scratch/work" "$scratch/is-done"
}

twice() {
	sort "$scratch/effects" 2>/dev/null | uniq -d
}

# The pid on the log is the runner's; 0 while there is none.
runner_of() {
	run tail 1 --json -n 100
	printf '%s\n' "$out" | sed -n 's/.*"kind":"step.started".*"pid":\([0-9]*\).*/\1/p' | tail -n 1
}

# Before a writer acts, what is lost becomes known.
is_known() {
	run note 1 "I look"
	case $(state_of work) in done | ready | unknown | failed) true ;; *) false ;; esac
}

settled_as() {
	[ "$(effects)" -gt 0 ] && echo happened || echo absent
}

# A runner that was killed before its effect leaves a step that didn't happen: what was known is said
# by who looked, and only a person starts it again.
resolve() { # ROUND
	case $found in
	unknown)
		[ $(($1 % 2)) -eq 0 ] && run check 1 work --wait
		if [ "$(state_of work)" = unknown ]; then
			run settle 1 work "$(settled_as)" --evidence "the file effects"
		elif [ "$(effects)" -eq 0 ]; then
			echo "round $1: check says $(state_of work), and there is no effect"
		fi
		;;
	ready) [ "$before" -eq 0 ] || echo "round $1: ready again, and it had its effect" ;;
	done) [ "$before" -eq 1 ] || echo "round $1: done, and it had no effect" ;;
	esac
	if [ "$(state_of work)" = ready ]; then
		starts=$((starts + 1))
		run start 1 work --wait
	fi
}

judge() { # ROUND
	within 10000 is_known || echo "round $1: is $(state_of work) and nobody finds out"
	found=$(state_of work) before=$(effects) starts=1
	resolve "$1"
	run tail 1 --json -n 1000
	started=$(printf '%s\n' "$out" | grep -c '"kind":"step.started"')
	[ "$started" -le "$starts" ] || echo "round $1: started $started times, and people $starts"
	[ -z "$(twice)" ] || echo "round $1: attempt $(twice) had its effect twice"
	run verify
	[ "$(state_of work)$status" = done0 ] ||
		echo "round $1: found $found with $before, ends $(state_of work), verify $status"
	echo "found $found"
}

# ---- at any moment of its life -------------------------------------------------------------------

any_round() {
	write_plan_with_verify
	at=$(random $((4 * half)))
	run start 1 work
	pid=$(runner_of)
	moment "$at"
	kill -KILL "$pid" 2>/dev/null
	within 5000 is_gone "$pid"
	judge "$1"
}

# ---- while it begins: it is found by its words before the log knows it ----------------------------

is_there() {
	pid=$(pgrep -f "^backout runner --store $store\$")
}

beginning_round() {
	at=$(random 12)
	write_plan_with_verify
	"$program" --store "$store" start 1 work >/dev/null 2>&1 &
	start=$!
	within 5000 is_there || echo "round $1: there was no runner"
	moment "$at"
	kill -KILL $pid 2>/dev/null
	wait "$start"
	judge "$1"
}

# ---- held: who holds the store's lock makes it wait for the commit --------------------------------

held_round() {
	write_plan_with_verify
	exec 9<>"$store.lock"
	flock 9
	"$program" --store "$store" start 1 work >/dev/null 2>&1 9>&- &
	start=$!
	within 5000 is_there && kill -KILL $pid || echo "round $1: there was no runner"
	exec 9>&-
	wait "$start" || echo "round $1: the start was not committed: $?"
	judge "$1"
}

# ---- between the end and its report: who holds the store's lock makes it wait there ---------------

has_ended() {
	[ -e "$scratch/store/view/run/1.work.1/exit" ]
}

unreported_round() {
	write_plan_with_verify
	sed -i '/verify:/d' "$scratch/plan.yaml"
	must adopt 1 "$scratch/plan.yaml" --accept "a fault"
	must decide 1 back --reason "a fault"
	must start 1 work
	exec 9<>"$store.lock"
	flock 9
	within 5000 has_ended || echo "round $1: it wrote no exit"
	pid=$(runner_of)
	kill -KILL "$pid" || echo "round $1: it was gone"
	exec 9>&-
	within 5000 is_gone "$pid"
	[ "$(state_of work)" = running ] || echo "round $1: it had reported: $(state_of work)"
	judge "$1"
}

# told COUNT WHEN
told() {
	is "$(said '^found ')" "$1" "a runner is killed $2, ×$1: each round ends well"
	is "$(complaints)" "" "no attempt has its effect twice, and what is said of it is true"
	echo "# $(grep '^found ' "$dir/rounds" | sort | uniq -c | xargs); SEED=$SEED"
}

rounds 50 6 any_round
told 50 "at any moment"
[ "$(said 'found unknown')" -gt 0 ]
verdict $? "of some nobody knew whether they had happened"
rounds 30 6 beginning_round
told 30 "while it begins"
rounds 10 5 held_round
told 10 "before it is let go"
is "$(said 'found ready')" 10 "nothing ran, and it is ready as before"
rounds 10 5 unreported_round
told 10 "behind the end, before its report"
is "$(said 'found done')" 10 "each is taken from what it left"
finish
