#!/bin/sh
# What the program is made of: it opens fast and does what it says because it links little.
set -u
: "${BACKOUT:?names the program under test}"
echo 1..2

# Each stands in docs/dependencies.md with what it saves. The C library needs no word.
allowed='libncursesw libtinfo libsqlite3 libyaml-0 libyaml libtalloc libsodium libutf8proc libc ld-linux libm'

name_of() {
	sed -e 's/-*\.so.*//' -e 's/-[0-9][0-9]*\..*//' -e 's/-x86-64$//' -e 's/-aarch64$//'
}

if readelf -Ws "$BACKOUT" | grep -q __asan_init; then
	echo "ok 1 - it links what the console needs and no more # SKIP sanitizers are linked in"
	echo "ok 2 - nothing of the network comes along # SKIP sanitizers are linked in"
	exit 0
fi

stranger=''
for library in $(readelf -d "$BACKOUT" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
	name=$(echo "$library" | name_of)
	case " $allowed " in
	*" $name "*) ;;
	*) stranger="$stranger $library" ;;
	esac
done
[ -z "$stranger" ] || printf 'not '
echo "ok 1 - it links what the console needs and no more$stranger"

found=$(ldd "$BACKOUT" | grep -E 'libcurl|libmicrohttpd|libssl|libgnutls|libnss')
[ -z "$found" ] || printf 'not '
echo "ok 2 - nothing of the network comes along"
[ -z "$found" ] || printf '%s\n' "$found" | sed 's/^/# /'
