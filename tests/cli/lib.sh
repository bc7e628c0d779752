# What the tests of line mode share: a store of its own, and the program under test.
# Source it first. A test is a script beside this one; it ends with `finish`.

: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/backout-cli.XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
mkdir -m 755 "$dir/store"
store=$dir/store/incidents.db
unset BACKOUT_STORE XDG_DATA_HOME XDG_STATE_HOME
HOME=$dir/home
export HOME
mkdir "$HOME"

# run WORD…: the program on this test's store; its exit status, streams and bytes.
run() {
	run_bare --store "$store" "$@"
}

run_bare() {
	"$BACKOUT" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	out=$(cat "$dir/out")
	err=$(cat "$dir/err")
}

# gives STATUS DESCRIPTION WORD…
gives() {
	wanted=$1 what=$2
	shift 2
	run "$@"
	[ "$status" = "$wanted" ]
	verdict $? "$what" || instead "exit status $status, wanted $wanted" "$out" "$err"
}

# eventually DESCRIPTION COMMAND…: it succeeds within ten seconds.
eventually() {
	what=$1
	shift
	within 10000 "$@"
	verdict $? "$what"
}

# A plan with a command, something for a person, and a wait; its folder is $dir.
write_plan() {
	cat >"$dir/plan.yaml" <<-'PLAN'
		backout: 1
		plan: shop-2026-11
		title: Roll back shop 4.12
		service: shop
		why: Orders stop; an hour costs a day's revenue.
		roles: {commander: [ana, bo], developer: [cy, dee]}
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
		  - id: soak
		    title: Let it stand
		    owner: commander
		    box: 5m
		    wait: 1s
	PLAN
	printf '#!/bin/sh\necho "turning $1"; echo "careful" >&2; echo $1 >flag-state\n' >"$dir/flag"
	printf '#!/bin/sh\n[ "$(cat flag-state)" = $1 ]\n' >"$dir/flag-is"
	chmod +x "$dir/flag" "$dir/flag-is"
}

# A decided incident on that plan: INC-1.
decided() {
	write_plan
	run declare "$dir/plan.yaml"
	run decide 1 back --reason "errors climb"
}

# Somebody who is neither root nor us, where root runs the tests: rights mean nothing to root.
as_other() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}
