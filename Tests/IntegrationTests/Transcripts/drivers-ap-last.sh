# SPDX-License-Identifier: Apache-2.0
# The last queues of a mode that the host has, while a process has its crypto cards open.
simulate s390x
grep . sys/bus/ap/devices/card*/type
mdevctl ap set apmask=-4 --dry-run
mkdir -p proc/812/fd; echo openssl >proc/812/comm; ln -s $MDEVCTL_ENV_ROOT/dev/z90crypt proc/812/fd/3
mdevctl ap set apmask=-4
mdevctl ap set apmask=-4 --dry-run
mdevctl driver set ap/06.0004 vfio_ap --dry-run
mdevctl driver set ap/06 vfio_ap --now-only
mdevctl ap set apmask=-5
mdevctl ap set apmask=+5,-0xa --dry-run
mdevctl ap set apmask=-0xa
mdevctl ap set apmask=-4 --boot-only --dry-run
mdevctl ap set apmask=-4 --force | head -2
mdevctl ap set apmask=-6 --now-only
driverctl -b ap set-override 06 vfio_ap
mask_rules
end
rm -rf etc/udev etc/driverctl.d; simulate s390x-619
mkdir -p proc/812/fd; echo openssl >proc/812/comm; ln -sfn $MDEVCTL_ENV_ROOT/dev/z90crypt proc/812/fd/3
mdevctl driver set ap/04 vfio_ap
mdevctl driver set ap/04 vfio_ap --force
end
