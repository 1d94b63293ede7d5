#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Sysfs operations, good and bad, on the parents of the sample drivers mtty and mdpy. Prints one
# numbered block for each: the operation, then what it read or the text of its error. Run it as
# root on a kernel with both drivers loaded and no mdev, and on the simulated host of profile mtty:
# the outputs are equal line for line.
export LC_ALL=C
mtty=/sys/devices/virtual/mtty/mtty
mdpy=/sys/devices/virtual/mdpy/mdpy
bus=/sys/bus/mdev
a=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
b=83b8f4f2-509f-382f-3c1e-e6bfe0fa1002
c=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee
count=0

# title TEXT...: announces the next operation.
title() {
  count=$((count + 1))
  echo "[$count] $*"
}

# reason TEXT: the reason alone of a message, whichever program wrote it.
reason() {
  local text=${1##*: }
  echo "= ${text:-done}"
}

# put TEXT FILE: writes TEXT with one write.
put() {
  title "write '$1' to ${2#/sys/}"
  local message
  if message=$( (printf '%b' "$1" >"$2") 2>&1); then echo "= done"; else reason "$message"; fi
}

# get FILE: reads.
get() {
  title "read ${1#/sys/}"
  local message
  if message=$(cat "$1" 2>&1); then printf '%s\n' "$message"; else reason "$message"; fi
}

# show DIRECTORY: its entries with permissions, and where links lead. Group numbers depend on
# the machine.
show() {
  title "list ${1#/sys/}"
  if [ ! -d "$1" ]; then
    echo "= no directory"
    return
  fi
  (cd "$1" && for entry in $(ls -A | sort); do
    line="$(stat -c '%A %s' "$entry") $entry"
    [ ! -L "$entry" ] || line+=" -> $(readlink "$entry" | sed 's,iommu_groups/[0-9]*,iommu_groups/N,')"
    echo "$line"
  done)
}

# try COMMAND...: runs a program that is refused, or not.
try() {
  title "${*//\/sys\//}"
  local message
  if message=$("$@" 2>&1); then echo "= done"; else reason "$message"; fi
}

# Parents and their types.
show $mtty
show $mdpy
show $mtty/mdev_supported_types
show $mtty/mdev_supported_types/mtty-1
show $mdpy/mdev_supported_types
show $mdpy/mdev_supported_types/mdpy-hd
show $mtty/mdev_supported_types/mtty-1/devices
show /sys/class/mdev_bus
show /sys/class/mtty
show $bus
show $bus/devices
show $bus/drivers
show $bus/drivers/mtty
for type in mtty-1 mtty-2; do
  for file in name device_api available_instances description create; do
    get $mtty/mdev_supported_types/$type/$file
  done
done
for type in mdpy-vga mdpy-xga mdpy-hd; do
  for file in name device_api available_instances description; do
    get $mdpy/mdev_supported_types/$type/$file
  done
done
get $mtty/uevent
get $bus/drivers_autoprobe
get $bus/drivers_probe
get $bus/uevent

# What create refuses.
create=$mtty/mdev_supported_types/mtty-1/create
put '' $create
put '\n' $create
put 'nonsense' $create
put "${a%1}" $create
put "{$a}" $create
put " $a" $create
put "${a//-/}" $create
put "${a}12" $create
put "${a/-/_}" $create
put "${a/8/g}" $create
put "${a}\n\n" $create
put "$a" $mtty/mdev_supported_types/mtty-3/create
show $bus/devices

# What it takes.
put "$a\n" $create
show $mtty/$a
show $mtty/$a/vendor
show $mtty/$a/vfio-dev
get $mtty/$a/vendor/sample_mdev_dev
get $mtty/$a/uevent
get $mtty/$a/remove
get $mtty/$a/power/runtime_status
get $mtty/$a/power/autosuspend_delay_ms
show $mtty/mdev_supported_types/mtty-1/devices
show $bus/devices
show $bus/drivers/mtty
get $mtty/mdev_supported_types/mtty-1/available_instances
get $mtty/mdev_supported_types/mtty-2/available_instances
put "$a\n" $create
put "${a^^}\n" $create
put "$a\n" $mtty/mdev_supported_types/mtty-2/create
put "$a\n" $mdpy/mdev_supported_types/mdpy-vga/create
put "${b^^}" $create
put "${c}x" $mdpy/mdev_supported_types/mdpy-xga/create
show $bus/devices
show $mdpy/$c
get $mdpy/$c/vendor/resolution
get $mdpy/$c/uevent

# What remove refuses, and what it does not.
for text in '' '0' '0\n' '00' '0x0' 'x' 'y' '1 ' ' 1' '-1' '1x' '0x' '99999999999999999999'; do
  put "$text" $mtty/$a/remove
done
show $bus/devices
put '1' $mtty/$a/remove
put '1' $mtty/$a/remove
put '+1\n' $mtty/$b/remove
put '0x10' $mdpy/$c/remove
show $bus/devices
for text in '2' '01' '0xff\n' '18446744073709551615'; do
  put "$a" $create
  put "$text" $mtty/$a/remove
done
show $mtty

# Pools: one for all types of a parent.
for n in $(seq 100 111); do echo 83b8f4f2-509f-382f-3c1e-e6bfe0fa1$n >$mtty/mdev_supported_types/mtty-2/create; done
get $mtty/mdev_supported_types/mtty-1/available_instances
get $mtty/mdev_supported_types/mtty-2/available_instances
put "$a" $create
put "$a" $mtty/mdev_supported_types/mtty-2/create
put "83b8f4f2-509f-382f-3c1e-e6bfe0fa1100" $create
put '1' $mtty/83b8f4f2-509f-382f-3c1e-e6bfe0fa1105/remove
get $mtty/mdev_supported_types/mtty-1/available_instances
put "$a" $create
get $mtty/mdev_supported_types/mtty-1/available_instances
get $mtty/mdev_supported_types/mtty-2/available_instances
put "$b" $mtty/mdev_supported_types/mtty-2/create
put "$b" $create
show $mtty/mdev_supported_types/mtty-2/devices
show $mtty/mdev_supported_types/mtty-1/devices
for device in $bus/devices/*; do echo 1 >$device/remove; done
get $mtty/mdev_supported_types/mtty-2/available_instances
types=(mdpy-vga mdpy-xga mdpy-hd mdpy-vga mdpy-hd)
for n in 0 1 2 3 4; do
  put "83b8f4f2-509f-382f-3c1e-e6bfe0fa120$n" $mdpy/mdev_supported_types/${types[n]}/create
  get $mdpy/mdev_supported_types/mdpy-xga/available_instances
done
for device in $bus/devices/*; do echo 1 >$device/remove; done

# Binding by hand.
put "$a" $create
put "$a\n" $bus/drivers/mtty/bind
put "$a\n" $bus/drivers/mdpy/unbind
put 'nonsense' $bus/drivers/mtty/unbind
put "$a" $bus/drivers_probe
put 'nonsense' $bus/drivers_probe
put "$a\n" $bus/drivers/mtty/unbind
show $mtty/$a
get $mtty/$a/uevent
get $mtty/mdev_supported_types/mtty-1/available_instances
put "$a\n" $bus/drivers/mtty/unbind
put "$a\n" $bus/drivers/mtty/bind
put "$a\n" $bus/drivers/mdpy/bind
put "$a\n" $bus/drivers_probe
put "$a" $create
show $bus/drivers/mtty
put '1\n' $mtty/$a/remove
show $mtty
put '0' $bus/drivers_autoprobe
get $bus/drivers_autoprobe
put "$a" $create
show $bus/drivers/mtty
put '1' $mtty/$a/remove
put 'y' $bus/drivers_autoprobe
get $bus/drivers_autoprobe

# Uevents by hand, and files that are not to be read or written.
put 'add\n' $mtty/uevent
put 'change' $mtty/uevent
put 'nonsense' $mtty/uevent
put 'addition' $mtty/uevent
for file in name device_api available_instances; do put 'x' $mtty/mdev_supported_types/mtty-1/$file; done
put 'x' $mtty/nothing
put 'x' $mtty/mdev_supported_types
put 'x' $mtty/mdev_supported_types/mtty-1/devices/$a
get $mtty/nothing
get $mtty/mdev_supported_types
put 'on' $mtty/power/nothing
get $mtty/power/control
get $mtty/power/async

# What sysfs does not do.
try mkdir $mtty/new
try rmdir $mtty/power
try rm $mtty/uevent
try mv $mtty/uevent $mtty/other
try ln -s $mtty $mtty/link
try ln $mtty/uevent $mtty/link
try mknod $mtty/node p
try truncate -s 0 $mtty/uevent
try touch $mtty/uevent
try chmod 640 $mtty/uevent
show $mtty
try chmod 644 $mtty/uevent
title 'descend into a file'
try ls $mtty/uevent/x
try readlink $mtty/uevent
try readlink $mtty/subsystem
title 'one file descriptor outlives its device'
put "$a" $create
exec 3<$mtty/$a/vendor/sample_mdev_dev
echo 1 >$mtty/$a/remove
try cat <&3
exec 3<&-
echo "$count operations"
