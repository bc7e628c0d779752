# What the tests of people and of faults share: a store of its own, consoles in a tmux of its own, and
# ends of only what was started here. Source it first; a test ends with `finish`.
# Nothing waits for a time: every wait is for a condition, with a limit.

: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/backout-people.XXXXXX") || exit 99
chmod 711 "$dir"
mkdir -m 700 "$dir/store" "$dir/home" "$dir/tmux"
store=$dir/store/incidents.db
HOME=$dir/home
LC_ALL=C.UTF-8
export HOME LC_ALL
unset BACKOUT_STORE XDG_DATA_HOME XDG_STATE_HOME XDG_CONFIG_HOME NO_COLOR TMUX TMUX_PANE LINES COLUMNS
me=$(id -un)
program=$BACKOUT # the one that is run; `share_program` makes it a copy that others can reach

# ---- ends ----------------------------------------------------------------------------------------

# Processes that have our folder in their words or stand in it: runners, their commands, consoles.
# The name of the folder is nobody else's.
ours() {
	for process in /proc/[0-9]*; do
		pid=${process#/proc/}
		[ "$pid" != $$ ] && [ "$pid" != "$BASHPID" ] || continue
		if tr '\0' ' ' <"$process/cmdline" | grep -qF "$dir/" ||
			case $(readlink "$process/cwd") in "$dir"*) true ;; *) false ;; esac; then
			echo "$pid"
		fi
	done 2>/dev/null
}

leave() {
	screen kill-server
	for pid in $(ours); do
		kill -KILL "$pid" 2>/dev/null
	done
	umount --lazy "$dir/store" 2>/dev/null # a small disk, where a test has one
	within 5000 remove_all                 # who was killed may still be at work in it
}

remove_all() {
	rm -rf "$dir" 2>/dev/null
	[ ! -e "$dir" ]
}
trap leave EXIT
trap 'exit 1' HUP INT TERM

# ---- the program by its words --------------------------------------------------------------------

# run WORD…: its exit status, streams and bytes. Workers have a $scratch and a $store of their own.
scratch=$dir
run() {
	out=$("$program" --store "$store" "$@" 2>"$scratch/err" </dev/null)
	status=$?
	err=$(cat "$scratch/err")
}

# must WORD…: what a test begins with.
must() {
	run "$@"
	[ "$status" -eq 0 ] || {
		echo "Bail out! $*: $err"
		exit 1
	}
}

# gives STATUS DESCRIPTION WORD…
gives() {
	wanted=$1 what=$2
	shift 2
	run "$@"
	[ "$status" = "$wanted" ]
	verdict $? "$what" || instead "exit status $status, wanted $wanted" "$out" "$err"
}

# The kinds of events, in order, one word each: of an export, and of an incident.
kinds_of() {
	sed -n 's/.*"kind":"\([^"]*\)".*/\1/p'
}

kinds() {
	run tail "$1" --json -n 100000
	printf '%s\n' "$out" | kinds_of
}

# The state of a step of INC-1.
state_of() {
	run status 1 --json
	printf '%s\n' "$out" | sed 's/{"number":/\n&/g' |
		sed -n "s/.*\"id\":\"$1\",.*\"state\":\"\([a-z_ ]*\)\".*/\1/p"
}

# step_is STEP STATE
step_is() {
	[ "$(state_of "$1")" = "$2" ]
}

log_verifies() {
	gives 0 "the log verifies" verify
}

# ---- consoles ------------------------------------------------------------------------------------

need_tmux() {
	command -v tmux >/dev/null || skip_all "there is no tmux"
}

screen() {
	TMUX_TMPDIR=$dir/tmux tmux -u -f "$dir/tmux.conf" -L people "$@" 2>/dev/null
}

printf '%s\n' 'set -g default-terminal tmux-256color' 'set -g escape-time 0' 'set -g status off' \
	'set -g allow-rename off' 'set -g history-limit 5000' \
	>"$dir/tmux.conf"

# terminal NAME COLSxROWS COMMAND: a shell's command in a terminal of its own. When it has ended the
# terminal stays and says "ended STATUS" on a line of its own, wherever a console that was killed left
# the cursor, and whatever it left of the modes.
terminal() {
	screen new-session -d -s "$1" -x "${2%x*}" -y "${2#*x}" \
		"$3; printf '\\r\\nended %s\\r\\n' \$?; exec cat >/dev/null"
}

# console NAME COLSxROWS [OPTION…]
console() {
	name=$1 size=$2
	shift 2
	terminal "$name" "$size" "'$program' --store '$store' $*"
}

shown() {
	screen capture-pane -p -t "$1"
}

# sees NAME PATTERN
sees() {
	shown "$1" | grep -Eq -- "$2"
}

sees_no() {
	! sees "$@"
}

# What comes after would only fail too, and each wait at its limit.
give_up() {
	echo "# given up here"
	finish
}

# eventually NAME PATTERN DESCRIPTION: it is seen within ten seconds.
eventually() {
	within 10000 sees "$1" "$2"
	verdict $? "$3" || {
		instead "wanted: $2" "$(shown "$1")"
		give_up
	}
}

# asked NAME QUESTION: nobody answers before the question stands there and the console knows it does:
# it goes to sleep only then. No finger is so quick; a test on a busy machine is.
asked() {
	within 10000 sees "$1" "$2" && within 5000 sleeps "$(child_of "$1")" || {
		verdict 1 "it is asked: $2"
		instead "$(shown "$1")"
		give_up
	}
}

# The process that the terminal's shell runs: the console, or ssh.
child_of() {
	shell=$(screen list-panes -t "$1" -F '#{pane_pid}')
	for process in /proc/[0-9]*; do
		read -r stat <"$process/stat" || continue
		case ${stat##*) } in [A-Za-z]" $shell "*) echo "${process#/proc/}" ;; esac
	done 2>/dev/null
}

# Waits for something; and so does who has none any more.
sleeps() {
	[ -n "$1" ] || return 0
	read -r stat <"/proc/$1/stat" 2>/dev/null || return 0
	case ${stat##*) } in [SZ]*) true ;; *) false ;; esac
}

# Dead, if not yet buried: that is its adopter's matter.
is_gone() {
	case $(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null) in '' | Z) true ;; *) false ;; esac
}

# key NAME KEY…, as tmux names them
key() {
	screen send-keys -t "$1" "${@:2}"
}

# What a person does between the last letter and Enter. In one burst they would be a paste, which
# presses nothing; when the burst is over (TYPING_BURST_TAIL_MS) no screen can show.
fingers_rest() {
	sleep 0.15
}

# types NAME TEXT: into the field at the bottom, then Enter.
types() {
	screen send-keys -t "$1" -l -- "$2"
	within 5000 sees "$1" "$(printf '%s' "$2" | tail -c 30 | sed 's/[][\.*^$+?(){}|\\/]/\\&/g')"
	fingers_rest
	key "$1" Enter
}

# answers NAME QUESTION TEXT
answers() {
	asked "$1" "$2"
	types "$1" "$3"
}

# presses NAME QUESTION KEY
presses() {
	asked "$1" "$2"
	key "$1" "$3"
}

# The number of the step that is selected.
selected() {
	shown "$1" | sed -n 's/^▸. \([0-9]*\) .*/\1/p'
}

# selects NAME NUMBER: moves to that step, as eyes and fingers do.
selects() {
	while at=$(selected "$1") && [ -n "$at" ] && [ "$at" -ne "$2" ]; do
		[ "$at" -lt "$2" ] && key "$1" j || key "$1" k
		within 5000 selected_is_not "$1" "$at" || break
	done
	asked "$1" "^▸. $2 "
}

selected_is_not() {
	[ "$(selected "$1")" != "$2" ]
}

# ---- many at once --------------------------------------------------------------------------------

# A number from 0 to MOST, from a seed, so that a failed round can be told again: random MOST
RANDOM=${SEED:=$$}
random() {
	echo $((RANDOM * 32768 + RANDOM)) | awk -v most="$1" '{ print $1 % (most + 1) }'
}

# seconds MS, as sleep(1) takes them.
seconds() {
	printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
}

# moment MS: nothing happens for so long. Not a wait for the program: the moment of an accident.
moment() {
	sleep "$(seconds "$1")"
}

# rounds COUNT WORKERS FUNCTION: FUNCTION ROUND runs COUNT times, WORKERS at once, each with a store
# of its own; what it prints is gathered in $dir/rounds, a line each.
rounds() {
	for worker in $(seq "$2"); do
		(
			RANDOM=$((SEED + worker))
			for round in $(seq "$worker" "$2" "$1"); do
				scratch=$dir/round-$3-$round store=$scratch/store/incidents.db
				mkdir "$scratch" && mkdir -m 700 "$scratch/store"
				"$3" "$round"
			done
		) >"$dir/$3.$worker" 2>&1 &
		workers="$workers $!"
	done
	wait $workers
	workers=
	cat "$dir/$3".* >"$dir/rounds"
	rm -f "$dir/$3".*
}
workers=

# What went wrong in any round.
complaints() {
	grep -v '^found ' "$dir/rounds" | head -n 12
}

# How many rounds said so.
said() {
	grep -cE -- "$1" "$dir/rounds"
}

# A step that says $lines lines and leaves `effects` behind, a line for each time it is run.
lines=20
write_slow_plan() {
	cat >"$scratch/plan.yaml" <<-PLAN
		backout: 1
		plan: slow
		title: Slow
		service: shop
		why: None.
		roles: {commander: [$me, games]}
		steps:
		  - {id: work, title: Work, owner: commander, box: 5m, run: [./work], undo: nothing}
	PLAN
	cat >"$scratch/work" <<-WORK
		#!/bin/sh
		echo "\$BACKOUT_ATTEMPT" >>effects
		for i in \$(seq $lines); do echo "line \$i"; sleep 0.015; done
	WORK
	chmod 755 "$scratch/work"
	must declare "$scratch/plan.yaml"
	must decide 1 back --reason "a fault"
}

effects() {
	cat "$scratch/effects" 2>/dev/null | wc -l
}

# ---- two people ----------------------------------------------------------------------------------

shared_group=54321

# Makes the store's folder one of a group, and `other` somebody else of that group; false where only
# root could. The other has a home and, as anybody may not read where we were built, a program of
# their own to reach.
share_store() {
	other=$(awk -F: '$3 > 0 && $3 < 1000 && $1 != "sync" { print $1; exit }' /etc/passwd)
	[ "$(id -u)" -eq 0 ] && [ -n "$other" ] && command -v setpriv >/dev/null || return 1
	chown ":$shared_group" "$dir/store" && chmod 2770 "$dir/store"
	mkdir -m 755 "$dir/bin" && install -m 755 "$program" "$dir/bin/backout"
	program=$dir/bin/backout
	mkdir -m 700 "$dir/other" && chown "$other" "$dir/other"
	as_other true
}

as_other() {
	HOME=$dir/other setpriv --reuid "$other" --regid $shared_group --clear-groups "$@"
}

# other_console NAME COLSxROWS
other_console() {
	terminal "$1" "$2" "HOME='$dir/other' setpriv --reuid $other --regid $shared_group \
		--clear-groups '$program' --store '$store'"
}

# ---- the way of an incident ----------------------------------------------------------------------

# A command whose output is long enough to be followed, something for a person, and something that
# may be left out. Its folder is $dir.
write_plan() {
	cat >"$dir/plan.yaml" <<-PLAN
		backout: 1
		plan: shop-2026-11
		title: Roll back shop 4.12
		service: shop
		why: Orders stop; an hour costs a day's revenue.
		roles: {commander: [$me, games], developer: [$me, games]}
		steps:
		  - id: flag-off
		    title: Turn the new code off
		    owner: developer
		    box: 5m
		    run: [./flag, "off"]
		    idempotent: true
		    verify: {run: [./flag-is, "off"]}
		    undo: ./flag on
		  - id: look
		    title: Look at the page
		    owner: commander
		    box: 5m
		    manual: The page shows what it showed before.
		    evidence: {prompt: "What does it show?", required: true}
		  - id: mail
		    title: Write to who was hit
		    owner: commander
		    box: 5m
		    manual: One mail each.
	PLAN
	cat >"$dir/flag" <<-'FLAG'
		#!/bin/sh
		for i in $(seq 30); do echo "pod $i of 30 is off"; sleep 0.03; done
		echo "$1" >flag-state
	FLAG
	printf '#!/bin/sh\n[ "$(cat flag-state)" = $1 ]\n' >"$dir/flag-is"
	chmod 755 "$dir/flag" "$dir/flag-is"
}

# By whichever door, this is what is on the record at the end of that way.
way_kinds() {
	echo incident.declared plan.adopted incident.acknowledged role.taken incident.decided \
		step.started step.ran step.verifying step.done step.started step.done step.skipped
	[ "$shared" = no ] || echo role.offered role.taken
	echo incident.recovered incident.resolved incident.closed
}

same_record() {
	is "$(kinds 1 | xargs)" "$(way_kinds | xargs)" "the record is that of the way by any door"
}

# They take their time; who works on something else may leave them out.
[ "${BACKOUT_PEOPLE:-yes}" = yes ] || skip_all "BACKOUT_PEOPLE=no leaves people and faults out"
