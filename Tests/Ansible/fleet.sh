# SPDX-License-Identifier: Apache-2.0
# Simulated machines on a network of their own, and playbooks for them; for a shell that has its own
# network, mounts and processes, with which all of this goes.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$here/../.." && pwd)
. "$project/Tests/Kernel/checks.sh"
directory=$(mktemp -d)
trap 'umount -l "$directory"; rmdir "$directory"' EXIT
mount -t tmpfs fleet "$directory"
ssh-keygen -q -t ed25519 -N '' -f "$directory/key"
ssh_options=(-i "$directory/key" -o "UserKnownHostsFile=$directory/known_hosts"
  -o StrictHostKeyChecking=yes -o LogLevel=error)

mount -t tmpfs run /run
ip link set lo up
ip link add fleet type bridge
ip address add 198.18.0.1/16 dev fleet
ip link set fleet up
declare -A addresses=()

# machine NAME SIMULATOR PROFILE: adds a machine, which starts meanwhile.
machine() {
  local address=198.18.1.$((${#addresses[@]} + 1)) own=$directory/$1
  addresses[$1]=$address
  mkdir "$own"
  ssh-keygen -q -t ed25519 -N '' -f "$own/host_key"
  echo "$address $(cut -d' ' -f1,2 "$own/host_key.pub")" >>"$directory/known_hosts"
  cp "$directory/key.pub" "$own/authorized_keys"
  ip netns add "$1"
  ip link add "port${#addresses[@]}" master fleet up type veth peer name eth0 netns "$1"
  ip -n "$1" address add "$address/16" dev eth0
  ip -n "$1" link set lo up
  ip -n "$1" link set eth0 up
  ip netns exec "$1" "$here/machine" "$1" "$own" "$2" "$project/profiles/$3.json" \
    >"$own/log" 2>&1 &
}

# machines_up: all of them can be reached; their addresses are an inventory.
machines_up() {
  local name
  echo "all: { hosts: {" >"$directory/addresses.yml"
  for name in "${!addresses[@]}"; do
    echo "$name: { ansible_host: ${addresses[$name]} }," >>"$directory/addresses.yml"
    within on "$name" true || { cat "$directory/$name/log"; return 1; }
  done
  echo "} }" >>"$directory/addresses.yml"
}

# on NAME COMMAND...: runs a command on a machine.
on() { ssh -n "${ssh_options[@]}" "root@${addresses[$1]}" "${@:2}"; }

# ansible_in PROJECT PROGRAM ARGUMENT...: a program of Ansible in the directory of an inventory. Connections
# are not kept from one to the next, since machines go and come.
ansible_in() {
  local program=$2 control
  control=$(mktemp -d "$directory/ssh.XXX")
  (cd "$1" && ANSIBLE_SSH_CONTROL_PATH_DIR=$control ANSIBLE_CONFIG=$1/ansible.cfg ANSIBLE_TIMEOUT=60 \
    ANSIBLE_SSH_COMMON_ARGS="${ssh_options[*]}" \
    "$program" -i inventory.yml -i "$directory/addresses.yml" "${@:3}") </dev/null
}

# play PROJECT ARGUMENT...: runs a playbook, keeps what it prints in $directory/play, and prints what became
# of each machine.
play() {
  ansible_in "$1" ansible-playbook "${@:2}" >"$directory/play" 2>&1 || true
  sed -nE '1,/^PLAY RECAP/d
    s/^([^ ]+) .* changed=([0-9]+) +unreachable=([0-9]+) +failed=([0-9]+) .*/\1 changed=\2 unreachable=\3 failed=\4/p' \
    "$directory/play" | sort
}
