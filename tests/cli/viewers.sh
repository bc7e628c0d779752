#!/bin/sh
# Who writes is told when viewers can't see it; nothing fails for that.
. "${SRCDIR:?}/tests/cli/lib.sh"
mirror=$dir/store/view/incidents.db.ndjson
decided

[ "$(wc -l <"$mirror")" -eq 6 ]
ok "the mirror has its base and a line for each event"
run tail -n 5 --json
is "$(tail -n 5 "$mirror")" "$out" "in the words of an export"
gives 0 "a command whose lines are seen" note 1 "seen"
is "$err" "" "says nothing of it"

rm "$mirror"
mkdir "$mirror"
gives 0 "a command is kept though its lines can't be" note 1 "unseen"
is "$out" "noted" "and is answered"
like "$err" "^backout: viewers see an older state than there is: can't open $mirror: Is a directory; " \
	"that nobody else sees it is said"
gives 0 "looking goes on" status 1
like "$err" "^backout: viewers see nothing of this store" "and says so too"
run status 1 --json
like "$out" '^\{"number":1,.*\}$' "beside what was asked for"

rmdir "$mirror"
gives 0 "with the next command" note 1 "seen again"
is "$err" "" "all is well"
[ "$(wc -l <"$mirror")" -eq 9 ] && grep -q '"unseen"' "$mirror"
ok "and no line is missing"

head -n 5 "$mirror" >"$dir/short"
cp "$dir/short" "$mirror"
run status
like "$err" "^backout: viewers see an older state than there is: $mirror ends at event 4 of 8; " \
	"a mirror that lags is found by looking"
rm "$mirror"
run status
unlike "$err" "viewers" "where nobody looks, nobody is missed"
finish
