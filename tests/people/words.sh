#!/bin/bash
# The whole way of an incident by subcommands, and what stands on the record of it. keys.sh and
# palette.sh go the same way by their doors, and find the same record.
. "${SRCDIR:?}/tests/people/lib.sh"
share_store && shared=yes || shared=no
write_plan

gives 0 "declare" declare --title "checkout 5xx after 4.12" --severity 1
gives 0 "adopt" adopt 1 "$dir/plan.yaml"
gives 0 "acknowledge" ack 1
gives 0 "take command" take 1 commander
gives 0 "decide" decide 1 back --reason "errors climb"
gives 0 "start, to its end" start 1 flag-off --wait
gives 0 "start what a person does" start 1 look
gives 0 "done, with evidence" done 1 look --evidence "4.11, all prices"
gives 0 "skip, with a reason" skip 1 mail --reason "nobody was hit"
if [ $shared = yes ]; then
	gives 0 "offer command" offer 1 commander "$other"
	as_other "$program" --store "$store" accept 1 commander >/dev/null
	verdict $? "the other accepts"
else
	skip "offer command" "only root can be two people"
	skip "the other accepts" "only root can be two people"
fi
gives 0 "recover" recover 1
gives 0 "resolve" resolve 1
gives 0 "close" close 1
same_record
log_verifies
finish
