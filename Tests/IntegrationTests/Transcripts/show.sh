# SPDX-License-Identifier: Apache-2.0
# One look at a device, and its way into a guest. The time at which a node was made is not shown here.
simulate s390x
mdevctl driver set css/0.0.0313 vfio_ccw; mdevctl define $a -p 0.0.0313 -t vfio_ccw-io --auto
mdevctl show 83b8
mdevctl start $a; mdevctl ap set apmask=-5; ap assign_adapter=5 assign_domain=4 | definition matrix $b; mdevctl start $b
mkdir -p proc/4711/fd; echo qemu-system-s39 >proc/4711/comm; ln -s $PWD/dev/vfio/0 proc/4711/fd/3; ln -s 'anon_inode:[vfio-device]' proc/4711/fd/4
printf '%s\0' qemu -name guest=web1,debug-threads=on >proc/4711/cmdline
mdevctl show 83b8 b29e | sed 's/since .*/since TIME/'
mdevctl show 83b8 --json | sed 's/"since": .*/"since": TIME,/'
mdevctl show matrix css/dev:0.0.2b09 0.0.0314 0.0.2b0a css/0.0.0313
# A device that did not start, and one that can't.
ap assign_adapter=9 assign_domain=9 | sed s/manual/auto/ | definition matrix $c; mdevctl autostart >/dev/null; mdevctl show c07a | sed 's/at 20.*Z/at TIME/'
mdevctl show 83b8 --format qemu --guest fe.0.1234; mdevctl show b29e --format qemu
mdevctl show 83b8 --format libvirt --guest 0.0.1234; mdevctl show b29e --format libvirt
mdevctl show 83b8 b29e --format nodedev
mdevctl show 83b8 b29e --format cdi
mdevctl stop b29e; mdevctl show b29e --format qemu
mdevctl show b29e --format cdi
# What a guest can't be given, or not so.
mdevctl show b29e --format libvirt --guest fe.0.1234
mdevctl show 83b8 --format libvirt --guest 0000:06:00.0
mdevctl show 83b8 --format qemu --display
mdevctl show 83b8 --format nodedev --guest fe.0.1234
mdevctl show 83b8 --guest fe.0.1234
mdevctl show 83b8 --format libvirt --guest here
mdevctl show matrix --format qemu
mdevctl show 0.0.0314 --format nodedev
mdevctl show 83b8 --format xml
mdevctl show 83b8 --format qemu --json
mdevctl show nothing
mdevctl show 83b9
mdevctl show ${a%1}2
mdevctl show pci/0000:99:00.0
mdevctl show ap/05.0004
mdevctl show
end
