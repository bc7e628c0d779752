#!/bin/bash
# DESIGN 11.5: "Nothing that arrives from outside (titles, output, alerts, plans, API bodies, paste)
# can move the cursor, hide text, press a key, crash the program or take unbounded memory."
# 2,000 lines of hostile text come in as titles, notes, texts of a plan and output; every byte that
# consoles then send to their terminals is read, and each frame looked at. SEED=… tells them again.
. "${SRCDIR:?}/tests/people/lib.sh"
need_tmux
command -v perl >/dev/null || skip_all "there is no perl"

# ---- the text ------------------------------------------------------------------------------------

cat >"$dir/generate" <<'PERL'
# generate SEED COUNT: lines of everything that terminals obey, hide or draw oddly.
use strict;
use bytes;
my ($seed, $count) = @ARGV;
srand $seed;
sub pick { $_[rand @_] }
sub utf8 { my $text = chr shift; utf8::encode($text); $text }
my @kinds = (
	sub { chr(1 + rand 8) . pick("\r", "\b\b\b\b", "\x0b", "\x0c", "\x7f", "\x07", "\x0e", "\x0f") },
	sub { "\xc2" . chr(0x80 + rand 32) },                                     # C1 as UTF-8
	sub { chr(0x80 + rand 32) },                                              # C1 as a byte
	sub { "\e[" . int(rand 99) . ";" . int(rand 99) . pick(qw(H A B C D f m r L M P X @ d G)) },
	sub { "\e[" . pick("2J", "3J", "K", "?1049l", "?25l", "6n", "c", "21t", "?1000h", "5;31m", "!p") },
	sub { "\e]" . pick("0;owned", "52;c;b3duZWQ=", "8;;http://x/", "4;1;?") . pick("\a", "\e\\", "") },
	sub { "\eP" . pick('$qm', "1;1|", "+q544e") . pick("\e\\", "") },
	sub { "\e" . pick("c", "7", "8", "D", "M", "E", "#8", "(0", ")0", "N", "_x\e\\", "^x\e\\", "Xx\e\\") },
	sub { utf8(pick(0x202a .. 0x202e, 0x2066 .. 0x2069, 0x200e, 0x200f, 0x61c)) },      # bidi
	sub { utf8(pick(0x200b .. 0x200d, 0x2060 .. 0x2064, 0xfeff, 0xad, 0x115f, 0x3164, 0x180e)) },
	sub { utf8(pick(0xe0001, 0xe0041, 0xfe0f, 0xfe00, 0xe0100, 0xe000, 0xf0000, 0x10fffd, 0x378)) },
	sub { pick("\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xf8\x88\x80\x80\x80") },
	sub { "e" . join "", map { utf8(0x300 + rand 0x6f) } 1 .. 2 + rand 40 },         # combining flood
	sub { utf8(pick(0x4e00 .. 0x4eff, 0xac00 .. 0xac20, 0xff01 .. 0xff5e, 0x1f600 .. 0x1f64f)) },
	sub { utf8(pick(0x1f468, 0x1f3fd, 0x1f1e9, 0x20e3, 0x200d)) },
	sub { "\t" x (1 + rand 4) },
	sub { utf8(0x2028 + rand 2) },                                            # line separators
	sub { pick("FAILED", "OK", " SEV1 INC-1 ", "y", "s", "q", "p", "a", "1", "done ", "│──────", "▸►", "\\n", '${x}', "%s%n") },
	sub { "x" x (1 + rand 30) },
);
for my $number (1 .. $count) {
	my $line = "h$number ";
	$line .= pick(@kinds)->() for 1 .. 1 + rand 12;
	$line .= pick(@kinds)->() x (200 + rand 800) if $number % 50 == 0; # and some very long ones
	$line =~ tr/\0\n//d;
	print "$line\n";
}
PERL

cat >"$dir/judge" <<'PERL'
# judge FILE: what in these bytes of a console no console may send, a line each.
use strict;
local $/;
open my $file, "<:raw", $ARGV[0] or die;
my $bytes = <$file>;
my %bad;
# What a frame is made of: moving within the screen, erasing, colours of the theme, scrolling.
my $number = qr/[0-9]{0,3}/;
my $csi = qr/\e\[(?:
	$number(?:;$number)?[HABCDGdrXPLMJK@] | $number(?:;$number){0,9}m |
	\?(?:1049|2004|25|1|12|7)(?:;(?:25|12))?[hl] | 34[hl] | 4[hl] | >4;[0-9]m | 22;0;0t | 23;0;0t | 6n | [0-9]b | $number[ST])/x;
my %seen;
while ($bytes =~ /\G(?:($csi)|(\e[()][B0]|\e[=>78M])|([\r\n\b\x0e\x0f])|([\x20-\x7e]+|(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+)|(.))/gs) {
	my ($sequence, $short, $text, $other) = ($1, $2, $4, $5);
	if (defined $other) {
		my $around = substr $bytes, pos($bytes) - 1, 12;
		$bad{"byte " . join " ", map { sprintf "%02x", ord } split //, $around}++;
	} elsif (defined $sequence) {
		$seen{$sequence}++;
		if ($sequence =~ /^\e\[(\d*)(?:;(\d*))?[Hd]$/) {
			$bad{"beyond the screen: $1;" . ($2 // "")}++ if ($1 || 1) > 24 || ($2 // 1) > 80;
		}
		$bad{"asks the terminal " . ($seen{$sequence}) . " times"}++
			if $sequence eq "\e[6n" && $seen{$sequence} > 1;
		$bad{"leaves and enters the screen"}++ if $sequence =~ /1049/ && $seen{$sequence} > 1;
		$bad{"blinks"}++ if $sequence =~ /m$/ && $sequence =~ /[\[;]5(?:;|m)/ && $sequence !~ /[34]8;5/;
	} elsif (defined $text) {
		my $points = $text;
		utf8::decode($points) or $bad{"not UTF-8"}++;
		$bad{sprintf "U+%04X", ord $1}++ while $points =~
			/([\x{80}-\x{9f}\x{ad}\x{61c}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{115f}\x{3164}\x{fe00}-\x{fe0f}\x{e000}-\x{f8ff}\x{e0000}-\x{10ffff}])/g;
	}
}
print "$_ (x$bad{$_})\n" for sort keys %bad;
PERL

lines=2000
perl "$dir/generate" "$SEED" $lines >"$dir/lines"
is "$(wc -l <"$dir/lines")" $lines "two thousand hostile lines"

# The judge can condemn: bytes of them as they are.
perl "$dir/judge" "$dir/lines" >"$dir/condemned"
[ "$(wc -l <"$dir/condemned")" -gt 100 ]
verdict $? "which no terminal should be sent as they are"

line_of() {
	sed -n "$1p" "$dir/lines"
}

# ---- in they go ----------------------------------------------------------------------------------

cat >"$dir/make-plan" <<'PERL'
# make-plan: those of the lines that are UTF-8, as texts of a plan. YAML takes no control bytes, but
# their escapes.
use strict;
my @texts;
while (<STDIN>) {
	chomp;
	utf8::decode($_) && !grep { ord > 0x10ffff || (ord) >> 11 == 27 } split // or next;
	s/\$\{/\$\$\{/g;
	s/([^\x20-\x21\x23-\x5b\x5d-\x7e])/sprintf ord $1 > 0xffff ? "\\U%08x" : "\\u%04x", ord $1/ge;
	push @texts, "\"$_\"";
}
print "title: $texts[0]\nwhy: $texts[1]\nsteps:\n";
print "  - {id: show, title: $texts[2], owner: commander, box: 5m, run: [./show], undo: $texts[3]}\n";
print "  - {id: s$_, title: $texts[$_], why: $texts[$_ + 1], customers: $texts[$_ + 2], owner: commander,",
	" box: 5m, manual: $texts[$_ + 3], needs: []}\n" for 4 .. 11;
PERL

titles=20 notes=300
{
	printf 'backout: 1\nplan: hostile\nservice: shop\nroles: {commander: [%s, games]}\n' "$me"
	sed -n '21,60p' "$dir/lines" | perl "$dir/make-plan"
} >"$dir/plan.yaml"
printf '#!/bin/sh\nsed -n "361,2000p" lines\n' >"$dir/show"
chmod 755 "$dir/show"
must declare "$dir/plan.yaml" --severity 1 --accept "$(line_of 1)"
must decide 1 back --reason "$(line_of 2)"
bad_titles=0 bad_notes=0
for i in $(seq 3 $titles); do
	run declare --title "$(line_of "$i")"
	[ "$status" -eq 0 ] || bad_titles=$((bad_titles + 1))
done
is $bad_titles 0 "as titles"
for i in $(seq 61 $((60 + notes))); do
	run note 1 -- "$(line_of "$i")"
	[ "$status" -eq 0 ] || bad_notes=$((bad_notes + 1))
done
is $bad_notes 0 "as notes"
must start 1 show
within 20000 step_is show done
verdict $? "and as a step's output"

# ---- what a console shows of it ------------------------------------------------------------------

# Each frame: line 1 says what it always says, rules are whole, no line starts or ends elsewhere.
frames=0
frame_is_whole() { # NAME
	shown "$1" >"$dir/frame"
	frames=$((frames + 1))
	perl -CSD -Mutf8 -ne '
		chomp;
		print "line $.: $_\n" if ($. == 1 && !/^ (?:SEV1 INC-1 |nothing)/) || ($. == 1 && !/LIVE$/) ||
			!/^(?:[ ▸!:]|$)/ || ($. > 1 && /^ [A-Z].* ──/ && !/─$/) || (/^ [A-Z].*─$/ && length != 79)' "$dir/frame" >>"$dir/broken"
}

# The bytes are recorded before tmux takes them.
terminal eye 80x24 "until [ -e '$dir/go' ]; do sleep 0.02; done; '$program' --store '$store'"
screen pipe-pane -t eye "cat >'$dir/sent'"
touch "$dir/go"
eventually eye "^ SEV1 INC-1 .*LIVE" "a console opens on it"
before=$(kinds 1 | wc -l)

looks() { # KEY…
	for look in "$@"; do
		key eye "$look"
		sleep 0.06 # each frame is looked at; it is there within 25 ms
		frame_is_whole eye
	done
}
looks Tab Tab j j j j G k k g Tab PgUp PgUp + PgUp PgUp PgUp PgUp g G Escape
looks i Tab j Tab PgUp PgUp PgUp + PgUp PgUp g PgDn PgDn PgDn Escape Escape
looks g Enter Tab Tab Tab g PgDn PgDn PgDn PgDn PgDn PgDn G PgUp PgUp PgUp F Escape
looks '?' Escape
for i in 5 9 17; do # other incidents, by their hostile titles
	key eye :
	asked eye "^:"
	types eye "pin"
done
[ -s "$dir/broken" ]
[ $? -eq 1 ]
verdict $? "each of $frames frames keeps its lines and rules" || instead "$(sort "$dir/broken" | uniq -c | head -n 12)"

# ---- paste ---------------------------------------------------------------------------------------

nothing_new() {
	is "$(kinds 1 | wc -l)" "$before" "$1"
}

# pasted FILE HOW…: and behind it the console is as it was.
pasted() {
	screen load-buffer -b hostile "$1"
	screen paste-buffer "${@:2}" -b hostile -t eye
	within 5000 sees eye "pasted text presses no keys: ignored" ||
		instead "no word of it:" "$(shown eye | tail -n 2)"
	fingers_rest
	for i in 1 2; do
		key eye Escape
		fingers_rest
	done
	key eye C-l
	within 5000 sees eye "^ SEV1 INC-1 .*LIVE"
}

pasted "$dir/lines" -p
nothing_new "a bracketed paste of 2,000 lines presses nothing"
pasted "$dir/lines"
nothing_new "nor does one without brackets"
# Keys that do something at once, and what stands between them.
for between in '\n' '\001' '\033[A' '\033x' '\377' '\342\202' '\033[99z' '\014' '\003' '\t'; do
	for i in $(seq 500); do printf "p${between}sy$between"; done >"$dir/keys"
	pasted "$dir/keys"
done
nothing_new "nor do 500 times p and s y, with a line end, a control, a sequence, half a letter between"
key eye o
asked eye "^note INC-1, text:"
screen load-buffer -b hostile "$dir/lines"
screen paste-buffer -p -b hostile -t eye
fingers_rest
frame_is_whole eye
key eye Escape
within 5000 sees_no eye "^note INC-1"
verdict $? "pasted into a field, it is text"
nothing_new "that is not sent by its line ends"
for i in 1 2 3; do
	key eye Escape
	fingers_rest
done
key eye q
within 2000 sees eye "quit\?" || key eye q
presses eye "quit\?.*y yes" y
eventually eye "^ended 0$" "it quits as ever"

perl "$dir/judge" "$dir/sent" >"$dir/found"
is "$(head -n 12 "$dir/found")" "" "of $(wc -c <"$dir/sent") bytes sent, none is a control that isn't the console's own"
log_verifies
finish
