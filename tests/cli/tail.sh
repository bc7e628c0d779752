#!/bin/sh
# The end of the log, followed and exported.
. "${SRCDIR:?}/tests/cli/lib.sh"
decided
run declare --title "another one"

run tail 1
like "$out" "^[0-9:]{8} $(id -un) +DECIDED back" "time, actor, sentence"
unlike "$out" "another one" "of one incident only"
run tail
like "$out" "^[0-9:]{8} INC-2 +$(id -un) +DECLARED another one" "of all, with the incident"
like "$out" "^[0-9:]{8} store +$(id -un) +created the store" "and the store's own"
run tail -n 1
is "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 1 "-n says how many"
like "$out" "another one" "the newest"
run tail 1 -n 2
is "$(printf '%s\n' "$out" | wc -l | tr -d ' ')" 2 "of one incident as well"
run tail 1 -n 0
is "$out" "" "none is none"
gives 2 "-n takes a number" tail -n many
gives 0 "up to TAIL_MAX" tail -n 1000000
gives 2 "and no more" tail -n 1000001
gives 3 "no such incident" tail 9

run tail --json -n 100
hex='[0-9a-f]{64}'
shape="^\{\"seq\":[0-9]+,\"command\":\"[^\"]+\",\"part\":[0-9]+,\"request\":\"$hex\",\"incident\":[0-9]+,\"at\":[0-9]{13},\"actor\":\"[^\"]+\",\"via\":\"(line|store|runner)\",\"kind\":\"[a-z_.]+\",\"body\":\{.*\},\"hash\":\"$hex\"\}\$"
is "$(printf '%s\n' "$out" | grep -Evc -- "$shape")" 0 "JSON has every column in its order"
is "$(printf '%s\n' "$out" | sed 's/^{"seq":\([0-9]*\),.*/\1/' | tr '\n' ' ')" "1 2 3 4 5 6 " \
	"from the first event to the last"
like "$out" '"kind":"incident.decided","body":\{"option":"back",' "the body is an object as hashed"
last=$(printf '%s\n' "$out" | sed -n '$s/.*"hash":"\([0-9a-f]*\)"}/\1/p')
run head
like "$out" "event 6, hash $last\$" "head has the last hash"
gives 0 "a kept head is found" verify --since "$last"
like "$out" "verified up to 6, anchored up to 6 by the head you gave" "and named"
gives 7 "a head of another history is not" verify --since "$(printf '%064d' 7)"
gives 2 "what is no hash" verify --since abc

gives 2 "--until wants a state" tail 1 --until roling_back
like "$err" "did you mean rolling_back\?" "and offers a near one"
gives 2 "--until wants an incident" tail --until closed
gives 0 "a state that is reached already" tail 1 --until rolling_back
gives 0 "or passed" tail 1 --until acknowledged
timeout 20 "$BACKOUT" --store "$store" tail 1 --until well >"$dir/followed" 2>&1 &
follower=$!
eventually "following begins" grep -qs "DECIDED" "$dir/followed"
run skip 1 flag-off --reason a
run skip 1 look --reason b
run skip 1 soak --reason c
run note 2 "of no interest"
run recover 1
wait $follower
is $? 0 "--until ends when the state is reached"
is "$(grep -c . "$dir/followed")" "$(($(grep -c DECIDED "$dir/followed") + 6))" \
	"each event was printed once"
like "$(cat "$dir/followed")" "RECOVERED" "the last one too"
unlike "$(cat "$dir/followed")" "no interest" "other incidents are left out"
timeout 20 "$BACKOUT" --store "$store" tail 2 --until closed >"$dir/followed" 2>"$dir/why" &
follower=$!
eventually "following the other" grep -qs "DECLARED" "$dir/followed"
run abandon 2 --reason "a duplicate"
wait $follower
is $? 1 "--until fails when the incident ends otherwise"
like "$(cat "$dir/why")" "ended otherwise: INC-2 is abandoned, never closed" "and says how"

mkfifo "$dir/pipe"
timeout 20 "$BACKOUT" --store "$store" tail --follow >"$dir/pipe" 2>"$dir/why" &
follower=$!
head -n 1 <"$dir/pipe" >"$dir/followed"
run note 1 "nobody reads this"
wait $follower
is $? 0 "a reader who leaves ends it"
is "$(cat "$dir/why")" "" "without a word"
finish
