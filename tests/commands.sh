# Each command that there is, and words that it takes: for tests that try them all. Source it after
# the lib of your folder. A command that isn't known here yet takes the number of an incident.

# A line each; a name may be of two words.
all_commands() {
	"$BACKOUT" dump commands | sed -n 's/^{"name":"\([a-z -]*\)".*"args".*/\1/p'
}

# words_of COMMAND, for a plan in $dir that has a step `flag-off`.
words_of() {
	case $1 in
	declare) echo "--title x" ;;
	adopt) echo "1 $dir/plan.yaml" ;;
	"roster apply") echo "$dir/roster.yaml" ;;
	take | accept) echo "1 commander" ;;
	offer) echo "1 commander root" ;;
	assign) echo "1 flag-off root" ;;
	decide) echo "1 hold --reason x" ;;
	start | done | abort | check | ask) echo "1 flag-off" ;;
	eta) echo "1 flag-off 5m" ;;
	fail | skip | retry | reopen) echo "1 flag-off --reason x" ;;
	settle) echo "1 flag-off absent --evidence x" ;;
	abandon) echo "1 --reason x" ;;
	note | concern) echo "1 x" ;;
	answer) echo "1 1 x" ;;
	snooze) echo "1 5m --reason x" ;;
	*) echo "1" ;;
	esac
}
