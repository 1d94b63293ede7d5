# SPDX-License-Identifier: Apache-2.0
# libvirt.sh MDEVCTL SESSION: runs a function below on a simulated host (mdevsim run --uevents), with
# Debian's libvirtd and virsh, and the program at MDEVCTL as libvirt's mdevctl.
set -u
mdevctl=$1
session=$2
work=$(mktemp -d)
mkdir "$work"/{bin,drivers,sock}

# The one driver of libvirt that is wanted; others want a network, users and hardware.
ln -s /usr/lib/*/libvirt/connection-driver/libvirt_driver_nodedev.so "$work/drivers/"
cat >"$work/conf" <<END
unix_sock_group = "$(id -gn)"
unix_sock_dir = "$work/sock"
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "1:file:$work/log"
log_filters = "3:*"
END
# libvirt finds its mdevctl in PATH; each call is written down.
cat >"$work/bin/mdevctl" <<END
#!/bin/bash
echo "\$*" >>"$work/calls"
exec "$mdevctl" "\$@"
END
chmod 755 "$work/bin/mdevctl"
touch "$work/calls"

# starts_daemon: libvirtd listens when this returns.
starts_daemon() {
  PATH=$work/bin:$PATH LIBVIRT_DRIVER_DIR=$work/drivers \
    libvirtd -f "$work/conf" -p "$work/pid" >"$work/out" 2>&1 &
  daemon=$!
  until_it_is 0 status v uri
}

finish() {
  kill "$daemon" 2>/dev/null && wait "$daemon"
  rm -rf "$work"
}
trap finish EXIT

# v COMMAND...: virsh, its errors as well.
v() { timeout 60 virsh -q -c "nodedev:///system?socket=$work/sock/libvirt-sock" "$@" 2>&1; }

status() {
  "$@" >/dev/null
  echo $?
}

# until_it_is TEXT COMMAND...: waits until the command prints the text; it is an error if it never does.
until_it_is() {
  local expected=$1 actual end=$((SECONDS + 30))
  shift
  while actual=$("$@") && [ "$actual" != "$expected" ]; do
    if [ $SECONDS -ge $end ]; then
      printf '%s\n' "NEVER: $*" "expected: $expected" "actual: $actual"
      cat "$work/out" "$work/log"
      exit 1
    fi
    sleep 0.05
  done
}

shown() { printf '$ %s\n' "$*" && v "$@" && return 0; echo "[$?]"; }
# Without what the number of the device's group is, and what differs in time.
xml() { v nodedev-dumpxml "$1" | sed "s/<iommuGroup number='[0-9]*'/<iommuGroup number='N'/"; }
listed() { v nodedev-list --cap mdev "$@" | grep .; true; }

# device PARENT TYPE UUID [NAME=VALUE...]: the XML of a device, PARENT in libvirt's spelling.
device() {
  local parent=$1 type=$2 uuid=$3
  shift 3
  echo "<device><parent>$parent</parent><capability type='mdev'><type id='$type'/>"
  echo "<uuid>$uuid</uuid>"
  for attribute; do echo "<attr name='${attribute%%=*}' value='${attribute#*=}'/>"; done
  echo "</capability></device>"
}

uuid() { printf '83b8f4f2-509f-382f-3c1e-e6bfe0fa1%03x' "$1"; }
# name NUMBER PARENT: what libvirt calls a device.
name() { echo "mdev_$(uuid "$1" | tr - _)_$(tr .: __ <<<"$2")"; }

# life PARENT NODE TYPE [NAME=VALUE...]: all that can become of a device; NODE is libvirt's name of
# the parent.
life() {
  local parent=$1 node=$2 type=$3 name
  shift 3
  name=$(name 1 "$parent")
  xml "$node" | grep -A5 "type id='$type'"
  device "$node" "$type" "$(uuid 1)" "$@" >"$work/device.xml"
  shown nodedev-define /dev/stdin <"$work/device.xml"
  until_it_is "$name" listed --inactive
  xml "$name"
  shown nodedev-define /dev/stdin <"$work/device.xml"
  shown nodedev-autostart "$name"
  shown nodedev-info "$name"
  shown nodedev-start "$name"
  until_it_is "$name" listed
  xml "$name"
  shown nodedev-start "$name"
  shown nodedev-destroy "$name"
  until_it_is "$name" listed --inactive
  shown nodedev-autostart "$name" --disable
  shown nodedev-undefine "$name"
  until_it_is "" listed --all

  # A device that is nowhere defined.
  shown nodedev-create /dev/stdin <"$work/device.xml"
  until_it_is "$name" listed
  shown nodedev-destroy "$name"
  until_it_is "" listed --all

  # What others do is noticed.
  name=$(name 2 "$parent")
  "$mdevctl" define -u "$(uuid 2)" -p "$parent" -t "$type"
  until_it_is "$name" listed --inactive
  for attribute; do
    "$mdevctl" modify -u "$(uuid 2)" --addattr "${attribute%%=*}" --value "${attribute#*=}"
    until_it_is 1 attributes "$name" "${attribute#*=}"
  done
  "$mdevctl" start -u "$(uuid 2)"
  until_it_is "$name" listed
  "$mdevctl" stop -u "$(uuid 2)"
  until_it_is "$name" listed --inactive
  "$mdevctl" undefine -u "$(uuid 2)"
  until_it_is "" listed --all

  # A guest has it.
  shown nodedev-create /dev/stdin <"$work/device.xml"
  name=$(name 1 "$parent")
  until_it_is "$name" listed
  mdevsim ctl hold "$(uuid 1)"
  shown nodedev-destroy "$name" | sed 's/:.*//'
  mdevsim ctl release "$(uuid 1)"
  shown nodedev-destroy "$name"
  until_it_is "" listed --all
}
attributes() { xml "$1" | grep -c "value='$2'"; }

mtty() { life mtty mtty_mtty mtty-1; }
i915() { life 0000:00:02.0 pci_0000_00_02_0 i915-GVTg_V5_4; }
nvidia() { life 0000:3b:00.0 pci_0000_3b_00_0 nvidia-222; }
matrix() {
  # Now and at the next boot.
  echo 0x00 >/sys/bus/ap/apmask
  echo 'ACTION=="change", SUBSYSTEM=="ap", ATTR{../../bus/ap/apmask}="0x00"' \
    >/etc/udev/rules.d/41-ap.rules
  life matrix ap_matrix vfio_ap-passthrough assign_adapter=5 assign_domain=0xab
}
css() {
  local device=/sys/bus/css/devices/0.0.0313
  echo vfio_ccw >$device/driver_override
  echo 0.0.0313 >$device/driver/unbind
  echo 0.0.0313 >/sys/bus/css/drivers_probe
  life 0.0.0313 css_0_0_0313 vfio_ccw-io
}

# What 'mdevctl show' prints of a device is what libvirt defines it by.
shown_and_defined() {
  "$mdevctl" define -u "$(uuid 1)" -p mtty -t mtty-1
  "$mdevctl" modify -u "$(uuid 1)" --addattr some_name --value "a 'b' & <c>"
  "$mdevctl" list -d --json >"$work/before"
  "$mdevctl" show "$(uuid 1)" --format nodedev >"$work/device.xml"
  "$mdevctl" undefine -u "$(uuid 1)"
  until_it_is "" listed --all
  v nodedev-define "$work/device.xml" || echo "[$?]"
  "$mdevctl" list -d --json | diff "$work/before" -
}

# One change by hand has libvirt list the definitions once, where all of /etc is one file system.
changes() {
  local number changes=10
  mkdir "$work/etc"
  mount -t tmpfs etc "$work/etc"
  cp -a /etc/. "$work/etc/" 2>/dev/null
  umount /etc/mdevctl.d
  mkdir -p "$work/etc/mdevctl.d/mtty"
  mount --move "$work/etc" /etc
  starts_daemon
  "$mdevctl" define -u "$(uuid 0)" -p mtty -t mtty-1
  until_it_is 1 count listed --inactive
  sleep 0.5
  : >"$work/calls"
  for number in $(seq $changes); do
    "$mdevctl" define -u "$(uuid "$number")" -p mtty -t mtty-1
    until_it_is $((number + 1)) count listed --inactive
    "$mdevctl" modify -u "$(uuid "$number")" --auto
    until_it_is 1 autostarts "$number"
  done
  sleep 0.5
  # Some come together.
  [ "$(grep -c list "$work/calls")" -gt $((2 * changes)) ] && cat "$work/calls"
  echo "listed once for each change, or less often"
}
count() { "$@" | wc -l; }
autostarts() { v nodedev-info "$(name "$1" mtty)" | grep -c 'Autostart: *yes'; }

[ "$session" = changes ] || starts_daemon
"$session"
