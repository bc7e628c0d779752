#!/bin/sh
# DESIGN 11.5: "Nothing that arrives from outside … can move the cursor, hide text, press a key."
# Whatever comes in by plan, word, file name or output, no control byte goes out.
. "${SRCDIR:?}/tests/cli/lib.sh"
esc=$(printf '\033') bell=$(printf '\007') back=$(printf '\010')
bidi=$(printf '\342\200\256') c1=$(printf '\302\233') wide=$(printf '\357\273\277')

# clean DESCRIPTION: what the last run wrote has no control byte (8-bit controls neither), no bidi
# control, nothing ignorable, and is UTF-8.
clean() {
	cat "$dir/out" "$dir/err" >"$dir/both"
	! LC_ALL=C grep -Eq "[$(printf '\001')-$(printf '\010')$(printf '\013')-$(printf '\037')$(printf '\177')]" "$dir/both" &&
		! LC_ALL=C grep -Fq "$c1" "$dir/both" && ! LC_ALL=C grep -Fq "$bidi" "$dir/both" &&
		! LC_ALL=C grep -Fq "$wide" "$dir/both" &&
		iconv -f UTF-8 -t UTF-8 "$dir/both" >/dev/null
	verdict $? "$1"
}

run declare --title "${esc}[2J${bell}OK${back}${back}FAILED ${bidi}reversed${c1}31m${wide}"
is "$out" INC-1 "a hostile title is taken"
run status
clean "status"
like "$out" "FAILED <U\+202E>reversed<U\+009B>31m<U\+FEFF>" "and shown for what it is"
run status --json
clean "status --json"
run tail
clean "tail"
run tail --json
clean "tail --json"

cat >"$dir/plan.yaml" <<PLAN
backout: 1
plan: hostile
title: "clear \\e[2J the \\x07 screen\\u202e"
service: "sh\\b\\bop"
why: "none\\r\\n\\x9b31m"
roles: {commander: [ana, bo]}
steps:
  - id: show
    title: "\\e]0;owned\\a step ${bidi}"
    owner: commander
    box: 5m
    run: [./show]
    verify: {run: ["/bin/true"]}
    undo: "x\\e[31m"
  - id: fall
    title: "fall\\x7f"
    owner: commander
    box: 5m
    run: [./fall]
    verify: {run: ["/bin/true"]}
    undo: nothing
PLAN
printf '#!/bin/sh\nprintf "\\033[31mred\\033[0m \\033]0;owned\\007title \\010\\010\\342\\200\\256x \\377\\376 \\302\\233y\\n"\n' >"$dir/show"
printf '#!/bin/sh\nexit 9\n' >"$dir/fall"
chmod +x "$dir/show" "$dir/fall"
run plan lint "$dir/plan.yaml"
clean "plan lint"
run plan lint "$dir/plan.yaml" --json
clean "plan lint --json"
run plan show "$dir/plan.yaml"
clean "plan show"
run declare "$dir/plan.yaml" --accept "no ${esc}[5m time"
is "$out" INC-2 "a hostile plan is taken"
run status 2
clean "its status"
run status --json
clean "and as JSON"
run decide 2 back --reason "be${bell}cause"
run start 2 show --wait
clean "a hostile output, followed"
like "$out" "red title" "whose words are shown"
run start 2 fall --wait
clean "a hostile step, failed"
is $status 1 "as it did"
run tail -n 100
clean "the log of it all"
run tail -n 100 --json
clean "the log exported, with the plan's own bytes in it"
like "$out" '"kind":"plan.frozen".*step \\u202e' "which mean the same"

gives 2 "a command of control bytes" "st${esc}[31mart"
clean "is named clean"
gives 2 "an option of control bytes" "--st${esc}[31mart"
clean "is named clean"
gives 3 "a step of control bytes" start 2 "${esc}[2J${bidi}"
clean "is named clean"
printf 'backout: 1\n"\\e[31mkey": 1\n' >"$dir/evil${esc}[31m.yaml"
gives 2 "a file name of control bytes, with a key of them" plan lint "$dir/evil${esc}[31m.yaml"
clean "is named clean"
gives 3 "a store of control bytes" --store "$dir/no${esc}[31mne.db" status
clean "is named clean"
gives 0 "a note of bytes that are no text" note 1 "$(printf 'bad \377\376 \300\257 bytes')"
run tail 1 -n 1
clean "is shown clean"
gives 0 "--ascii" status 2 --ascii
! LC_ALL=C grep -q "[^ -~]" "$dir/out"
verdict $? "is nothing but ASCII"
gives 0 "--ascii --json" tail --json --ascii -n 100
! LC_ALL=C grep -q "[^ -~]" "$dir/out"
verdict $? "is nothing but ASCII"
finish
