#!/bin/bash
# The whole way of an incident by the palette alone, on 80×24: `:` and a command's words.
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
share_store && shared=yes || shared=no
write_plan

# says NAME WORDS PATTERN DESCRIPTION
says() {
	key "$1" :
	asked "$1" "^:"
	types "$1" "$2"
	eventually "$1" "$3" "$4"
}

console ana 80x24
eventually ana "no open incident" "a console opens"
says ana 'declare --title "checkout 5xx after 4.12" --severity 1' "SEV1 INC-1 .*DECLARED" ":declare"
says ana "adopt $dir/plan.yaml" "STEPS 3, none chosen yet" ":adopt"
says ana ack "INC-1 .*ACKNOWLEDGED" ":ack"
says ana "take commander" "^ IC $me \(you\)" ":take"
key ana :
asked ana "^:"
key ana d e c i Tab
within 2000 sees ana "^:decide"
is "$(shown ana | tail -n 1)" ":decide" "Tab completes a command"
key ana b Tab
within 2000 sees ana "^:decide back"
is "$(shown ana | tail -n 1)" ":decide back" "and an option of the plan"
types ana '--reason "errors climb"'
eventually ana "^ DECIDED [0-9:]+ $me: .*errors climb" ":decide"
says ana "strat flag-off" "no such command: strat; did you mean start\?" "what is no command is refused"
is "$(shown ana | tail -n 1)" ":strat flag-off" "and the line comes back, to be mended"
key ana Escape
within 2000 sees_no ana "^:"
says ana "start mail" "it waits for 2: INC-1 3 mail" "what can't be done yet is refused"
says ana "start flag-off" "✓ 1 flag-off " ":start, to its end"
says ana "start look" "► 2 look " ":start what a person does"
says ana 'done look --evidence "4.11, all prices"' "✓ 2 look " ":done"
says ana 'skip mail --reason "nobody was hit"' "- 3 mail .*skipped by $me" ":skip"
if [ $shared = yes ]; then
	other_console bo 80x24
	eventually bo "SEV1 INC-1 " "a second person opens a console on it"
	says ana "offer commander $other" "offered commander to $other" ":offer"
	says bo "accept commander" "^ IC $other \(you\)" ":accept"
	last=bo
else
	skip "a hand-over" "only root can be two people"
	last=ana
fi
says $last recover "INC-1 .* WELL" ":recover"
says $last resolve "INC-1 .* RESOLVED" ":resolve"
says $last close "no open incident" ":close"
says ana quit "quit\?.*y yes" ":quit"
key ana y
eventually ana "^ended 0$" "and it ends"
same_record
run tail 1 --json -n 100
is "$(printf '%s\n' "$out" | grep -v '"via":"console"' | kinds_of | xargs)" \
	"step.ran step.verifying step.done" "said by consoles, but for what the runner says"
log_verifies
finish
