# What every test that is a script shares: TAP, and waiting for a condition with a limit. Source it
# first; a test ends with `finish`.

count=0
bad=0

# verdict STATUS DESCRIPTION: one line of TAP.
verdict() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		bad=$((bad + 1))
		echo "not ok $count - $2"
	fi
	return "$1"
}

# What was seen instead, behind a `not ok`.
instead() {
	printf '%s\n' "$@" | sed 's/^/# /'
}

# ok DESCRIPTION [COMMAND…]: it succeeds; without one, what stands before it did.
ok() {
	succeeds=$?
	what=$1
	shift
	if [ $# -gt 0 ]; then
		"$@"
		succeeds=$?
	fi
	verdict $succeeds "$what"
}

# is GOT WANTED DESCRIPTION
is() {
	[ "$1" = "$2" ]
	verdict $? "$3" || instead "got:    $1" "wanted: $2"
}

# like GOT PATTERN DESCRIPTION (an extended regular expression, for one line of GOT)
like() {
	printf '%s\n' "$1" | grep -Eq -- "$2"
	verdict $? "$3" || instead "got:    $1" "wanted: $2"
}

# unlike GOT PATTERN DESCRIPTION
unlike() {
	! printf '%s\n' "$1" | grep -Eq -- "$2"
	verdict $? "$3" || instead "got:    $1" "with:   $2"
}

# none FOUND DESCRIPTION: a list of what is wrong is empty.
none() {
	[ -z "$1" ]
	verdict $? "$2" || instead "$1"
}

# skip DESCRIPTION REASON
skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

finish() {
	echo "1..$count"
	[ $bad -eq 0 ]
	exit
}

# Milliseconds of the wall clock.
now_ms() {
	date +%s%3N
}

# within MS COMMAND…: it succeeds within so long.
within() {
	limit=$(($(now_ms) + $1))
	shift
	until "$@"; do
		[ "$(now_ms)" -lt "$limit" ] || return 1
		sleep 0.02
	done
}
