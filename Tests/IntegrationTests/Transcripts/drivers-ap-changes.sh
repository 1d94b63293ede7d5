# SPDX-License-Identifier: Apache-2.0
# What `ap set` and `driver set ap/...` do to masks, mask by mask.
simulate s390x
# Only the mask that is named is stored; what is set for now alone is not.
mdevctl ap set apmask=-6 --now-only
mdevctl ap set aqmask=-4
mask_rules
mdevctl ap set aqmask=0-255 --dry-run
mdevctl ap set aqmask=0-255 >/dev/null; mask_rules
# A stored mask goes with --remove, and the file with the last.
mdevctl ap set apmask=-6 --boot-only >/dev/null; mask_rules
mdevctl ap set --remove aqmask; mask_rules
mdevctl ap set --remove aqmask; mask_rules
mdevctl ap set aqmask=-4 --remove apmask --boot-only; mask_rules
mdevctl ap set --remove aqmask --json
mask_rules; ls etc/udev/rules.d
mdevctl ap set --remove apmask --now-only 2>&1 | head -1
mdevctl ap set --remove apmask apmask=1 2>&1 | head -1
mdevctl ap set --remove both 2>&1 | head -1
# Numbers are read with base 0.
mdevctl ap set apmask=0-255 --active >/dev/null
mdevctl ap set aqmask=-010,-0xab --active --dry-run
mdevctl ap set aqmask=-08
mdevctl ap set aqmask=-ab
# In one of the two orders the host would get a queue of a device on the way.
mdevctl ap set apmask=-5 >/dev/null
mdevctl start -u $a -p matrix -t vfio_ap-passthrough; echo 5 >sys/bus/mdev/devices/$a/assign_adapter; echo 4 >sys/bus/mdev/devices/$a/assign_domain
writes >/dev/null
mdevctl ap set apmask=+5 aqmask=-4 >/dev/null; writes
mdevctl ap set apmask=-5 aqmask=+4 >/dev/null; writes
mdevctl ap set apmask=-6 aqmask=-6,-4 >/dev/null; writes >/dev/null
mdevctl start -u $b -p matrix -t vfio_ap-passthrough; echo 6 >sys/bus/mdev/devices/$b/assign_adapter; echo 6 >sys/bus/mdev/devices/$b/assign_domain
mdevctl ap set apmask=+5,-0xa aqmask=+0x2b --active >/dev/null; writes | tail -2
mdevctl ap set apmask=-5,+0xa,+6 aqmask=-0x2b,+4 --active >/dev/null; writes
mdevctl stop -u $a; mdevctl stop -u $b; mdevctl ap set apmask=0-255 aqmask=0-255 >/dev/null
# As with chzdev, no device that starts by itself loses a queue.
mdevctl ap set apmask=-5 >/dev/null
auto assign_adapter=5 assign_domain=0xab | definition matrix $a
mdevctl ap set apmask=+5; mdevctl ap set apmask=+5 --boot-only
mdevctl ap set --remove apmask
mdevctl ap set apmask=+5 --now-only
mdevctl ap set apmask=+5 aqmask=-0xab
mdevctl undefine -u $a; mdevctl ap set apmask=0-255 aqmask=0-255 >/dev/null
# A queue that the masks give away and nobody has is bound; so is one of the host's.
mdevctl ap set apmask=-5 --active >/dev/null
echo 05.0004 >sys/bus/ap/drivers/vfio_ap/unbind
mdevctl ap 05.0004
mdevctl driver set ap/05.0004 vfio_ap --now-only
mdevctl driver set ap/05.0004 vfio_ap --now-only
mdevctl ap 05.0004
echo 04.0004 >sys/bus/ap/drivers/cex4queue/unbind
mdevctl driver unset ap/04.0004 --now-only --json
mdevctl driver devices -b ap | head -1
mdevctl ap set apmask=0-255 aqmask=0-255 >/dev/null; mdevctl ap set --remove apmask --remove aqmask >/dev/null
# Names of queues are hexadecimal, numbers of masks and APQNs decimal.
mdevctl driver set ap/5.171 vfio_ap
mdevctl driver set ap/10.4 vfio_ap
mdevctl driver set ap/05.43,05.0004 vfio_ap
mdevctl driver set ap/05.00ab vfio_ap --dry-run | tail -1
mv run/mdevctl notes; touch run/mdevctl; mdevctl ap set apmask=-6 --now-only; ls -A run/lock; rm run/mdevctl; mv notes run/mdevctl
end
