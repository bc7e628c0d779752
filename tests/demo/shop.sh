#!/bin/sh
# The demo's shop really fails on 4.12 and serves on 4.11; it ends with the pipe that holds it; and
# a client that stalls can't stall it.
: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"
program=${BACKOUT%/*}/backout-demo-shop
folder=$(mktemp -d)
repository=$folder/rollback
SHOP_HOME=$folder/shop PACE=fast
export SHOP_HOME PACE

# What it said says why not.
check() { # DESCRIPTION COMMAND…
    what=$1
    shift
    "$@" >"$folder/said" 2>&1
    verdict $? "$what" || instead "$(cat "$folder/said")"
}

until_true() { # COMMAND…
    within 5000 "$@" >/dev/null 2>&1
}

gone() { ! kill -0 "$1" 2>/dev/null; }
run() {
    name=$1
    shift
    "$repository/bin/$name" "$@"
}
page() { "$program" get /; }

# Ten orders, and how many of them failed.
failures() {
    failed=0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        page || failed=$((failed + 1))
    done
    echo "$failed of 10 failed"
    [ "$failed" = "$1" ]
}

# Longer than the 300 ms that every payment waits; `time` of a shell isn't POSIX.
slow() {
    before=$(date +%s%N)
    page
    took=$((($(date +%s%N) - before) / 1000000))
    echo "it took $took ms"
    [ $took -ge 300 ]
}

says() { # WORDS: all requests that are answered say so
    text=$(page) || text=$(page)
    echo "$text"
    case $text in *"$1"*) ;; *) return 1 ;; esac
}

# A shop like the one of the demo, held on the fifo by descriptor 9.
mkdir -p "$repository/bin" "$SHOP_HOME/flags" "$SHOP_HOME/backups"
cp -r "$SRCDIR/data/demo/bin" "$SRCDIR/data/demo/config" "$repository"
cp -r "$SRCDIR/data/demo/releases" "$SHOP_HOME"
chmod -R u+w "$folder"
ln -s "$program" "$repository/bin/shop"
echo off >"$SHOP_HOME/flags/new-checkout"
mkfifo "$folder/hold"
exec 9<>"$folder/hold"

"$program" make-database
run release 4.11 >/dev/null
run config use 4.11 >/dev/null
# Only the sleep writes to the fifo in the end: who reads from it sees its death as the end.
sleep 60 >"$folder/hold" 9>&- &
holder=$!
"$program" serve <"$folder/hold" 9>&- &
serve=$!
exec 9>&-

check "it answers" until_true "$program" get /health
check "4.11 takes every order" failures 0
check "4.11 has the right price" says "4.11: shoes ordered for 49.90 EUR"
check "4.12 is shipped" run ship
check "4.12's configuration makes it slow" slow
run config use 4.11 >/dev/null
check "4.12 loses every other order" failures 5
check "4.12 has the wrong price" says "4.12: shoes ordered for 4.99 EUR"
check "the flag off ends the losses" run flag new-checkout off
check "4.12 without the flag takes every order" failures 0
check "4.11 is put back" run release 4.11
check "4.11 takes every order on schema 88" failures 0

# Sixty clients that begin a request and never end it: more than the service has places.
if command -v bash >/dev/null; then
    port=$(cat "$SHOP_HOME/port") bash -c '
        for i in $(seq 60); do
            exec {fd}<>"/dev/tcp/127.0.0.1/$port" && printf "GET / HT" >&$fd
        done
        echo stalled >"$0"
        exec sleep 30' "$folder/stalled" &
    staller=$!
    until_true test -s "$folder/stalled"
    check "sixty stalled clients don't stall it" failures 0
    kill "$staller" 2>/dev/null
else
    skip "sixty stalled clients don't stall it" "there is no bash to stall with"
fi

check "the backup restores and is equal" run db backup
check "it lives while it is held" kill -0 "$serve"
kill -9 "$holder"
check "kill -9 of who held it ends it" until_true gone "$serve"

gone "$serve" || kill "$serve"
wait 2>/dev/null
rm -rf "$folder"
finish
