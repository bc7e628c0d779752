#!/bin/sh
# What `./bootstrap` answers before it begins: nothing is built or checked by words that it doesn't know.
. "${SRCDIR:?names the source tree}/tests/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/backout-bootstrap.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cp "$SRCDIR/bootstrap" "$work"

# answers STATUS WHERE SAYS WORD…: with its usage on that stream, and before anything is made.
answers() {
	wanted=$1 where=$2 says=$3
	shift 3
	"$work/bootstrap" "$@" >"$work/out" 2>"$work/err" </dev/null
	is $? "$wanted" "\`bootstrap $*\` ends with $wanted"
	like "$(cat "$work/$where")" "$says" "and says so: $says"
	like "$(cat "$work/$where")" "^  \./bootstrap check  " "with how it is used"
	ok "and nothing is there" test ! -e "$work/build"
}

answers 0 out "^Builds backout" --help
answers 0 out "^Builds backout" help
answers 0 out "^Builds backout" check --help
answers 0 out "^Builds backout" build -h
answers 0 out "^Builds backout" bench --help
answers 2 err "^bootstrap: say what to do"
answers 2 err "^bootstrap: there is no nonsense" nonsense
answers 2 err "^bootstrap: there is no build extra" build extra
answers 2 err "^bootstrap: there is no check --quick" check --quick
answers 2 err "^bootstrap: there is no bench --quick" bench --quick
finish
