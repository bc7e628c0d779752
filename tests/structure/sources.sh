#!/bin/sh
# The sources keep the rules of the tree (rules.sh), and their layout.
set -u
: "${SRCDIR:?names the source tree}"
. "$SRCDIR/tests/structure/rules.sh"
cd "$SRCDIR" || exit 99

count=0
for rule in $rules; do
	count=$((count + 1))
	what=$(echo "$rule" | tr _ ' ')
	found=$("rule_$rule")
	if [ -z "$found" ]; then
		echo "ok $count - $what"
	else
		echo "not ok $count - $what"
		printf '%s\n' "$found" | sed 's/^/# /'
	fi
done
long_files | sed 's/^/# getting long: /'

count=$((count + 1))
if ! command -v clang-format >/dev/null; then
	echo "ok $count - the layout is .clang-format's # SKIP there is no clang-format"
elif found=$(c_files | xargs clang-format --dry-run -Werror 2>&1); then
	echo "ok $count - the layout is .clang-format's"
else
	echo "not ok $count - the layout is .clang-format's"
	printf '%s\n' "$found" | grep 'error:' | sed 's/^/# /'
fi
echo "1..$count"
