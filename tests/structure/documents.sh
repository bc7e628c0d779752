#!/bin/sh
# What the documents say is so: plans that they print lint, and their tables hold what the program
# has. A document that doesn't have the table it is asked for fails.
: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"
cd "$SRCDIR" || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/backout-documents.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# same FILE FILE DESCRIPTION: two lists, neither of them empty.
same() {
	[ -s "$1" ] && cmp -s "$1" "$2"
	verdict $? "$3" || instead "$(diff "$1" "$2")"
}

# rows FILE HEADING: the table below that heading, without its first two lines.
rows() {
	awk -v heading="$2" '
		$0 == heading { below = 1; next }
		below && /^#/ { exit }
		below && /^\|/ && ++line > 2 { print }' "$1"
}

# ---- plans ----

# Every block of ```yaml that opens with `backout: 1`, as a file of its own.
awk -v work="$work" '
	/^```yaml$/ { getline; if ($0 == "backout: 1") {
		name = FILENAME; gsub(/[^A-Za-z0-9]/, "-", name)
		file = work "/" name "-" FNR ".yaml"; open = 1 } }
	/^```$/ && open { close(file); open = 0 }
	open { print > file }' README.md docs/*.md

for plan in "$work"/*.yaml; do
	said=$("$BACKOUT" plan lint "$plan" 2>&1)
	[ $? -le 1 ]
	verdict $? "$(basename "$plan" .yaml) lints without an error" ||
		instead "$(printf '%s\n' "$said" | grep ' error ')"
done
[ "$(find "$work" -name 'README*.yaml' | wc -l)" -ge 1 ]
verdict $? "README.md shows a plan"

# ---- rosters ----

awk -v work="$work" '
	/^```yaml$/ { getline; if ($0 == "roster: 1") {
		name = FILENAME; gsub(/[^A-Za-z0-9]/, "-", name)
		file = work "/" name "-" FNR ".roster"; open = 1 } }
	/^```$/ && open { close(file); open = 0 }
	open { print > file }' README.md docs/*.md

for roster in "$work"/*.roster; do
	said=$("$BACKOUT" roster lint --strict "$roster" 2>&1)
	verdict $? "$(basename "$roster" .roster) lints clean"
	printf '%s\n' "$said" | grep -v ': clean$' | sed 's/^/# /'
done

# ---- the first plan, word for word ----

# block INFO: the blocks of that kind in README.md, one after the other.
block() {
	awk -v fence='```'"$1" '$0 == fence { open = 1; next } /^```$/ { open = 0 } open' README.md
}

mkdir "$work/first"
block sh | awk -v plan="$work/plan.yaml" '
	/plan lint/ && !written++ { print "cp \"" plan "\" rollback.yaml" } { print }' >"$work/first.sh"
block yaml >"$work/plan.yaml"
(cd "$work/first" && env -u BACKOUT_STORE PATH="$(dirname "$BACKOUT"):$PATH" sh -eu ../first.sh) \
	>"$work/said" 2>&1 </dev/null && grep -q '^verified up to' "$work/said"
ended=$?
verdict $ended "README.md's first plan is taken back as it says"
[ $ended -eq 0 ] || sed 's/^/# /' "$work/said"

# ---- tables ----

# | `k` `Down` | `move-down` | … |
rows docs/screen.md '## Keys' | awk -F'|' '
	{ gsub(/[` ]/, "", $3); n = split($2, keys, " ")
	  for (i = 1; i <= n; i++) { gsub(/`/, "", keys[i]); print keys[i], $3 } }' |
	sort >"$work/keys"
awk '$1 == "bind" && $2 == "any" { print $3, $4 }' data/keys.conf | sort >"$work/binds"
same "$work/keys" "$work/binds" "docs/screen.md has the keys of data/keys.conf"

# | B010 | error | … |
# same_rules DOCUMENT SOURCE
same_rules() {
	rows "$1" '## What lint finds' | awk -F'|' '{ gsub(/ /, ""); print $2, $3 }' |
		sort >"$work/rules"
	sed -n 's/.*\.name = "\([BR][0-9]*\)", \.severity = FINDING_\([A-Z]*\).*/\1 \2/p' "$2" |
		awk '{ print $1, tolower($2) }' | sort >"$work/checks"
	same "$work/rules" "$work/checks" "$1 has the rules of lint, as severe as they are"
}
same_rules docs/plan-format.md src/plan/lint.c
same_rules docs/roster.md src/roster/lint.c

# names_keys DOCUMENT SOURCE…
names_keys() {
	document=$1
	shift
	sed -n 's/^ *{\.name = "\([a-z_]*\)",.*/\1/p' "$@" | sort -u |
		while read -r key; do
			grep -q "\`[^\`]*\b$key\b[^\`]*\`" "$document" || echo "$key"
		done >"$work/unnamed"
	[ ! -s "$work/unnamed" ]
	verdict $? "$document names every key of the format"
	sed 's/^/# not named: /' "$work/unnamed"
}
names_keys docs/plan-format.md src/plan/keys_*.c
names_keys docs/roster.md src/roster/keys.c

"$BACKOUT" dump commands | sed -n '/"args":/s/^{"name":"\([a-z -]*\)".*/\1/p' |
	tr -d ' ' | sort >"$work/commands"
rows docs/screen.md '## Commands' | awk -F'|' '{ gsub(/[` ]/, "", $2); print $2 }' |
	sort >"$work/table"
same "$work/table" "$work/commands" "docs/screen.md has the commands of the program"

"$BACKOUT" dump commands | sed -n 's/^{"name":"\([a-z -]*\)".*"who":"\([a-z]*\)".*/\1 \2/p' |
	sed 's/^\([a-z]*\) \([a-z]*\) /\1-\2 /' | sort >"$work/commands"
rows docs/design.md '## Who may do what' | grep '^| `' |
	awk -F'|' '{ gsub(/`/, ""); gsub(/^ | $/, "", $2); gsub(/ /, "-", $2); gsub(/ /, "", $3)
		print $2, $3 }' | sort >"$work/table"
same "$work/table" "$work/commands" "docs/design.md says for whom each command is"

"$BACKOUT" dump events | sed 's/^{"kind":"\([a-z._]*\)".*/\1/' | sort >"$work/events"
rows docs/design.md '## Events' | awk -F'|' '{ gsub(/[` ]/, "", $2); print $2 }' |
	sort >"$work/table"
same "$work/table" "$work/events" "docs/design.md has the kinds of event of the program"

# | libcurl | … |: what configure asks for.
sed -n 's/^BACKOUT_LIBRARY(\[[A-Z0-9]*\], \[\([a-z0-9.-]*\).*/\1/p' configure.ac | sort >"$work/asked"
rows docs/dependencies.md '## The program' | awk -F'|' '{ gsub(/[` ]/, "", $2); print $2 }' |
	sort >"$work/table"
same "$work/table" "$work/asked" "docs/dependencies.md has the libraries that configure asks for"

finish
