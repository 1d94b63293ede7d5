# SPDX-License-Identifier: Apache-2.0
simulate pci
mdevctl driver devices
mdevctl driver devices network --verbose
mdevctl driver overrides
mdevctl driver set 0000:00:03.0 vfio-pci --dry-run
stored; writes
mdevctl driver set 0000:00:03.0 vfio-pci
stored; writes
mdevctl driver set 0000:00:03.0 vfio-pci
writes
mdevctl driver overrides; mdevctl driver devices network
mdevctl driver overrides --json
mdevctl driver set pci/0000:01:00.0 vfio-pci
mdevctl driver unset pci/0000:01:00.0
mdevctl driver set 0000:01:00.0 vfio-pci --group --json
stored; writes
mdevctl groups
mdevctl groups --json | head -30
ctl hold 0000:01:00.0
mdevctl driver unset 0000:01:00.0
mdevctl driver unset 0000:01:00.0 --dry-run
stored; writes
ctl release 0000:01:00.0
mdevctl driver unset 0000:01:00.0; mdevctl driver unset 0000:01:00.1
mdevctl driver set 0000:00:04.0 vfio-pci --now-only
stored; writes
mdevctl driver unset 0000:00:04.0; mdevctl driver unset 0000:00:04.0
writes
mdevctl driver set 0000:02:00.0 none; stored; mdevctl driver devices network
mdevctl driver unset 0000:02:00.0; writes
mdevctl driver set 0000:00:04.0 pci-stub; writes
mdevctl driver unset 0000:00:04.0; writes
ctl fail /sys/bus/pci/drivers_probe EIO
mdevctl driver set 0000:00:04.0 vfio-pci
writes
ctl fail /sys/bus/pci/drivers/virtio-pci/unbind EBUSY
mdevctl driver set 0000:00:04.0 vfio-pci
writes
ctl fail /sys/bus/pci/drivers_probe EIO; ctl fail /sys/bus/pci/drivers/virtio-pci/bind ENOMEM
mdevctl driver set 0000:00:04.0 vfio-pci
mdevctl driver unset 0000:00:04.0; mdevctl driver devices network
mkdir -p etc/driverctl.d; echo e1000e >etc/driverctl.d/pci-0000:00:04.0; mdevctl driver load 0000:00:04.0; mdevctl driver devices network
: >etc/driverctl.d/pci-0000:00:04.0; mdevctl driver load 0000:00:04.0
echo a/b >etc/driverctl.d/pci-0000:00:04.0; mdevctl driver load 0000:00:04.0; mdevctl driver overrides
ln -sf /elsewhere etc/driverctl.d/pci-0000:00:04.0; mdevctl driver unset 0000:00:04.0
rm etc/driverctl.d/*; writes >/dev/null
mdevctl driver set 0000:00:03.0 vfio-pci --early; mdevctl rules show --early
mkdir -p usr/bin usr/sbin; touch usr/bin/dracut; mdevctl driver set 0000:00:03.0 vfio-pci; mdevctl driver set 0000:00:04.0 none --early
touch usr/sbin/update-initramfs; mdevctl driver unset 0000:00:03.0; mdevctl rules show --early
echo 'x y' >etc/driverctl.d/pci-0000:00:04.0; : >etc/driverctl.early.d/pci-0000:00:05.0; mdevctl rules show --early
: >etc/driverctl.d/pci-0000:00:04.0; mdevctl rules show --early
mdevctl driver set 0000:00:03.0 vfio-pci --early --now-only 2>&1 | head -1
rm -r etc/driverctl.early.d; : >etc/driverctl.early.d; mdevctl driver set 0000:00:03.0 vfio-pci --early; rm etc/driverctl.early.d; writes
mdevctl driver set 0000:00:03.0 nonesuch --early; find etc/driverctl.early.d
mdevctl driver set css/0.0.0313 vfio_ccw --early; mdevctl driver set ap/05.0004 vfio_ap --early
rm -r etc/driverctl.d usr; mdevctl driver unset 0000:00:04.0; writes >/dev/null
mdevctl driver set 0000:00:00.0 vfio-pci
mdevctl driver set 0000:00:03.1 vfio-pci
mdevctl driver set nobus/0000:00:03.0 vfio-pci
mdevctl driver set 0000:00:03.0 nonesuch
mdevctl driver set 0000:00:03.0 ""
mdevctl driver set 0000:00:03.0 ../vfio-pci
mdevctl driver set "" vfio-pci
mdevctl driver set pci/ vfio-pci
mdevctl driver set / vfio-pci
mdevctl driver set css/dev:0.0.2b09 vfio_ccw
mdevctl driver load 0000:00:03.0
mdevctl driver devices -b css
mdevctl driver devices nothing 2>&1 | head -2
mdevctl driver set 0000:00:03.0 2>&1 | head -1
mdevctl driver set 0000:00:03.0 vfio-pci --now 2>&1 | head -1
mdevctl subchannel
mdevctl ap
stored; writes
end
