#!/bin/sh
# results.sh RESULTS DOCUMENT: puts what a run of the benchmarks wrote between the two marks of the
# document.
set -eu
part=$2.part
trap 'rm -f "$part"' EXIT
awk -v results="$1" '
	/^<!-- results -->$/ { print; while ((getline line < results) > 0) print line; skip = 1; seen++ }
	/^<!-- end of results -->$/ { skip = 0; seen++ }
	!skip { print }
	END { exit seen != 2 }
' "$2" >"$part"
mv "$part" "$2"
