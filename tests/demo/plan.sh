#!/bin/sh
# The demo's plan and scripts are fit to be shown: the plan lints without an error or a warning, and
# the scripts are POSIX sh.
: "${BACKOUT:?names the program under test}"
. "${SRCDIR:?names the source tree}/tests/tap.sh"
data=$SRCDIR/data/demo

said=$("$BACKOUT" plan lint --strict "$data/shop.yaml" 2>&1)
verdict $? "the plan lints clean" || instead "$said"

broken=''
for script in "$data"/bin/*; do
    sh -n "$script" || broken="$broken ${script##*/}"
done
none "$broken" "every script parses"

if ! command -v shellcheck >/dev/null; then
    skip "shellcheck finds nothing" "there is no shellcheck"
else
    said=$(cd "$data/bin" && shellcheck -x -s sh ./* 2>&1 &&
        shellcheck -e SC1091 -s sh "$SRCDIR"/tests/demo/*.sh "$SRCDIR"/tests/tap.sh 2>&1)
    verdict $? "shellcheck finds nothing" || instead "$said"
fi
finish
