#!/bin/sh
# What the program is made of: it opens fast and does what it says because it links little.
: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"

# Each stands in docs/dependencies.md with what it saves. The C library needs no word.
allowed='libtinfo libsqlite3 libyaml-0 libyaml libtalloc libsodium libutf8proc libacl libc ld-linux libm'

name_of() {
	sed -e 's/-*\.so.*//' -e 's/-[0-9][0-9]*\..*//' -e 's/-x86-64$//' -e 's/-aarch64$//'
}

! readelf -Ws "$BACKOUT" | grep -q __asan_init || skip_all "sanitizers are linked in"

strangers=''
for library in $(readelf -d "$BACKOUT" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
	name=$(echo "$library" | name_of)
	case " $allowed " in
	*" $name "*) ;;
	*) strangers="$strangers $library" ;;
	esac
done
none "$strangers" "it links what the console needs and no more"
none "$(ldd "$BACKOUT" | grep -E 'libcurl|libmicrohttpd|libssl|libgnutls|libnss')" \
	"nothing of the network comes along"
finish
