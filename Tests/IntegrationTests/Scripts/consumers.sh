# SPDX-License-Identifier: Apache-2.0
# consumers.sh FUNCTION [ARGUMENT...]: has those who read it read what 'mdevctl show --format' prints, on a simulated
# host (mdevsim run). A function without arguments prints what a reader has to say against it.
set -u

uuid() { printf '83b8f4f2-509f-382f-3c1e-e6bfe0fa1%03x' "$1"; }

# runs FUNCTION PARENT TYPE [NUMBER]: a running device of this parent.
runs() { mdevctl start -u "$(uuid "${3:-1}")" -p "$1" -t "$2"; }

# domain FORM...: a guest of libvirt that has these devices, by its own schema.
domain() {
  local file
  file=$(mktemp --suffix .xml)
  {
    echo "<domain type='qemu'><name>g</name><memory>65536</memory>"
    echo "<os><type>hvm</type></os><devices>"
    mdevctl show --format libvirt "$@" || echo failed
    echo "</devices></domain>"
  } >"$file"
  virt-xml-validate "$file" domain 2>&1 | grep -v validates && cat "$file"
  rm "$file"
}

# node DEVICE: a definition of libvirt, likewise.
node() {
  local file
  file=$(mktemp --suffix .xml)
  mdevctl show --format nodedev "$1" >"$file"
  virt-xml-validate "$file" nodedev 2>&1 | grep -v validates && cat "$file"
  rm "$file"
}

# machine ARCHITECTURE ARGUMENT...: QEMU with these options. It takes all of them apart before it looks
# for the device, of which the simulated kernel has no more than sysfs and a node; what it then misses
# there is nothing against the options.
machine() {
  local answer arguments
  arguments=$(mdevctl show --format qemu "${@:2}") || echo failed
  # shellcheck disable=SC2086 # They are a command line.
  answer=$(timeout 60 "qemu-system-$1" -nodefaults -display none -accel tcg -S $arguments 2>&1)
  grep -qE 'chpid_type|group [0-9]+ status|Inappropriate ioctl|failed to open .dev.vfio' \
    <<<"$answer" || printf '%s\n' "$arguments" "$answer"
}

# properties ARCHITECTURE DEVICE NAME...: QEMU's device has these properties.
properties() {
  local known name
  known=$("qemu-system-$1" -device "$2,help")
  for name in "${@:3}"; do grep -q "^  $name=" <<<"$known" || echo "$2 has no $name"; done
}

channel() {
  mdevctl driver set css/0.0.0313 vfio_ccw >/dev/null
  runs 0.0.0313 vfio_ccw-io
  domain "$(uuid 1)"
  domain "$(uuid 1)" --guest 0.0.1234
  node "$(uuid 1)"
  machine s390x "$(uuid 1)"
  machine s390x "$(uuid 1)" --guest fe.1.ab12
}

# QEMU has a bus for queues only where the processor of its guest has them, which KVM alone gives.
queues() {
  mdevctl ap set apmask=-5 >/dev/null
  mdevctl define -u "$(uuid 1)" -p matrix -t vfio_ap-passthrough
  mdevctl modify "$(uuid 1)" --addattr assign_adapter --value 5
  mdevctl start "$(uuid 1)"
  domain "$(uuid 1)"
  node "$(uuid 1)"
  [ "$(mdevctl show --format qemu "$(uuid 1)")" = \
    "-device vfio-ap,sysfsdev=/sys/bus/mdev/devices/$(uuid 1)" ] || echo failed
  properties s390x vfio-ap sysfsdev
}

vgpu() {
  runs 0000:3b:00.0 nvidia-231
  domain "$(uuid 1)"
  domain "$(uuid 1)" --guest 0000:06:00.0
  domain "$(uuid 1)" --display
  node "$(uuid 1)"
  machine x86_64 "$(uuid 1)"
  machine x86_64 "$(uuid 1)" --guest 05.0
  machine x86_64 "$(uuid 1)" --display
}

group() {
  domain 01:00.0
  domain 01:00.0 --guest 0000:05:00.0
  mdevctl driver set 01:00.0 vfio-pci --group >/dev/null
  domain 01:00.0
  machine x86_64 01:00.0
  machine x86_64 01:00.0 --guest 06.0
  machine x86_64 00:1f.6 --guest 06.0
}

functions() {
  mdevctl vgpu set 0000:03:00.0 L40S-4Q=1 >/dev/null
  domain 0000:03:00.4
  mdevctl show --format libvirt 0000:03:00.4 | grep -q "managed='no'" || echo failed
  machine x86_64 0000:03:00.4
}

# contained FILE NAME: the nodes that podman gives a container for the device of that name, by the
# specification in FILE, with storage of its own; in a mount namespace. What it tells the kernel then is
# another matter, which cgroups decide.
contained() {
  local file=$1 node work
  work=$(mktemp -d)
  mount -t tmpfs work "$work"
  mkdir "$work"/{dev,run,storage,root}
  mkdir "$work/dev/vfio" "$work/dev/shm"
  cp -a /dev/{null,zero,random,urandom,full,tty} "$work/dev"
  for node in $(grep -o '/dev/vfio/[a-z0-9]*' "$file"); do mknod "$work$node" c 1 3; done
  mkdir -p "$work/run/cdi"
  cp "$file" "$work/run/cdi"
  mount --move "$work/dev" /dev 2>/dev/null || mount --rbind "$work/dev" /dev
  mount --rbind "$work/run" /run
  set -- podman --root "$work/storage" --runroot "$work/run/podman" --cgroup-manager cgroupfs "$2"
  local name=${!#} podman=("${@:1:$#-1}") container
  container=$("${podman[@]}" create --network none --cgroups disabled --ulimit nofile=1024:1024 \
    --ulimit nproc=1024:1024 --device "mdevctl/vfio=$name" --rootfs "$work/root" true)
  "${podman[@]}" init "$container" 2>&1 | grep CDI
  cat "$work/storage/overlay-containers/$container/userdata/config.json" 2>/dev/null |
    grep -o '"path":"/dev/vfio[^"]*"'
  umount -R "$work"
  rmdir "$work"
}

"$@"
