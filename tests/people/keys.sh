#!/bin/bash
# The whole way of an incident by keys alone, on 80×24: declared, decided, worked, handed over to a
# second person at a second console, closed. What is seen at each stage, and what is on the record.
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
share_store && shared=yes || shared=no
write_plan

console ana 80x24
eventually ana "no open incident" "a console on no store makes one, and says that nothing is wrong"

key ana w
answers ana "^declare, title:" "checkout 5xx after 4.12"
presses ana "severity.* 1 SEV1" 1
eventually ana "SEV1 INC-1 checkout .*DECLARED" "w declares: a title, a severity"
eventually ana "^ IC (—|NOBODY)  deputy —" "nobody commands yet"
key ana u
answers ana "^adopt INC-1, plan:" "$dir/plan.yaml"
eventually ana "STEPS 3, none chosen yet" "u adopts a plan: its steps are there"
key ana a
eventually ana "INC-1 checkout .*ACKNOWLEDGED" "a acknowledges, with no question"
key ana t
presses ana "^ c take command" c
eventually ana "^ IC $me \(you\)" "t c takes command"
key ana c
presses ana "^ 1 back: " 1
answers ana "^decide INC-1 back, reason:" "errors climb"
eventually ana "^ DECIDED [0-9:]+ $me:" "c makes the call"
eventually ana "▸○ 1 flag-off .* READY" "and the first step is ready, and selected"

key ana s
presses ana '^ start 1 flag-off  \["./flag", "off"\] .*y yes' y
eventually ana "► 1 flag-off .*[0-9]:[0-9]{2} / +5:00" "s y starts it: it runs, and its time counts"
key ana F
eventually ana "^ STEP 1 flag-off +Turn the new code off" "F opens the step"
eventually ana "^ [0-9:]{8} +pod 1[0-9] of 30 is off" "whose output is followed while it runs"
eventually ana "STEP 1 flag-off .*DONE" "to its end"
eventually ana "^ [0-9:]{8} +pod 30 of 30 is off" "the last line is seen"
key ana Escape
eventually ana "STEPS 1 of 3 done, 0 run" "Esc goes back"
eventually ana "▸○ 2 look .* READY" "the next step is ready, and selected"

key ana s
presses ana "^ start 2 look .*y yes" y
eventually ana "▸► 2 look " "s y starts what a person does"
key ana d
presses ana "^done 2 look, What does it show\?:" Enter
eventually ana "needs some words" "done asks for its evidence, and takes no nothing"
types ana "4.11, all prices"
eventually ana "STEPS 2 of 3 done" "d and words: done"
asked ana "▸○ 3 mail .* READY"
key ana x
presses ana "3 mail is ready: .*s skip" s
answers ana "skip 3 mail, reason:" "nobody was hit"
eventually ana "- 3 mail .*skipped by $me" "x s and a reason: skipped"

if [ $shared = yes ]; then
	other_console bo 80x24
	eventually bo "SEV1 INC-1 checkout " "a second person opens a console on it"
	key ana t
	presses ana "^ o offer command" o
	answers ana "^offer INC-1 commander, person:" "$other"
	eventually bo "► YOU .*1 accept commander from $me" "t o NAME: it waits on the other"
	is "$(shown ana | grep -c "^ IC $me (you)")" 1 "who still isn't in command"
	key bo 1
	eventually bo "^ IC $other \(you\)" "1 accepts it"
	eventually ana "^ IC $other  deputy" "and the first console shows it"
	last=bo
else
	skip "a hand-over" "only root can be two people"
	last=ana
fi

key $last 1
presses $last "recover INC-1: .*y yes" y
eventually $last "INC-1 checkout .* WELL" "1 y: well again"
key $last 1
presses $last "resolve INC-1: .*y yes" y
eventually $last "INC-1 checkout .* RESOLVED" "1 y: resolved"
key $last 1
presses $last "close INC-1: .*y yes" y
eventually ana "no open incident" "1 y: closed, and nothing is open"

key ana q
presses ana "quit\?.*y yes" y
eventually ana "^ended 0$" "q y quits"
same_record
run tail 1 --json -n 100
like "$out" '"kind":"step.done".*4.11, all prices' "the evidence is on the record"
like "$out" '"kind":"step.skipped".*nobody was hit' "and the reason of what was left out"
is "$(printf '%s\n' "$out" | grep -v '"via":"console"' | kinds_of | xargs)" \
	"step.ran step.verifying step.done" "said by consoles, but for what the runner says"
is "$(cat "$dir/flag-state")" off "the command ran in the plan's folder"
log_verifies
finish
