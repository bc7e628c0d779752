# A real sshd of our own on loopback, with its own host key and port, for the tests that work over it.
# Source it behind lib.sh. It ends with the test, as everything does that has our folder in its words.

need_sshd() {
	sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || skip_all "there is no sshd"
	command -v ssh >/dev/null || skip_all "there is no ssh"
	mkdir -m 755 "$dir/ssh"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/ssh/host"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/ssh/key"
	cp "$dir/ssh/key.pub" "$dir/ssh/authorized"
	# Root's sshd wants the folder that its service would have made.
	[ "$(id -u)" -ne 0 ] || mkdir -p -m 755 /run/sshd
}

write_config() { # PORT MORE
	cat >"$dir/ssh/config" <<-CONFIG
		ListenAddress 127.0.0.1
		Port $1
		HostKey $dir/ssh/host
		AuthorizedKeysFile $dir/ssh/authorized
		PidFile $dir/ssh/pid
		StrictModes no
		UsePAM no
		PermitRootLogin prohibit-password
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		Subsystem sftp internal-sftp
		$2
	CONFIG
}

# Its pid file is there when it listens; another port, where one is taken.
listens() { # PORT MORE
	write_config "$1" "$2"
	"$sshd" -D -e -f "$dir/ssh/config" 2>"$dir/ssh/log" &
	server=$!
	within 5000 listening_or_gone && [ -e "$dir/ssh/pid" ]
}

listening_or_gone() {
	[ -e "$dir/ssh/pid" ] || is_gone $server
}

# serve MORE: begins it, with more lines of configuration.
serve() {
	for try in 1 2 3 4 5; do
		port=$((20000 + RANDOM))
		listens $port "$1" && return
	done
	skip_all "sshd doesn't start here: $(tail -n 1 "$dir/ssh/log")"
}

# line_as KEY [USER@]HOST [OPTION…]: the words of an ssh to it.
line_as() {
	key=$1 where=$2
	shift 2
	echo "ssh -F none -p $port -i $key -o IdentitiesOnly=yes -o UserKnownHostsFile=$dir/ssh/known" \
		"-o StrictHostKeyChecking=no -o LogLevel=ERROR -o BatchMode=yes $* $where"
}
