#!/bin/bash
# Viewers over SSH on a bastion host, by the very lines of docs/bastion.md: a real sshd lets somebody
# of their group into the read-only console and into nothing else.
# DESIGN 11.7: "A viewer can't write, nor stop a writer, by any door."
. "${SRCDIR:?}/tests/people/lib.sh"
. "$SRCDIR/tests/people/ssh.sh"
need_tmux
share_store || skip_all "only root can be several people"
need_sshd

# ---- somebody who only looks, whom only this sshd knows ----
# It has /etc/passwd and /etc/group of its own, in a mount namespace that ends with it.
viewers_group=54322
{ cat /etc/passwd && echo "sue:x:54330:$viewers_group:Sue:$dir/empty:/bin/sh"; } >"$dir/passwd"
{ cat /etc/group && echo "incident-viewers:x:$viewers_group:"; } >"$dir/group"
mkdir -m 755 "$dir/empty" "$dir/ssh/viewers"
cp "$dir/ssh/key.pub" "$dir/ssh/viewers/sue"
sshd="$dir/sshd"
printf '#!/bin/sh\nmount --bind "%s" /etc/passwd && mount --bind "%s" /etc/group && exec %s "$@"\n' \
	"$dir/passwd" "$dir/group" "$(PATH=$PATH:/usr/sbin command -v sshd)" >"$dir/in-there"
printf '#!/bin/sh\nexec unshare -m sh "%s" "$@"\n' "$dir/in-there" >"$sshd"
chmod 755 "$sshd"

# The block of the document, with our paths for its own.
block=$(
	sed -n '/^Match Group/,/^```/p' "$SRCDIR/docs/bastion.md" | grep -v '^```' |
		sed -e "s|/usr/bin/backout|$program|" -e "s|/srv/backout/incidents.db|$store|" \
			-e "s|/etc/ssh/viewers|$dir/ssh/viewers|")
like "$block" "ForceCommand $program watch --readonly --store $store" "docs/bastion.md has the lines"
serve "$block"
line=$(line_as "$dir/ssh/key" sue@127.0.0.1 -o SendEnv=LC_ALL)

must init --group $shared_group --viewers $viewers_group
lines=100
write_slow_plan

# ---- the console, and nothing else ----
terminal sue 80x24 "$line -tt"
eventually sue "SEV2 INC-1 Slow .* RO .*● LIVE" "a viewer gets the board, to look only"
key sue C-z
eventually sue "suspend: --readonly leaves no way out but q" "ctrl-z doesn't suspend"
key sue o
eventually sue "nothing can be written from here" "a key that would write says why not"
key sue :
asked sue "^:"
types sue "declare /etc/passwd"
eventually sue "nothing can be written|can't be written|takes no commands" "nor does the palette write"
key sue Escape
must start 1 work
eventually sue "► 1 work" "what writers do is seen"
key sue Enter
eventually sue "line [0-9]+" "and the output of a step"

# ---- what was asked for instead ----
# asks WORD…: by that line, without a terminal; no word of a shell's answer.
asks() {
	out=$($line "$@" 2>&1 </dev/null)
	status=$?
}
for command in id sh "cat /etc/passwd" "$program --store $store note 1 x" "$program status"; do
	asks "$command"
	is "$status" 2 "\`$command\` is not run"
	like "$out" "^backout: the console needs a terminal" "the console was"
done
terminal shell 80x24 "$line -tt sh -i"
eventually shell "SEV2 INC-1 Slow .* RO " "\`sh -i\` on a terminal is the console too"
other_line=$(line_as "$dir/ssh/key" sue@127.0.0.1 -tt -o SendEnv=BACKOUT_STORE -o SendEnv=TERMINFO)
terminal env 80x24 "BACKOUT_STORE=/tmp/other.db TERMINFO=/tmp $other_line"
eventually env "SEV2 INC-1 Slow .* RO " "no store comes by the environment"
echo "put $dir/passwd /tmp/backout-bastion" | sftp -b - -F none -P "$port" -i "$dir/ssh/key" \
	-o UserKnownHostsFile="$dir/ssh/known" -o BatchMode=yes -o LogLevel=ERROR sue@127.0.0.1 >/dev/null 2>&1
[ $? -ne 0 ] && [ ! -e /tmp/backout-bastion ]
verdict $? "no file goes in by sftp"
$(line_as "$dir/ssh/key" sue@127.0.0.1 -W "127.0.0.1:$port") </dev/null >"$dir/forwarded" 2>&1
[ $? -ne 0 ] && ! grep -q '^SSH-' "$dir/forwarded"
verdict $? "nothing is forwarded from there"
$(line_as "$dir/ssh/key" sue@127.0.0.1 -o ExitOnForwardFailure=yes -R "0:127.0.0.1:$port" -N) </dev/null 2>/dev/null
[ $? -ne 0 ]
verdict $? "nor to there"

# ---- who looks stops nobody ----
looking() { # the console of the first of them, on the far side
	pgrep -u 54330 -f "watch --readonly" | head -n 1
}
kill -STOP "$(looking)"
began=$(now_ms)
gives 0 "a writer writes while a viewer is stopped" note 1 "on with it"
[ $(($(now_ms) - began)) -lt 5000 ]
verdict $? "and doesn't wait for them"
kill -CONT "$(looking)"
within 20000 step_is work done
verdict $? "the step goes on to its end"
is "$(kinds 1 | grep -c note.written)" 1 "no word of a viewer is on the record"
log_verifies

# ---- leaving ----
key sue Escape
asked sue "^ STEPS 1 of 1"
fingers_rest # else Esc would be the Alt of the next key
key sue q
presses sue "quit\?.*y yes" y
eventually sue "^ended 0$" "q y ends it, and the line with it"
for name in shell env; do
	kill -KILL "$(child_of $name)"
done
gone() {
	[ -z "$(looking)" ]
}
ok "of a line that is cut nothing is left" within 20000 gone
finish
