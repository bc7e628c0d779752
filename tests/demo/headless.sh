#!/bin/sh
# `backout demo --headless` takes a real service back, proves it, and leaves nothing behind: also
# when it is interrupted; and kill -9 leaves nothing running.
: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"
folder=$(mktemp -d)
said=$folder/said
world=$folder/world
mkdir "$world"

# What the demo said says why not.
check() { # DESCRIPTION COMMAND…
    ok "$@" || instead "$(cat "$said")"
}

until_true() { # COMMAND…
    within 20000 "$@"
}

# Every process that works inside the demo's folder: service, customers, scripts.
working() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/cwd") in
        "$world"/*) printf '%s ' "${process#/proc/}" ;;
        esac
    done 2>/dev/null
}

two_work() {
    pids=$(working)
    # shellcheck disable=SC2086
    set -- $pids
    [ $# -ge 2 ]
}

all_gone() {
    for pid in $pids; do
        kill -0 "$pid" 2>/dev/null && return 1
    done
    [ -z "$(working)" ]
}

step_runs() { grep -q 'started 1 flag-off' "$said"; }
says() { grep -q "$1" "$said"; }
nothing_left() { [ -z "$(ls -A "$world")" ]; }
verified() { "$BACKOUT" --store "$(echo "$world"/backout-demo-*)/store/demo.db" verify >>"$said"; }
equal() { [ "$1" = "$2" ]; }

begin() { # ARGUMENTS…: the demo, as $demo, until its service and its customers work
    : >"$said"
    TMPDIR=$world "$BACKOUT" demo --headless "$@" >"$said" 2>&1 &
    demo=$!
    check "service and customers are real processes" until_true two_work
}

begin
wait "$demo"
check "it ends well" equal $? 0
check "every step was done" says 'ended as CLOSED, 8 of 8 steps done'
check "4.11 serves again" says '4.11 serves again (10 of 10 orders, shop 4.11:.* 49.90 EUR)'
check "the log is verified" says 'log verified, [0-9]* events'
check "its branches ran side by side" \
    awk '/started 4 backup/ { begun = 1 } /2 undo-code done/ { beside = begun }
        END { exit !beside }' "$said"
check "nothing is left running" all_gone
check "nothing is left on disk" nothing_left

begin --pace human
until_true step_runs
kill -TERM "$demo"
wait "$demo"
check "interrupted in a step, it says so" equal $? 6
check "interrupted in a step, it leaves nothing running" all_gone
check "interrupted in a step, it leaves nothing on disk" nothing_left

begin --pace human
until_true step_runs
kill -9 "$demo"
wait "$demo" 2>/dev/null
check "killed in a step, it leaves nothing running" until_true all_gone

rm -rf "$world"
mkdir "$world"
begin --keep
wait "$demo"
check "--keep ends well too" equal $? 0
check "--keep leaves a store whose log is whole" verified


rm -rf "$folder"
finish
