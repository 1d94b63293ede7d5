# SPDX-License-Identifier: Apache-2.0
# A sysfs of plain files under $MDEVCTL_ENV_ROOT, laid out as on Debian's 6.1 kernel; enough for
# reading. What only a kernel can do is tested on a kernel.
# shellcheck disable=SC2034 # Sessions use the variables.

a=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
b=b29e4ca9-5cdb-4ee1-a01b-79085b9ab237
c=c07ab7b2-8aa2-427a-91c6-ffc949bb77f9

# number N: a uuid that ends in N.
number() { printf '00000000-0000-0000-0000-%012d' "$1"; }

# parent NAME TYPE AVAILABLE API [DISPLAY-NAME [DESCRIPTION]]: a parent with this type as well.
parent() {
  local types=sys/devices/virtual/$1/$1/mdev_supported_types
  mkdir -p "$types/$2/devices" sys/class/mdev_bus sys/bus/mdev/devices
  [ -e "sys/class/mdev_bus/$1" ] ||
    ln -s "../../devices/virtual/$1/$1" "sys/class/mdev_bus/$1"
  echo "$3" >"$types/$2/available_instances"
  echo "$4" >"$types/$2/device_api"
  : >"$types/$2/create"
  [ $# -lt 5 ] || echo "$5" >"$types/$2/name"
  [ $# -lt 6 ] || printf "$6\n" >"$types/$2/description"
}

# device UUID PARENT TYPE: a device of a parent made before.
device() {
  mkdir -p "sys/devices/virtual/$2/$2/$1"
  ln -s "../mdev_supported_types/$3" "sys/devices/virtual/$2/$2/$1/mdev_type"
  : >"sys/devices/virtual/$2/$2/$1/remove"
  ln -s "../../../devices/virtual/$2/$2/$1" "sys/bus/mdev/devices/$1"
}

# pci_function ADDRESS MODALIAS DRIVER [CLASS]: a PCI function; of a network card, if not said.
pci_function() {
  mkdir -p "sys/bus/pci/devices/$1" "sys/bus/pci/drivers/$3"
  echo "$2" >"sys/bus/pci/devices/$1/modalias"
  echo "${4:-0x020000}" >"sys/bus/pci/devices/$1/class"
  ln -sfn "../../drivers/$3" "sys/bus/pci/devices/$1/driver"
  ln -sfn ../../../pci "sys/bus/pci/devices/$1/subsystem"
}

# iommu_group NUMBER ADDRESS...: a group of functions made before.
iommu_group() {
  local number=$1 function
  shift
  mkdir -p "sys/kernel/iommu_groups/$number/devices"
  for function; do
    ln -s "../../../../bus/pci/devices/$function" \
      "sys/kernel/iommu_groups/$number/devices/$function"
  done
}

# firmware COMMAND-LINE [TABLE...]: what the kernel was started with, and the ACPI tables that it has.
firmware() {
  rm -rf sys/firmware/acpi/tables
  mkdir -p sys/firmware/acpi/tables proc
  echo "BOOT_IMAGE=/vmlinuz $1" >proc/cmdline
  shift
  local table
  for table; do : >"sys/firmware/acpi/tables/$table"; done
}

# definition PARENT UUID: stores stdin as the definition.
definition() {
  mkdir -p "etc/mdevctl.d/$1"
  cat >"etc/mdevctl.d/$1/$2"
}

# script DIRECTORY/NAME: makes a script with stdin below scripts.d of /usr/lib or /etc.
script() {
  local directory=etc/mdevctl.d
  [ "${1%%/*}" != system ] || directory=usr/lib/mdevctl
  mkdir -p "$directory/scripts.d/$(dirname "${1#*/}")"
  { echo '#!/bin/bash'; cat; } >"$directory/scripts.d/${1#*/}"
  chmod 755 "$directory/scripts.d/${1#*/}"
}

# recorder DIRECTORY/NAME [COMMAND]: a script that writes down how it is called, then runs COMMAND,
# and else ends with status 2 when it is asked for something.
recorder() {
  script "$1" <<END
read -r input
echo "\${0##*/} \$* <\$input>" >>\$MDEVCTL_ENV_ROOT/log
event=\$4 action=\$6
${2:-}
[ "\$event" != get ] || exit 2
exit 0
END
}

# calls: what the recorders wrote down since the last time, but for questions of capabilities.
calls() {
  [ ! -e log ] || grep -v ' -a capabilities ' log
  rm -f log
}

# simulate PROFILE: serves that host below the root, with a modprobe for its modules.
simulate() {
  local project
  project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
  MDEVSIM_PROFILES=$project/profiles mdevsim mount --background --profile "$1" \
    "$MDEVCTL_ENV_ROOT" >/dev/null
  mkdir -p sbin
  printf '#!/bin/sh\nexec %s ctl load "$2" --dir %s\n' "$(command -v mdevsim)" \
    "$MDEVCTL_ENV_ROOT" >sbin/modprobe
  chmod 755 sbin/modprobe
}

# simulate_changed PROFILE CHANGE...: mounts a host of a profile that sed has changed.
simulate_changed() {
  local arguments=() change project profile=$1
  shift
  project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
  for change; do arguments+=(-e "$change"); done
  sed "${arguments[@]}" "$project/profiles/$profile.json" >/tmp/profile.$$.json
  simulate /tmp/profile.$$.json
  rm /tmp/profile.$$.json
}

# simulate_ap CHANGE...: serves the host "s390x" with changes of its profile, which are those of sed.
simulate_ap() { simulate_changed s390x "$@"; }

# ap NAME=VALUE...: a definition of vfio_ap with these attributes.
ap() {
  local attributes='' attribute
  for attribute; do attributes+=",{\"${attribute%%=*}\":\"${attribute#*=}\"}"; done
  echo "{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"manual\",\"attrs\":[${attributes#,}]}"
}

# auto NAME=VALUE...: the same, to start at boot.
auto() { ap "$@" | sed s/manual/auto/; }

# queues UUID: what a running device of vfio_ap has, and what its guest gets of it.
queues() {
  local file
  for file in matrix control_domains guest_matrix; do
    # shellcheck disable=SC2046 # On one line.
    echo $file $(cat "sys/bus/mdev/devices/$1/$file")
  done
}

# ctl WORD...: does something to the simulated host.
ctl() { mdevsim ctl "$@" --dir "$MDEVCTL_ENV_ROOT"; }

# file MEMBERS: a host file of the owner 'web' with these members; apply MEMBERS: applies it.
file() { echo "{ \"version\": 1, \"owner\": \"web\", $1 }"; }
apply() { file "$1" | mdevctl apply -; }

# driverctl WORD...: the program under that name.
driverctl() { (exec -a driverctl mdevctl "$@"); }

# validate EVENT ACTION UUID [TYPE [PARENT [STATE]]]: calls the program as a callout of this shell.
validate() {
  (exec -a mdevctl-validate mdevctl -e "$1" -a "$2" -s "${6:-none}" -u "$3" \
    -t "${4:-vfio_ap-passthrough}" -p "${5:-matrix}")
}

# holder: who has the lock of s390-tools.
holder() {
  case $(cat run/lock/s390apconfig.lock 2>/dev/null || echo none) in
  none) echo nobody ;;
  "$$") echo the caller ;;
  *) echo somebody else ;;
  esac
  [ "$(ls run/lock | wc -l)" -le 1 ] || ls run/lock
}

# complete_in SHELL LINE: what that shell offers at the end of a line that is typed into it; with the
# program under its other names as well.
complete_in() {
  mkdir -p bin
  ln -sf "$(command -v mdevctl)" bin/lsmdev
  ln -sf "$(command -v mdevctl)" bin/driverctl
  PATH=$PWD/bin:$PATH "$(dirname "${BASH_SOURCE[0]}")/complete-$1" "$2"
}

# watch PROFILE SCRIPT: runs a script, with these functions, on a host of its own with uevents.
watch() {
  local here
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  MDEVSIM_PROFILES=$here/../../../profiles env -u MDEVCTL_ENV_ROOT \
    mdevsim run --uevents --profile "$1" -- /bin/bash -c ". $here/fixture.sh; cd /; $2"
}

# listen [OPTION...]: starts the monitor, and shows all that it says at first.
listen() {
  heard=${MDEVCTL_ENV_ROOT-}/run/heard
  mkdir -p "${heard%/*}"
  : >"$heard"
  mdevctl monitor "$@" >>"$heard" 2>&1 &
  monitor=$!
  until grep -q ready "$heard"; do sleep 0.01; done
  cat "$heard"
  told=$(wc -l <"$heard")
}

# tells COUNT COMMAND...: runs a command, and shows so many lines that the monitor has about it.
tells() {
  local count=$1
  shift
  "$@" >/dev/null
  until [ "$(wc -l <"$heard")" -ge $((told + count)) ]; do sleep 0.01; done
  tail -n "+$((told + 1))" "$heard"
  told=$(wc -l <"$heard")
}

# waits WORD...: begins to wait, and goes on when that listens to the host, or is over.
waits() {
  mdevctl wait "$@" &
  waiting+=($!)
  # It has inotify open when it listens to uevents already; then it looks.
  until find "/proc/$!/fd" -lname '*inotify*' 2>/dev/null | grep -q . || [ ! -e "/proc/$!/fd/0" ]; do
    sleep 0.01
  done
}

# done_waiting: what has become of the waits.
done_waiting() {
  local pid status
  for pid in "${waiting[@]}"; do
    status=0
    wait "$pid" || status=$?
    echo "a wait ended with $status"
  done
  waiting=()
}

# leave SIGNAL: ends the monitor.
leave() {
  local status=0
  kill "-$1" "$monitor"
  wait "$monitor" || status=$?
  echo "the monitor ended with $status"
}

# end: takes the simulated host away.
end() { umount dev/vfio; }

# stored: what is kept for the next boot, file by file.
stored() { (cd etc && grep -r '' driverctl.d udev/rules.d 2>/dev/null | sort); }

# killed FILE COMMAND...: runs a command that is killed as it is about to rename FILE.
killed() {
  local file=$MDEVCTL_ENV_ROOT/$1
  shift
  # The inner shell says which process was killed.
  (
    strace -qq -o /dev/null -f -P "$file" -e inject=rename:signal=KILL "$@"
    exit $?
  ) 2>/dev/null
}

# mask_rules: what is stored of masks.
mask_rules() { grep -h 'ATTR{\.\./' etc/udev/rules.d/41-ap.rules 2>/dev/null || echo none; }

# store FILE TEXT: puts a stored override there.
store() { mkdir -p etc/driverctl.d && printf '%b' "$2" >"etc/driverctl.d/$1"; }

# writes: what was written to the simulated kernel since the last call.
writes() {
  mdevsim log --dir "$MDEVCTL_ENV_ROOT" --writes >/tmp/writes.$$
  tail -n "+$(($(cat written 2>/dev/null || echo 0) + 1))" /tmp/writes.$$ | cut -d' ' -f2-
  wc -l </tmp/writes.$$ >written
  rm /tmp/writes.$$
}

# driverctl_rule FILE: puts the rule there that Debian's driverctl 0.115 comes with.
driverctl_rule() {
  cat >"$1" <<'RULE'

ACTION=="add", TEST=="/etc/driverctl.d/$env{SUBSYSTEM}-$kernel", TAG+="systemd", ENV{SYSTEMD_WANTS}="driverctl@$env{SUBSYSTEM}-$kernel.service"
RULE
}

# chzdev_rules: prints the AP masks in the form of chzdev (s390-tools, zdev/src/ap.c).
chzdev_rules() {
  cat <<'RULES'
# Generated by chzdev
ACTION=="change", SUBSYSTEM=="ap", DEVPATH=="/devices/ap", ENV{BINDINGS}=="complete", ENV{COMPLETECOUNT}=="1", GOTO="cfg_ap"
GOTO="end_ap"

LABEL="cfg_ap"

ATTR{../../bus/ap/apmask}="0xfbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
RUN{builtin}+="kmod load vfio_ap"

LABEL="end_ap"
RULES
}

# on_terminal COLUMNS COMMAND: what a command prints on a terminal of that width, with UTF-8.
on_terminal() {
  LC_ALL=C.UTF-8 command script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r'
}
