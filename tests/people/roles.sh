#!/bin/bash
# A roster in force on one store: somebody who commands, somebody who responds, somebody who may only
# look, each at a console of their own, by keys and by words.
# DESIGN §5: "Handing over is an offer and an acceptance; relieving a vanished IC takes a reason and
# tells everyone." "with one it doesn't" say `roles not enforced`.
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
share_store || skip_all "only root can be two people"
third=$(awk -F: '$3 > 0 && $3 < 1000 && $1 != "sync" { print $1 }' /etc/passwd | sed -n 2p)
[ -n "$third" ] || skip_all "there are not three people on this host"
write_plan
sed -i "s/games/$other/g" "$dir/plan.yaml"
mkdir -m 700 "$dir/third" && chown "$third" "$dir/third"

# The third of us is in the same group: the roster says view, not the rights of the file.
as_third() {
	HOME=$dir/third setpriv --reuid "$third" --regid $shared_group --clear-groups "$@"
}

# roster MAY-OF-OTHER: we command, the third one views.
roster() {
	cat >"$dir/roster.yaml" <<-ROSTER
		roster: 1
		people:
		  $me: {name: Ana Costa, may: command}
		  $other: {name: Bo Lindqvist, may: $1}
		  $third: {name: Sue Park, may: view}
		roles: {commander: [$me, $other], developer: [$other, $me]}
	ROSTER
}

# The last two rows of a console: what is told, and what is asked.
bottom_is() { # NAME ROW ROW
	[ "$(shown "$1" | tail -n 2 | sed 's/ *$//')" = "$(printf '%s\n%s' "$2" "$3")" ]
}

# stands NAME DESCRIPTION ROW ROW: eventually, at the bottom.
stands() {
	within 10000 bottom_is "$1" "$3" "$4"
	verdict $? "$2" || instead "wanted: $3" "$4" "$(shown "$1")"
}

# ---- before there is one ----

console ana 80x24
eventually ana "nothing is wrong.* roles not enforced  ● LIVE" "without a roster line 1 says so"
must declare "$dir/plan.yaml" --severity 1
roster command

# ---- put in force from the console ----

key ana :
types ana "roster apply $dir/roster.yaml"
eventually ana "applied: 3 people, 2 roles, 0 channels" ":roster apply puts one in force"
sees_no ana "roles not enforced"
verdict $? "and the badge is gone" || instead "$(shown ana)"
other_console bo 80x24
eventually bo "SEV1 INC-1 " "a second person opens a console"
sees_no bo "roles not enforced"
verdict $? "without the badge as well"
terminal sue 80x24 "HOME='$dir/third' setpriv --reuid $third --regid $shared_group --clear-groups \
	'$program' --store '$store'"
eventually sue "SEV1 INC-1 " "and a third one, who may only look"

# ---- who may only look ----

asked sue "nothing waits on you"
verdict 0 "nothing waits on who may only look"
for case in "o note" "a ack" "p pause"; do
	key sue "${case% *}"
	eventually sue "^ $third may only view, by the roster: INC-1; ask $me or $other" \
		"${case#* } is refused at once, and says who could"
	key sue Escape
done
before=$(kinds 1 | wc -l)
out=$(as_third "$program" --store "$store" note 1 hello 2>&1)
is "$?" 1 "by words it is refused too"
like "$out" "$third may only view, by the roster: INC-1; ask $me or $other" "in the same sentence"
is "$(kinds 1 | wc -l)" "$before" "and nothing of it is on the record"

# ---- command ----

key bo c
eventually bo "only who commands may decide, and nobody does: INC-1; take command first" \
	"who could command is told to take it first"
key ana t
presses ana "^ c take command" c
eventually ana "^ IC $me \(you\)" "t c takes command"
asked bo "^ IC $me"
key bo c
eventually bo "only the commander or the deputy may decide; $me commands" "the other can't decide now"
key ana c
presses ana "^ 1 back: " 1
answers ana "^decide INC-1 back, reason:" "errors climb"
eventually bo "\(IC\) DECIDED back.*errors climb" "who decided did so as IC, and everybody sees it"

# ---- handing over, by keys ----

key ana t
presses ana "^ o offer command" o
answers ana "^offer INC-1 commander, person:" "$third"
eventually ana "$third may only view" "nothing is offered to who may only look"
key ana t
presses ana "^ o offer command" o
asked ana "^offer INC-1 commander, person: $third" # what was refused stands there to be mended
key ana C-u
answers ana "^offer INC-1 commander, person:" "$other"
eventually bo "► YOU .*1 accept commander from $me" "an offer waits on the other"
key ana o
asked ana "^note INC-1, text:"
key bo 1
eventually bo "^ IC $other \(you\)" "who accepts it with a key"
stands ana "and the first one is told at once, above what they were asked" \
	" INC-1: $other is commander now, after you" "note INC-1, text:"
key ana Escape
within 10000 sees_no ana "note INC-1, text"

# ---- relieving, by keys ----

relieved=" INC-1: $me is commander now, after you: no answer for ten minutes"
key bo o
asked bo "^note INC-1, text:"
screen send-keys -t bo -l -- "errors "
key ana t
presses ana "^ x relieve $other" x
answers ana "^take INC-1 commander from $other, reason:" "no answer for ten minutes"
eventually ana "^ IC $me \(you\)" "t x and a reason relieves"
stands bo "the relieved is told at once, with the reason, above what they were asked" \
	"$relieved" "note INC-1, text: errors"
screen send-keys -t bo -l -- "fall"
stands bo "who types on doesn't type it away" "$relieved" "note INC-1, text: errors fall"
key bo Escape
within 10000 sees_no bo "note INC-1, text"
sees bo "^$relieved"
verdict $? "it is still there when the question is gone" || instead "$(shown bo)"
key bo k
within 10000 sees_no bo "after you: no answer"
verdict $? "and goes with the next key" || instead "$(shown bo)"
eventually bo "^ [0-9:]{8} +$me +is commander, after $other" "and it stands in everybody's log"
roster respond
must roster apply "$dir/roster.yaml"
key bo t
presses bo "^ x relieve $me" x
answers bo "^take INC-1 commander from $me, reason:" "my turn"
eventually bo "^ IC $other \(you\)" "a responder whom the plan names may relieve as well"
out=$(as_other "$program" --store "$store" roster apply "$dir/roster.yaml" 2>&1)
is "$?" 1 "but who lost command can't apply another roster"
like "$out" "only who may command by the roster in force applies another: roster apply; ask $me" \
	"and is told whom to ask"

# ---- people and roles ----

key ana t
presses ana "^ p people and roles" p
eventually ana "^ ROLES   by the roster that $me applied" "t p opens people and roles"
eventually ana "^ developer +nobody" "with who holds each role"
eventually ana "called: $me, $other; in hand: 1 flag-off ready" "who is called, and what is in hand"
eventually ana "^ $third +Sue Park +view" "and the people, by their full names"
key ana j j j j
key ana t
presses ana "who \(developer\): c take developer" c
eventually ana "^ developer +$me  Ana Costa \(you\), since " "t c there takes the selected role"
key ana q
key ana '?'
eventually ana "^ KEYS" "help opens"
log_verifies
finish
