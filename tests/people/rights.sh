#!/bin/bash
# The table of who may do what with a store, under each umask: two writers of a group, a viewer of
# another, and a stranger, real users all, by every command and every file. DESIGN 11.7: "A viewer
# can't write, nor stop a writer, by any door."
. "${SRCDIR:?}/tests/people/lib.sh"
. "$SRCDIR/tests/commands.sh"
[ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null || skip_all "only root can be four people"
command -v flock >/dev/null || skip_all "there is no flock"

writers=54321 viewers=54322 # groups of numbers that nobody has
mkdir -m 755 "$dir/bin" && install -m 755 "$BACKOUT" "$dir/bin/backout"
program=$dir/bin/backout

# ---- four people ---------------------------------------------------------------------------------

read -r ana bo vic sam _ \
	<<<"$(awk -F: '$3 > 0 && $3 < 1000 && $1 != "sync" { print $1 }' /etc/passwd | xargs)"
[ -n "$sam" ] || skip_all "there are no four users"
declare -A user=([ana]=$ana [bo]=$bo [vic]=$vic [sam]=$sam)
declare -A group=([ana]=$writers [bo]=$writers [vic]=$viewers [sam]=54323)
for who in ana bo vic sam; do
	mkdir -m 700 "$dir/$who" && chown "${user[$who]}" "$dir/$who"
	mkdir -m 711 "$dir/$who/stores" && chown "${user[$who]}" "$dir/$who/stores"
done
chmod 711 "$dir/ana"

# by WHO COMMAND…: under $mask.
by() {
	(
		umask "$mask"
		cd "$dir/$1" || exit 99
		HOME=$dir/$1 exec setpriv --reuid "${user[$1]}" --regid "${group[$1]}" --clear-groups "${@:2}"
	)
}

# row WHO STATUS SAYS WORD…: what the program answers: its exit status, and a pattern of its words.
row() {
	by "$1" "$program" --store "$store" "${@:4}" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	[ $status -eq "$2" ] && cat "$dir/out" "$dir/err" | grep -Eq -- "$3"
	verdict $? "umask $mask: $1: ${*:4}" ||
		instead "exit status $status, wanted $2 and /$3/" "$(head -n 3 "$dir/out")" "$(cat "$dir/err")"
}

# able WHO COMMAND…; unable WHO COMMAND…
able() {
	by "$@" >/dev/null 2>"$dir/err" </dev/null
	verdict $? "umask $mask: $1 can ${*:2}" || instead "$(cat "$dir/err")"
}

unable() {
	! by "$@" >/dev/null 2>&1 </dev/null
	verdict $? "umask $mask: $1 can't ${*:2}"
}

# Sentences that several rows end with.
not_for_viewers() {
	echo "^backout: you may not open the store: $store is for group $writers; look at it with \`backout watch\`"
}
not_for_strangers() {
	echo "^backout: you may not open the store: $store is for group $writers; ask them\$"
}

# ---- the tables ----------------------------------------------------------------------------------

# Making it, and setting it right.
init_rows() {
	row ana 3 "there is no such group: nosuch; " init --group nosuch
	row ana 5 "you are not in that group: $viewers; ask root" init --group $viewers
	row ana 2 "a store of one user has no viewers: $viewers; " init --viewers $viewers
	row vic 5 "can't make the store's folder: .*: Permission denied" init
	row ana 1 "anybody could replace a store in a world-writable folder: /tmp" init /tmp/incidents.db
	row ana 0 "^made the store $store\$" init --group $writers --viewers $viewers
	row ana 0 "^$store is as it should be\$" init --group $writers --viewers $viewers
	row bo 0 "^$store is as it should be\$" init
	row bo 5 "only its owner and root can set this right: .*; have one of them" init --viewers none
	row vic 5 "$(not_for_viewers)" init
	row sam 5 "$(not_for_strangers)" init
}

# The two work together; what one made, the other can use.
writers_rows() {
	row ana 0 "^INC-1\$" declare "$plan"
	row bo 0 "acknowledged" ack 1
	row ana 0 "decided" decide 1 back --reason "a fault"
	row bo 0 "^1 flag-off is yours\$" take 1 flag-off
	row bo 0 "pod 30 of 30 is off" start 1 flag-off --wait
	row ana 0 "noted" note 1 "seen"
	row bo 0 "noted" note 1 "seen too"
	row ana 0 "verified up to [0-9]+" verify
	row bo 0 "^0 bad|[0-9]+ ok" doctor
	row bo 0 "^copied $store to copy-$mask.db, and proved the copy\$" backup copy-$mask.db
	row bo 0 "^backout head: " export log-$mask.ndjson
	row bo 4 "there is a store already: $store holds [0-9]+ events" import log-$mask.ndjson
}

# Looks at everything, by the mirror.
viewer_looks() {
	row vic 0 "INC-1 .*Roll back shop" status
	row vic 0 "flag-off" status 1
	row vic 0 "seen too" tail 1
	row vic 0 "^backout head: store .*, event [0-9]+, hash [0-9a-f]+" head
	row vic 0 "^verified up to [0-9]+" verify
	row vic 3 "no roster is in force" roster show
	row vic 0 "you may look at it" doctor
	row sam 0 "you may do nothing with it" doctor
}

# refused WHO SAYS: every command there is, and what writes or copies besides.
refused() {
	while read -r command; do
		row "$1" 5 "$2" $command $(words_of "$command")
	done <<<"$(all_commands)"
	row "$1" 5 "$2" restore own.db --reason x
	row "$1" 5 "$2" import own.ndjson
}

files_rows() {
	run_folder=${store%/*}/view/run/1.flag-off.1
	mirror=${store%/*}/view/incidents.db.ndjson
	for file in "$store" "$store-wal" "$store-shm" "$store.lock" "$run_folder/claim"; do
		[ "$file" = "$run_folder/claim" ] || able bo sh -c ": <'$file' && : >>'$file'"
		for who in vic sam; do
			unable $who cat "$file"
			unable $who flock -n -s "$file" true
			unable $who sh -c ": >>'$file'"
		done
	done
	for file in "$mirror" "$run_folder/out" "$run_folder/exit"; do
		able bo sh -c ": >>'$file'"
		able vic cat "$file"
		unable vic sh -c ": >>'$file'"
		unable vic rm -f "$file"
		unable sam cat "$file"
	done
	for folder in "${store%/*}" "${store%/*}/view" "${store%/*}/view/run" "$run_folder"; do
		able bo ls "$folder"
		unable vic touch "$folder/x"
		unable sam ls "$folder"
	done
	unable vic ls "${store%/*}"
	able vic ls "${store%/*}/view" "${store%/*}/view/run" "$run_folder"
}

# What a viewer and a stranger bring along: a store of their own, a backup and an export of it.
bring() {
	by "$1" "$program" --store "$dir/$1/stores/$mask.db" declare --title own >/dev/null 2>&1 &&
		by "$1" "$program" --store "$dir/$1/stores/$mask.db" backup own.db >/dev/null 2>&1 &&
		by "$1" "$program" --store "$dir/$1/stores/$mask.db" export own.ndjson >/dev/null 2>&1
}

write_plan
sed -i "s/\[$me, games\]/[$ana, $bo]/" "$dir/plan.yaml"
chmod 755 "$dir/flag" "$dir/flag-is" && chmod 644 "$dir/plan.yaml"
"$BACKOUT" roster new >"$dir/roster.yaml"
for mask in 000 022 077; do
	mkdir -m 777 "$dir/plan-$mask"
	cp "$dir/plan.yaml" "$dir/flag" "$dir/flag-is" "$dir/plan-$mask/"
	plan=$dir/plan-$mask/plan.yaml
	store=$dir/ana/stores/$mask/incidents.db
	init_rows
	writers_rows
	viewer_looks
	for who in vic sam; do
		rm -f "$dir/$who"/own.*
		bring $who
		verdict $? "umask $mask: $who has a store of their own"
	done
	row vic 5 "only who may read the store can copy it: .*; copy its mirror" export -
	row vic 5 "only who may read the store can copy it: .*; copy its mirror" backup copy.db
	row sam 5 "$(not_for_strangers)" status
	row sam 5 "$(not_for_strangers)" verify
	row sam 5 "$(not_for_strangers)" export -
	refused vic "$(not_for_viewers)"
	refused sam "$(not_for_strangers)"
	files_rows
	row ana 0 "noted" note 1 "and nobody was in the way"
	row bo 0 "verified up to [0-9]+" verify
done
finish
