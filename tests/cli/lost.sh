#!/bin/sh
# Before a writer acts, what lost runners left unsaid becomes known.
. "${SRCDIR:?}/tests/cli/lib.sh"
write_plan
printf '#!/bin/sh\necho there\nexec sleep 50\n' >"$dir/flag"
run declare "$dir/plan.yaml"
run decide 1 back --reason "a test"
gives 0 "a step runs" start 1 flag-off
began() {
	grep -rq there "$dir/store/view/run/1.flag-off.1" 2>/dev/null
}
eventually "its command is there" began
run tail 1 --json
pid=$(printf '%s\n' "$out" | sed -n 's/.*"kind":"step.started".*"pid":\([0-9]*\).*/\1/p')
kill -KILL "$pid"
gone() {
	! kill -0 "$pid" 2>/dev/null
}
eventually "its runner dies" gone
run status 1
like "$out" "flag-off .* running .* its runner \(pid $pid\) is gone: .backout check 1 flag-off. finds out" \
	"who only looks is told so, and writes nothing"
run status 1 --json
like "$out" '"id":"flag-off".*"state":"running".*"lost":true' "and so is a program"
run doctor
like "$out" "^warn +runs .* INC-1 flag-off, run 1.flag-off.1, pid $pid\$" "and by the doctor"
gives 0 "a check finds it out first" check 1 flag-off
run tail 1 -n 100
like "$out" "1 flag-off UNKNOWN: lost contact" "that it was lost is on the record"
like "$out" "checks 1 flag-off" "and the check was let through"
finish
