#!/bin/sh
# A log that isn't the one its user saw: what line mode says, and how it ends.
. "${SRCDIR:?}/tests/cli/lib.sh"

# Of all files a copy, and back.
keep_copy() {
	rm -rf "$dir/copy" && cp -a "$dir/store" "$dir/copy"
}

put_back() {
	rm -rf "$dir/store" && mv "$dir/copy" "$dir/store"
}

pins=$HOME/.local/state/backout/pins
run declare --title first
is "$(stat -c %a "$pins")" 600 "what was seen is kept for its user alone"
run head
head=$out
like "$(cat "$pins")" "^[0-9a-f-]{36} 2 [0-9a-f]{64} $store\$" "a line a store"
like "$head" "store $(cut -d' ' -f1 "$pins"), event 2, hash $(cut -d' ' -f3 "$pins")\$" "with its head"
gives 0 "it is an anchor" verify
is "$out" "verified up to 2, anchored up to 2 by what you saw" "and said to be one"
HOME=$dir/nobody run_bare --store "$store" verify
is "$out" "verified up to 2, anchored by nothing yet: keep what \`backout head\` prints" "without it there is none"
gives 0 "a head is one, by all its words" verify --since "$head"
gives 0 "by its hash" verify --since "${head##* }"
gives 7 "but not with another event" verify --since "$(echo "$head" | sed 's/event 2/event 1/')"
gives 7 "nor of another store" verify --since "$(echo "$head" | sed 's/store [0-9a-f]*/store 00000000/')"
gives 2 "no head is no head" verify --since "event 2"

# ---- the log goes back ----
keep_copy
run note 1 "lost"
put_back
gives 7 "an old copy is found" verify
like "$err" "this isn't the log that you saw: $store: it ended at event 3, and ends at 2 now; " "and named"
like "$err" "--repin" "with what to do"
gives 7 "no command goes on from it" note 1 "x"
gives 7 "nor begins something" declare --title "x"
gives 0 "who looks may look" status
like "$err" "it ended at event 3, and ends at 2 now" "and is told"
like "$out" "INC-1" "what there is"
gives 0 "--readonly is no way around being told" status --readonly
like "$err" "this isn't the log that you saw" "neither"
gives 0 "it can be taken as it is" note 1 "x" --repin
gives 0 "from then on it is the one" verify
is "$out" "verified up to 3, anchored up to 3 by what you saw" "that was seen"

# ---- a fork ----
keep_copy
run note 1 "ours"
put_back
HOME=$dir/eve run_bare --store "$store" note 1 "theirs"
HOME=$dir/eve run_bare --store "$store" note 1 "more"
gives 7 "a fork is found" verify
like "$err" "event 4 is another than the one that was there" "and named"
gives 7 "by a head that was kept elsewhere" verify --since "$head" --json
gives 0 "and can be taken" verify --repin

# ---- another store ----
rm -rf "$dir/store" && mkdir -m 755 "$dir/store"
HOME=$dir/eve run_bare --store "$store" declare --title "of somebody else" --repin
gives 7 "another store in its place is found" verify
like "$err" "$store: it is another store" "and named"

# ---- where nothing can be kept ----
chmod 700 "$dir"
rm -rf "$HOME/.local" && : >"$HOME/.local"
gives 0 "a file in the way of the folder is nobody's trouble" note 1 "x"
is "$err" "" "and nothing is said of it"
gives 0 "but by the doctor" doctor
like "$out" "^warn +pins +what you saw of stores can't be kept: $pins" "who names it"
finish
