#!/bin/bash
# All kinds of terminals, and all that happens to one while a console is open in it.
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
write_slow_plan
must note 1 "a first word"

# ---- no terminal, or none that can draw ----
run
is "$status" 2 "without a terminal: exit status 2"
is "$err" "backout: the console needs a terminal; \`backout status\` and \`backout help\` do without" \
	"and a sentence that says what does without"

terminal dumb 80x24 "TERM=dumb '$program' --store '$store' 2>'$dir/dumb'"
eventually dumb "^ended 6$" "TERM=dumb: exit status 6"
like "$(cat "$dir/dumb")" "^backout: .*dumb.*; .*" "and a sentence, with what to do"
is "$(shown dumb | grep -c .)" 1 "nothing was drawn"
terminal none 80x24 "env -u TERM '$program' --store '$store' 2>'$dir/none'"
eventually none "^ended 6$" "TERM unset: exit status 6"
like "$(cat "$dir/none")" "^backout: .*TERM.*; .*" "and a sentence, with what to do"
terminal odd 80x24 "TERM=no-such-thing '$program' --store '$store' 2>'$dir/odd'"
eventually odd "^ended 6$" "TERM unknown: exit status 6"
like "$(cat "$dir/odd")" "^backout: .*no-such-thing.*; .*" "and a sentence, with what to do"

# ---- colours and glyphs ----
colours() {
	screen capture-pane -p -e -t "$1" | grep -cE "$(printf '\033')"'\[([0-9;]*;)?(3[0-7]|38|4[0-7]|48|9[0-7])[;m]'
}

console plain 80x24
eventually plain "^ SEV2 INC-1 Slow .*● LIVE" "80×24: the board"
[ "$(colours plain)" -gt 0 ]
verdict $? "has colours"
terminal grey 80x24 "NO_COLOR=1 '$program' --store '$store'"
eventually grey "^ SEV2 INC-1 Slow .*● LIVE" "NO_COLOR: the same words"
is "$(colours grey)" 0 "and no colour"
is "$(shown grey | sed 's/T+[0-9:]*//')" "$(shown plain | sed 's/T+[0-9:]*//')" "cell by cell"
console ascii 80x24 --ascii
eventually ascii "^ SEV2 INC-1 Slow .*LIVE" "--ascii: the board"
is "$(shown ascii | LC_ALL=C grep -c '[^ -~]')" 0 "has no byte that isn't ASCII"
for key in i F '?'; do
	key ascii "$key"
	within 5000 sees_no ascii "^ STEPS .*READY" # drawn anew
done
is "$(shown ascii | LC_ALL=C grep -c '[^ -~]')" 0 "nor has the help"
is "$(shown ascii | head -n 1 | cut -c1-11)" "$(shown plain | head -n 1 | cut -c1-11)" "nor another first line"
terminal vt 80x24 "TERM=vt100 '$program' --store '$store'"
eventually vt "^ SEV2 INC-1 Slow .*LIVE" "TERM=vt100: the board"
is "$(shown vt | LC_ALL=C grep -c '[^ -~]')" 0 "in ASCII, for it has no glyphs"
terminal c 80x24 "LC_ALL=C '$program' --store '$store'"
eventually c "^ SEV2 INC-1 Slow .*LIVE" "LC_ALL=C: the board"
is "$(shown c | LC_ALL=C grep -c '[^ -~]')" 0 "in ASCII"

# ---- sizes ----
console small 40x10
eventually small "^ SEV2 INC-1 .*ROLLING BACK.*●" "40×10: line 1"
like "$(shown small)" "○ 1 work" "and its step"
console tiny 39x9
eventually tiny "40.10" "39×9: says how large it must be"
like "$(shown tiny)" "SEV2 INC-1" "and still has line 1"
console large 200x60
eventually large "^ SEV2 INC-1 Slow .{150,}LIVE" "200×60: as wide as it is"
screen resize-window -t small -x 120 -y 40
eventually small "^ SEV2 INC-1 Slow .{80,}LIVE" "a terminal grows"
is "$(shown small | wc -l)" 40 "in both directions"
screen resize-window -t small -x 39 -y 9
eventually small "40.10" "shrinks below what is enough"
screen resize-window -t small -x 80 -y 24
eventually small "^ SEV2 INC-1 Slow .*● LIVE" "and is well again"
is "$(shown small | sed 's/T+[0-9:]*//')" "$(shown plain | sed 's/T+[0-9:]*//')" "cell by cell"

# ---- leaving ----
key plain q
asked plain "quit\?.*y yes"
key plain Enter
within 5000 sees_no plain "quit\?"
verdict $? "q asks, and Enter is no"
key plain C-c
asked plain "quit\?.*y yes"
key plain n
within 5000 sees_no plain "quit\?"
verdict $? "ctrl-c asks, and n is no"
key plain o
asked plain "^note INC-1, text:"
key plain a b C-c
within 5000 sees_no plain "^note INC-1"
verdict $? "ctrl-c leaves a question"
for i in 1 2; do
	key plain Escape
	fingers_rest # else it would be the Alt of the next key
done
key plain C-c
presses plain "quit\?.*y yes" y
eventually plain "^ended 0$" "ctrl-c y quits; Esc never did"
is "$(screen display-message -p -t plain '#{alternate_on} #{cursor_flag}')" "0 1" \
	"the screen of before is back, with its cursor"

# ---- a shell's job ----
terminal job 80x24 "PS1='sh: ' bash --norc --noprofile -i"
eventually job "^sh:" "a shell"
screen send-keys -t job -l "stty -g >$dir/before; '$program' --store '$store'; echo left \$?"
key job Enter
eventually job "^ SEV2 INC-1 Slow .*● LIVE" "a console as its job"
key job C-z
eventually job "Stopped" "ctrl-z suspends it"
is "$(screen display-message -p -t job '#{alternate_on} #{cursor_flag}')" "0 1" "with the shell's screen"
screen send-keys -t job -l "stty -g >$dir/after; echo ty''ped"
key job Enter
eventually job "^typed" "the shell is typed to as ever"
is "$(cat "$dir/after")" "$(cat "$dir/before")" "its modes are as before"
run note 1 "while it was suspended"
screen send-keys -t job -l fg
key job Enter
eventually job "^ [0-9:]{8} $me +while it was suspended" "fg: the board, with what came meanwhile"
screen resize-window -t job -x 100 -y 30
eventually job "^ SEV2 INC-1 Slow .{60,}● LIVE" "and it follows the terminal"
key job q
presses job "quit\?.*y yes" y
eventually job "^sh:$" "it quits into the shell"

# ---- the line is gone ----
must start 1 work --reason "a test"
console gone 80x24
eventually gone "1 work" "a console while a step runs"
pid=$(child_of gone)
screen kill-session -t gone
within 5000 is_gone "$pid"
verdict $? "the terminal is closed: the console ends"
within 10000 step_is work done
verdict $? "and the step goes on to its end"
is "$(effects)" 1 "once"
log_verifies
finish
