#!/bin/sh
# The units that systemd runs: it takes every line of them, they leave the service little to reach, and
# what they start is there.
: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"
unit=$(dirname "$BACKOUT")/data/units/backout-keeper.service
work=$(mktemp -d "${TMPDIR:-/tmp}/backout-units.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# value KEY: of the unit.
value() {
	sed -n "s/^$1=//p" "$unit"
}

unlike "$(cat "$unit")" "@[a-z]*@" "every path of the installation is filled in"
is "$(basename "$(value ExecStart | cut -d' ' -f1)")" backout "it starts the program"
document=$(value Documentation)
[ -f "$SRCDIR/docs/$(basename "$document")" ]
verdict $? "the document that it names is there"
folder=$(value ReadWritePaths)
case $(value Environment) in *BACKOUT_STORE="$folder"/*) true ;; *) false ;; esac
verdict $? "it may write where its store lies"

# The words that it starts, with the environment that it gives.
HOME=$work XDG_STATE_HOME=$work
export HOME XDG_STATE_HOME
mkdir -m 700 "$work/store"
BACKOUT_STORE=$work/store/incidents.db
export BACKOUT_STORE
"$BACKOUT" declare --title "Shop is slow" >/dev/null 2>&1
# shellcheck disable=SC2046 # words
"$BACKOUT" $(value ExecStart | cut -d' ' -f2-) >"$work/said" 2>&1 &
keeper=$!
keeps() {
	grep -qx "keeping the clock of $BACKOUT_STORE" "$work/said"
}
ok "and with these words it keeps the clock" within 10000 keeps
kill -TERM $keeper
wait $keeper
is $? 0 "and ends well when it is stopped"

if command -v systemd-analyze >/dev/null; then
	sed "s,^ExecStart=[^ ]*,ExecStart=$BACKOUT," "$unit" >"$work/backout-keeper.service"
	said=$(systemd-analyze verify "$work/backout-keeper.service" 2>&1)
	is "$?$said" 0 "systemd understands every line"
	# In tenths: 0 reaches nothing, 100 everything.
	said=$(systemd-analyze security --offline=true --no-pager --threshold=20 \
		"$work/backout-keeper.service" 2>&1)
	verdict $? "what it can reach is little" || instead "$(printf '%s\n' "$said" | grep -v '^✓')"
else
	skip "systemd understands every line" "there is no systemd-analyze"
	skip "what it can reach is little" "there is no systemd-analyze"
fi
finish
