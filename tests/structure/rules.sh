# The rules that hold the tree together. Each is a function that is called in the top of a tree and
# prints what breaks it, one line each, with its place; no line means that the rule holds.
# `sources.sh` holds this tree against them; `rules_fail.sh` proves that each can fail.

# The C files of the program, and those of everything. What the build generates is not there to read.
program_files() {
	find src ui -name '*.[ch]' | generated_aside
}

c_files() {
	find src ui data tests -name '*.[ch]' | generated_aside
}

generated_aside() {
	grep -vxE 'src/log/schema\.c|src/(plan|roster)/template\.c|ui/keys_default\.c' | sort
}

text_files() {
	find src ui data tests docs .ci bootstrap README.md configure.ac Makefile.am -type f \
		! -path 'tests/structure/*' 2>/dev/null | generated_aside
}

# docs/tour.md draws this: a room includes what stands on a lower floor, and itself.
# shellcheck disable=SC2016 # awk's, not the shell's
rule_includes_go_down() {
	program_files | xargs awk '
		BEGIN {
			split("base:0 yaml:1 plan:2 roster:2 incident:3 log:4 hub:5 run:6 keeper:6 wire:6 " \
			      "doctor:7 report:7 serve:7 cli:8 ui:8 main:9", rooms, " ")
			for (i in rooms) { split(rooms[i], pair, ":"); floor[pair[1]] = pair[2] }
			drawn["keeper", "run"] = 1
		}
		function room_of(path, part) {
			sub(/^src\//, "", path)
			if (path == "main.c") return "main"
			split(path, part, "/")
			return part[1]
		}
		/^[ \t]*#[ \t]*include[ \t]*"/ {
			split($0, quoted, "\"")
			if (quoted[2] == "config.h") next
			from = room_of(FILENAME)
			to = room_of(quoted[2])
			if (!(from in floor) || !(to in floor))
				print FILENAME ":" FNR ": no such room in the drawing: " quoted[2]
			else if (from != to && floor[to] >= floor[from] && !((from, to) in drawn))
				print FILENAME ":" FNR ": " from " may not include " quoted[2]
		}'
}

rule_one_file_knows_terminfo() {
	c_files | grep -v '^tests/' | xargs grep -nE '#[ 	]*include[ 	]*<(n?curses|ncursesw/|term\.h|panel)' |
		grep -v '^ui/terminfo\.c:'
}

rule_only_the_log_knows_sqlite() {
	program_files | xargs grep -nE '#[ 	]*include[ 	]*[<"]sqlite3' | grep -v '^src/log/'
}

# The rest is given `now`, so that tests can say what time it is.
rule_only_the_loop_reads_the_clock() {
	program_files | grep -vxE 'src/base/(time|loop)\.[ch]|src/cli/cli\.c' |
		xargs grep -nE '(^|[^A-Za-z0-9_])(time_now_ms|time_moment|gettimeofday|clock_gettime|time)[ 	]*\((NULL|0|&|C|\))'
}

rule_no_banned_calls() {
	c_files | xargs grep -nE \
		'(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|system|popen|alloca)[ 	]*\('
}

rule_no_long_files() {
	c_files | xargs wc -l | awk '$2 != "total" && $1 > 900 { print $2 ": " $1 " lines" }'
}

# Not a rule but a hint: these are on their way to being too long.
long_files() {
	c_files | xargs wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }'
}

rule_no_unfinished_work() {
	text_files | xargs grep -nwE 'TODO|FIXME|XXX|HACK|stub|stubs|placeholder|placeholders'
}

rule_headers_say_what_they_are() {
	c_files | grep '\.h$' | while read -r file; do
		head -n 1 "$file" | grep -q '^/\*' || echo "$file: doesn't open with a comment"
	done
}

# A list that is a file short builds on the machine where the file is, and nowhere else. A program
# stands for its one source, a folder for what is in it.
rule_everything_is_listed() {
	listed=$(tr -s ' \t\134' '[\n*]' <Makefile.am | sed 's/^.(srcdir)\///' | sort -u)
	{ c_files; find tests data docs -type f ! -name '*.[ch]'; } |
		while read -r file; do
			printf '%s\n' "$listed" |
				grep -qxF -e "$file" -e "${file%.c}" -e "$(dirname "$file")" ||
				echo "$file: is not in Makefile.am"
		done
}

rule_scripts_parse() {
	find bootstrap .ci data tests -type f | while read -r file; do
		first=$(head -c 64 "$file" | tr -d '\0' | head -n 1)
		case $first in
		'#!'*)
			[ -x "$file" ] || echo "$file: is a script and not executable"
			case $first in
			*sh) ;;
			*) echo "$file: is for no shell: $first" ;;
			esac
			;;
		*)
			case $file in
			*.sh) first='#!/bin/sh' ;;
			*) continue ;;
			esac
			;;
		esac
		"${first##*/}" -n "$file" 2>&1
	done
}

# How much is taken from outside: one header, one table that `doctor --limits` prints, and a test that
# names it.
rule_every_limit_is_tested() {
	sed -n 's/^#define \([A-Z_]*\)[ 	].*/\1/p' src/base/limits.h | grep -v '^LIMIT_' |
		while read -r name; do
			grep -q "LIMIT($name," src/base/limits.c || echo "$name: is not in the table"
			grep -rqw "$name" tests --include='*_test.c' --include='*_probe.c' --include='*.sh' ||
				echo "$name: no test names it"
		done
}

# Documents name files: each must be there.
rule_links_lead_somewhere() {
	find README.md docs tests -name '*.md' | while read -r file; do
		grep -no '](\([^)#:]*\)[^):]*)' "$file" | sed 's/](\([^)#]*\).*/\1/' |
			while IFS=: read -r line target; do
				[ -z "$target" ] || [ -e "$(dirname "$file")/$target" ] ||
					echo "$file:$line: there is no $target"
			done
	done
}

# shellcheck disable=SC2034 # for who sources this
rules='includes_go_down one_file_knows_terminfo only_the_log_knows_sqlite
only_the_loop_reads_the_clock no_banned_calls no_long_files
no_unfinished_work headers_say_what_they_are everything_is_listed scripts_parse
links_lead_somewhere every_limit_is_tested'
