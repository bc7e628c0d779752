#!/bin/sh
# The demo's plan and scripts are fit to be shown: the plan lints without an error or a warning, and
# the scripts are POSIX sh.
set -u
: "${SRCDIR:?}" "${BACKOUT:?}"
data=$SRCDIR/data/demo

echo 1..3
if said=$("$BACKOUT" plan lint --strict "$data/shop.yaml" 2>&1); then
    echo "ok 1 - the plan lints clean"
else
    echo "not ok 1 - the plan lints clean"
    printf '%s\n' "$said" | sed 's/^/# /'
fi

broken=''
for script in "$data"/bin/*; do
    sh -n "$script" || broken="$broken ${script##*/}"
done
if [ -z "$broken" ]; then
    echo "ok 2 - every script parses"
else
    echo "not ok 2 - every script parses:$broken"
fi

if ! command -v shellcheck >/dev/null; then
    echo "ok 3 - shellcheck finds nothing # SKIP there is no shellcheck"
elif said=$(cd "$data/bin" && shellcheck -x -s sh ./* "$SRCDIR"/tests/demo/*.sh 2>&1); then
    echo "ok 3 - shellcheck finds nothing"
else
    echo "not ok 3 - shellcheck finds nothing"
    printf '%s\n' "$said" | sed 's/^/# /'
fi
