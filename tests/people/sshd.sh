#!/bin/bash
# A console on the far side of a real SSH line: it draws, keys work, the terminal is given back.
# DESIGN 6.2: "A closed terminal, a dropped SSH line, a killed console change nothing."
. "${SRCDIR:?}/tests/people/lib.sh"
. "$SRCDIR/tests/people/ssh.sh"
need_tmux
need_sshd
serve ""
line=$(line_as "$dir/ssh/key" 127.0.0.1)
$line true 2>"$dir/ssh/why" || skip_all "sshd lets nobody in here: $(head -n 1 "$dir/ssh/why") $(tail -n 1 "$dir/ssh/log")"

# ---- the console ----
far="stty -g >$dir/before; LC_ALL=C.UTF-8 $program --store $store; echo far \\\$?; stty -g >$dir/after"
lines=60
write_slow_plan

terminal one 80x24 "stty -g >$dir/near-before; $line -tt \"$far\""
eventually one "SEV2 INC-1 Slow .*ROLLING BACK" "the board comes over the line"
is "$(shown one | head -n 1 | sed 's/.*\(● LIVE\)$/\1/')" "● LIVE" "to its last cell, glyphs and all"
key one o
answers one "^note INC-1, text:" "typed far away: é ü ✓"
eventually one "^ [0-9:]{8} $me +typed far away: é ü ✓" "keys arrive, and UTF-8 both ways"
screen resize-window -t one -x 100 -y 30
eventually one "^.{90,} ● LIVE" "a resize is heard over the line"
screen resize-window -t one -x 80 -y 24

key one s
presses one "^ start 1 work .*y yes" y
eventually one "► 1 work .* / +5:00" "a step is started"
remote=$(pgrep -f "^$program --store $store\$")
kill -KILL "$(child_of one)"
eventually one "ended 137" "the ssh client dies by kill -9"
within 10000 is_gone "$remote"
verdict $? "the console behind it goes"
is "$(state_of work)" running "and the step goes on"

terminal two 80x24 "stty -g >$dir/near-before; $line -tt \"$far\""
eventually two "✓ 1 work " "who connects again sees it done"
is "$(effects)" 1 "it ran once"
is "$(cat "$dir/store/view/run/1.work.1/out"* | grep -c ' o line ')" $lines "and all it said is there"
key two q
presses two "quit\?.*y yes" y
eventually two "^ended 0$" "q y quits, and the line is closed"
shown two | grep -q "^far 0$"
verdict $? "the console's exit status is 0"
is "$(cat "$dir/after")" "$(cat "$dir/before")" "the far terminal has its modes back"
is "$(screen display-message -p -t two '#{alternate_on} #{cursor_flag} #{mouse_any_flag}')" "0 1 0" \
	"and the near one its screen and cursor"
log_verifies
finish
