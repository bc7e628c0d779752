#!/bin/sh
# A newcomer's two minutes: `backout demo` in a terminal, answered key by key until the incident is
# closed; and quitting in the middle of a step. Nothing is left of either.
: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"
command -v tmux >/dev/null || skip_all "there is no tmux"
folder=$(mktemp -d)
world=$folder/world
mkdir "$world"
screen() { tmux -S "$folder/$pace" "$@" 2>/dev/null; }
shown() { screen capture-pane -p; }
sees() { shown | grep -q "$1"; }
key() { screen send-keys "$1"; }

# What is on the screen says why not.
check() { # DESCRIPTION COMMAND…
    ok "$@" || instead "$(shown)"
}

until_true() { # COMMAND…
    within 15000 "$@"
}

pace=none
trap 'screen kill-server; rm -rf "$folder"' EXIT

nothing_left() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/cwd") in
        "$world"/*) return 1 ;;
        esac
    done 2>/dev/null
    [ -z "$(ls -A "$world")" ]
}

# Enter as late as a person presses it: in one burst with the text it is a paste, and presses
# nothing. When the burst is over can't be seen on the screen.
type() { # TEXT
    screen send-keys -l "$1"
    until_true sees "$1" && sleep 0.3 && key Enter
}

# What the bottom of the screen asks for, and the answer.
answer() {
    bottom=$(shown | tail -4)
    case $bottom in
    *'y yes'*) key y ;;
    *'choose one'*) key 1 ;;
    *'reason:'*) type "orders are lost" ;;
    *'NO RETURN'*) type DOWN ;;
    *'What did the page say'*) type "4.11, 49.90 EUR" ;;
    *) return 1 ;;
    esac
}

# Does the first thing on the YOU line, again and again, as the screen invites to.
play_until() { # WORDS
    rounds=0
    until sees "$1"; do
        rounds=$((rounds + 1))
        [ $rounds -lt 200 ] || return 1
        answer || key 1
        sleep 0.2
    done
}

begin() { # PACE
    pace=$1
    screen -f /dev/null new-session -d -x 100 -y 30 \
        "LC_ALL=C.UTF-8 TMPDIR=$world '$BACKOUT' demo --pace $pace; echo status \$?; sleep 60"
    check "the console opens on the incident" until_true sees 'DECLARED.*LIVE'
}

# A `q` leaves the view that is open, and asks at the top.
leave() {
    rounds=0
    until sees '^status [0-9]'; do
        rounds=$((rounds + 1))
        [ $rounds -lt 60 ] || return 1
        if sees 'quit?'; then
            key y
        elif sees ' LIVE'; then
            key q
        fi
        sleep 0.3
    done
}

begin fast
key a
check "it is played to the end" play_until ' CLOSED  '
check "it says goodbye" leave
check "4.11 serves again" sees '4.11 serves again: 0 of 10 orders failed'
check "nothing is left" nothing_left
screen kill-server

begin human
key a
play_until ' 1 runs'
leave
check "quit while a step runs, it ends well" sees '^status 0'
check "quit while a step runs, nothing is left" until_true nothing_left
finish
