#!/bin/sh
# Which store, and what is said of one that isn't as it should be.
. "${SRCDIR:?}/tests/cli/lib.sh"

# patch FILE OFFSET BYTES (as octal escapes)
patch() {
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

gives 3 "no store there" status
is "$err" "backout: there is no store: $store; name another with --store, or make one: \`backout declare\`" "and how to make one"
gives 3 "a command doesn't make one" ack 1
gives 2 "a declaration that can't be read doesn't either" declare --severity 0
[ ! -e "$store" ]
verdict $? "nothing was made"
run_bare --store "$dir/nowhere/x.db" declare --title x
is $status 3 "declare makes no folder that was named"
gives 0 "declare makes the store" declare --title "first"
is "$out" INC-1 "with nothing else on stdout"
is "$(stat -c %a "$store")" 600 "for its user alone"
gives 0 "the second makes none" declare --title "second"
is "$err" "" "and says nothing"

rm "$store.lock"
run status
[ ! -e "$store.lock" ]
verdict $? "who only looks writes nothing"

run_bare status
is $status 3 "no default store yet"
run_bare declare --title "at home"
is "$out" INC-1 "the default store is made with its folders"
is "$(stat -c %a "$HOME/.local/share/backout")" 700 "for the user alone"
XDG_DATA_HOME=$dir/data "$BACKOUT" declare --title "data" >/dev/null 2>&1
[ -e "$dir/data/backout/backout.db" ]
verdict $? "XDG_DATA_HOME is heeded"
XDG_DATA_HOME=data "$BACKOUT" status >"$dir/out" 2>&1
like "$(cat "$dir/out")" "at home" "but not a relative one"
BACKOUT_STORE=$store "$BACKOUT" status >"$dir/out" 2>&1
like "$(cat "$dir/out")" "second" "BACKOUT_STORE comes first"
BACKOUT_STORE=/nowhere "$BACKOUT" --store "$store" status >"$dir/out" 2>&1
like "$(cat "$dir/out")" "second" "and --store before it"

mkdir -m 777 "$dir/open"
run_bare --store "$dir/open/x.db" declare --title x
is $status 1 "a world-writable folder is refused"
like "$err" "anybody could replace a store in a world-writable folder: $dir/open" "and named"
ln -s "$store" "$dir/store/link.db"
run_bare --store "$dir/store/link.db" status
is $status 1 "a symbolic link is refused"
: >"$dir/store/empty.db"
run_bare --store "$dir/store/empty.db" status
is $status 7 "an empty file is no store"
printf 'SQLite format 3\000%0500d' 0 >"$dir/store/other.db"
run_bare --store "$dir/store/other.db" status
is $status 7 "a foreign file is no store"

run_bare --store "$dir/store/newer.db" declare --title "from tomorrow"
patch "$dir/store/newer.db" 60 '\000\000\000\143'
run_bare --store "$dir/store/newer.db" status
like "$out" "from tomorrow" "a newer store can be looked at"
run_bare --store "$dir/store/newer.db" note 1 x
is $status 5 "but not written"
like "$err" "has format 99 and this backout writes [0-9]+; update backout" "and it says why"

if [ "$(id -u)" -ne 0 ] || as_other true 2>/dev/null; then
	chmod -R a+rX "$dir/store"
	chmod a-w "$dir/store" "$store"*
	as_other "$BACKOUT" --store "$store" note 1 x >"$dir/out" 2>"$dir/err"
	is $? 5 "who may only read can't write"
	like "$(cat "$dir/err")" "^backout: can't note: .*Permission denied|only be read" "and is told why"
	as_other "$BACKOUT" --store "$store" status >"$dir/out" 2>"$dir/err"
	is $? 0 "but can look"
	as_other "$BACKOUT" --store "$dir/store/new.db" declare --title x >"$dir/out" 2>"$dir/err"
	is $? 5 "nor make a store there"
	chmod 700 "$dir/store" && chmod 600 "$store"*
else
	for what in "who may only read" "why" "looking" "making"; do
		skip "$what" "root needs setpriv for it"
	done
fi

# Text enough to move the log out of the WAL into the file, where a byte can be changed.
needle=$(printf 'haystack%.0s' $(seq 12000))
i=0
while [ $i -lt 60 ] && ! grep -q haystack "$store"; do
	run note 1 "$needle"
	i=$((i + 1))
done
rm -f "$store-wal" "$store-shm"
gives 0 "a log at rest verifies" verify
run head
hash=$(printf '%s\n' "$out" | sed 's/.*hash //')
at=$(grep -obUa haystackhaystack "$store" | head -n 1 | cut -d: -f1)
patch "$store" "$((at + 2))" 'Y'
gives 7 "a changed byte is found" verify
like "$err" "the log is not what was written: .*: event 4: " "and the first bad row named"
patch "$store" "$((at + 2))" 'y'
gives 0 "put back, all is well" verify --since "$hash"
patch "$store" 4096 '\377\377\377\377\377\377\377\377'
gives 7 "a damaged page" verify
unlike "$out" "verified" "is not passed over"
finish
