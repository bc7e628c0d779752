#!/bin/sh
# status, for people and for programs.
. "${SRCDIR:?}/tests/cli/lib.sh"
write_plan
run declare "$dir/plan.yaml" --severity 1
run declare --title "search is slow" --severity 3 --drill --service search
run declare --title "mail is late" --severity 2

run status
like "$out" "^INCIDENT +SEVERITY +TITLE +STATE +IC +STEPS +CLOCK +AGE$" "the columns have names"
like "$out" "^INC-1 +SEV1 +Roll back shop 4.12 +DECLARED +- +0/3 +in (5:00|4:5[0-9]) acknowledge +T\+0:0" \
	"an incident is a line"
like "$out" "^INC-2 +SEV3 DRILL +search is slow" "a drill is marked"
is "$(printf '%s\n' "$out" | sed -n 's/ .*//;2,$p' | tr '\n' ' ')" "INC-1 INC-3 INC-2 " \
	"the worse one stands first, drills last"
unlike "$out" " $" "no line ends in a space"

run decide 1 back --reason "errors climb"
run assign 1 look root
run status INC-1
like "$out" "^SEV1 INC-1 Roll back shop 4.12  ROLLING BACK  T\+" "one in full: the head"
like "$out" '^DECIDED [0-9:]+ [^ ]+: Take it all back, "errors climb"$' "the decision"
like "$out" "^IC nobody" "an unfilled command glares"
like "$out" "^nothing late$" "that nothing is late is said"
like "$out" "^STEPS 0 of 3 done, 0 runs, 0 unknown, 0 failed$" "the sum of steps"
like "$out" "^ 1 flag-off +Turn the new code off +ready +cy" "a step with state and owner"
like "$out" "^ 3 soak .* waiting .* waits for 2$" "and what it waits for"
like "$out" "^ [0-9:]{8} .*DECIDED back" "the end of its log"

run status INC-3
unlike "$out" "service" "nothing is said of a service that nobody named"
run brief 3
unlike "$out" "service" "nor in the brief"

run eta 1 flag-off 10m "waiting for the cache"
run concern 1 "mail piles up"
run status 1
like "$out" "^ 1 flag-off .* says [0-9:]{5} \"waiting for the cache\"" "when it will be done"
like "$out" "^CONCERN 1 of [^ ]+, [0-9:]{5}: mail piles up$" "a concern that nobody answered"
run status 1 --json
like "$out" '"eta":\{"due":"[0-9T:.-]+Z","by":"[^"]+","text":"waiting for the cache"\}' "JSON: the same"
like "$out" '"concerns":\[\{"number":1,"text":"mail piles up","by":"[^"]+","at":"[0-9T:.-]+Z","answered_by":null,"answer":null\}\]' "and of the concern"
run answer 1 1 "it is rerouted"
run status 1
unlike "$out" "^CONCERN" "what is answered is no concern any more"

run status 1 --json
shape='^\{"number":1,"title":"Roll back shop 4.12","severity":1,"state":"rolling_back","paused":false,"drill":false,"service":"shop","plan":"shop-2026-11","commander":null,"declared":"[0-9T:.-]+Z","decision":\{"option":"back","title":"[^"]+","reason":"errors climb","by":"[^"]+","at":"[0-9T:.-]+Z"\},"seq":[0-9]+,"roles":\[\],"steps":\[\{'
like "$out" "$shape" "JSON of one incident"
like "$out" '\{"number":2,"id":"look","title":"Look at the page","state":"waiting","owner":"root","role":"commander","attempt":0,"reason":null,"lost":false,"eta":null\}' "a step has id, title, state, owner, attempt"
run status --json
like "$out" '^\[\{"number":1,.*\},\{"number":2,.*\},\{"number":3,.*\}\]$' "all open incidents are an array"
like "$out" '"number":2,.*"drill":true,.*"decision":null' "no decision is null"
like "$out" '"clocks":\[\{"what":"acknowledge","step":null,"due":"20[0-9T:.-]+Z","who":null\}' "clocks have what, due, who"
is "$(wc -l <"$dir/out" | tr -d ' ')" 1 "on one line"
run abandon 2 --reason "over"
run status --json
unlike "$out" '"number":2,"title":"search' "what has ended is not open"
run status 2 --json
like "$out" '"state":"abandoned"' "but can be looked at"

cat >>"$dir/plan.yaml" <<'PLAN'
rto: 1m
escalation:
  - {if: unacknowledged, after: 10m, to: [vp-eng]}
  - {if: unacknowledged, after: 20m, to: [cto]}
PLAN
run declare "$dir/plan.yaml" --detected-at "$(date -u -d '1 hour ago' +%H:%M)"
run status 4
like "$out" "^LATE recover target, nobody's, (59:|1h00)[0-9]* over$" "what is late is said, and whose it is"
like "$out" "^ \\+(59:|1h00)[0-9]* +recover target +-$" "and its clock counts up"
run escalate 4 --reason "nobody answers"
run snooze 4 10m --reason "on my way"
run status 4
like "$out" "^PAGED vp-eng [0-9:]{5}: nobody has acknowledged, level 1$" "who was paged"
like "$out" "^SNOOZED until [0-9:]{5} by [^ ]+: on my way$" "what was put off"
like "$out" "^ in (19|20):[0-9]{2} +next page +cto$" "and who comes next"
run brief 4
like "$out" "^SEV2 INC-4 Roll back shop 4.12: DECLARED, T\+0:0[0-9] at [0-9:]{8} UTC$" "a brief says what is wrong"
like "$out" "^paged vp-eng at [0-9:]{5}$" "who was paged"
like "$out" "^next acknowledge in [0-9:]+, decide in [0-9:]+, next page in [0-9:]+ cto$" "and what comes next"
gives 2 "which incident has to be said" brief
gives 3 "and it has to be there" brief 99
run status 4 --json
like "$out" '"escalations":\[\{"late":"unacknowledged","step":null,"level":1,"repeat":0,"missed":0,"people":\["vp-eng"\],"channels":\[\],"due":"[0-9T:.-]+Z","at":"[0-9T:.-]+Z","by":"[^"]+","current":true,"pages":\[\]\}\],"snooze":\{"until":"[0-9T:.-]+Z","by":"[^"]+","reason":"on my way"\}' "JSON: the same"
finish
