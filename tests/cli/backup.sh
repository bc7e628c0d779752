#!/bin/sh
# Backups and restores by their words.
. "${SRCDIR:?}/tests/cli/lib.sh"

run declare --title first
gives 0 "a backup" backup "$dir/copy.db"
like "$out" "^copied $store to $dir/copy.db, and proved the copy\$" "is told to be one"
like "$out" "^backout head: store [0-9a-f-]{36}, event 2, hash [0-9a-f]{64}\$" "with its head"
head=$(printf '%s\n' "$out" | tail -n 1)
is "$(stat -c %a "$dir/copy.db")" 600 "it is for its maker alone"
run_bare --store "$dir/copy.db" head
is "$out" "$head" "it opens like any store"
gives 4 "nothing is written over" backup "$dir/copy.db"
like "$err" "there is a file of that name: $dir/copy.db" "and named"
gives 3 "nor is a folder made" backup "$dir/none/copy.db"
gives 2 "it wants a file" backup
run_bare --store "$dir/store/none.db" backup "$dir/x"
is $status 3 "and a store"

run note 1 "lost"
gives 2 "a restore wants a reason" restore "$dir/copy.db"
gives 2 "and not an empty one" restore "$dir/copy.db" --reason ""
gives 1 "it is none of --readonly" restore "$dir/copy.db" --reason x --readonly
gives 3 "it wants a backup" restore "$dir/none.db" --reason x
gives 0 "a restore" restore "$dir/copy.db" --reason "the disk lied"
like "$out" "^restored $store to event 2\$" "says where it went"
kept=$(printf '%s\n' "$out" | sed -n 's/^it ended at event 3; that is kept as //p')
like "$kept" "^$store.before-3-[0-9a-f]{8}\$" "and what it kept"
run_bare --store "$kept" tail
like "$out" "lost" "in which all is that was there"
gives 0 "who restores has seen it" verify
is "$out" "verified up to 3, anchored up to 3 by what you saw" "and is asked nothing"
run tail
like "$out" "store .*RESTORED the store to event 2 from event 3: the disk lied\$" "the record says so"
run head
like "$out" "event 3, " "as its newest event"
gives 0 "it goes on" note 1 "again"
gives 0 "what was kept can come back" restore "$kept" --reason "it did not"
run tail
like "$out" "lost" "as it was"
like "$out" "RESTORED the store to event 3 from event 4: it did not" "with another word about it"
run status
gives 0 "for who saw it last time" verify

cp "$dir/copy.db" "$dir/bad.db"
size=$(stat -c %s "$dir/bad.db")
dd if=/dev/zero of="$dir/bad.db" bs=1 seek=$((size / 3)) count=2000 conv=notrunc 2>/dev/null
gives 7 "a damaged backup is refused" restore "$dir/bad.db" --reason x
gives 0 "and nothing has happened" verify
run_bare --store "$dir/store/other.db" declare --title other
run_bare --store "$dir/store/other.db" restore "$dir/copy.db" --reason x
is $status 1 "the backup of another store is refused"
like "$err" "this is the backup of another store: $dir/copy.db is of store " "and named"
is "$(find "$dir/store" -name '*.new-*' | wc -l | tr -d ' ')" 0 "nothing half made is left"
finish
