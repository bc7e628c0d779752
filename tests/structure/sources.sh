#!/bin/sh
# The sources keep the rules of the tree (rules.sh), and their layout.
. "${SRCDIR:?names the source tree}/tests/tap.sh"
. "$SRCDIR/tests/structure/rules.sh"
cd "$SRCDIR" || exit 99

for rule in $rules; do
	none "$("rule_$rule")" "$(echo "$rule" | tr _ ' ')"
done
long_files | sed 's/^/# getting long: /'

layout="the layout is .clang-format's"
if command -v clang-format >/dev/null; then
	found=$(c_files | xargs clang-format --dry-run -Werror 2>&1)
	verdict $? "$layout" || instead "$(printf '%s\n' "$found" | grep 'error:')"
else
	skip "$layout" "there is no clang-format"
fi
finish
