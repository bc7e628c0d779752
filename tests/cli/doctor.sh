#!/bin/sh
# The doctor by its words: what it prints, in JSON too, and how it ends.
. "${SRCDIR:?}/tests/cli/lib.sh"

gives 0 "it runs without a store" doctor
like "$out" "^note +store +there is no store yet: $store\$" "and says so"
like "$out" "^ +do: backout init $store\$" "with the command that makes one"
[ ! -e "$store" ]
ok "it makes none"

run init
gives 0 "a store that is well" doctor
like "$out" "^ok +proof +every event is as it was written: up to event 1, hash [0-9a-f]{64}\$" "is proven"
like "$out" "^ok +libraries .*SQLite [0-9.]+, .*libacl [0-9]" "the libraries are named"
like "$(printf '%s\n' "$out" | tail -n 1)" "[0-9]+ ok\$" "the last line sums up"
gives 0 "--readonly is nothing to it" doctor --readonly

chmod 664 "$store"
gives 1 "a wrong right is bad" doctor
like "$out" "^bad +rights .*$store is 664, should be 600\$" "and named"
gives 1 "in JSON too" doctor --json
like "$out" "^\{\"worst\":\"bad\",\"findings\":\[\{\"check\":\"store\",\"severity\":\"ok\"" "the worst comes first"
like "$out" "\"on\":\"$store is 664, should be 600\",\"do\":\"backout init $store\"" "with all its parts"
repair=$(printf '%s\n' "$out" | sed 's/.*"do":"backout \(init [^"]*\)".*/\1/')
# shellcheck disable=SC2086 # its words
"$BACKOUT" $repair >/dev/null
gives 0 "the command that it says repairs it" doctor

: >"$store"
gives 7 "damage is worse than anything" doctor
like "$out" "^damaged +store +the store's file is empty" "and said so"

gives 0 "--limits" doctor --limits
like "$out" "^YAML_MAX_BYTES +1 MiB +a plan or a roster\$" "prints how much is taken"
gives 0 "in JSON" doctor --limits --json
like "$out" "\{\"name\":\"YAML_MAX_BYTES\",\"value\":1048576,\"unit\":\"bytes\",\"of\":\"a plan or a roster\"\}" "too"
gives 2 "it takes no words" doctor now
finish
