# SPDX-License-Identifier: Apache-2.0
simulate s390x
mdevctl ap
mdevctl driver set ap/05.0004 vfio_ap --dry-run
stored; writes
mdevctl driver set ap/05.0004,05.00ab vfio_ap
stored; writes
mdevctl ap
mdevctl driver overrides -b ap
mdevctl driver devices -b ap | head -6
mdevctl start -u $a -p matrix -t vfio_ap-passthrough; echo 5 >sys/bus/mdev/devices/$a/assign_adapter; echo 4 >sys/bus/mdev/devices/$a/assign_domain
mdevctl ap; writes >/dev/null
mdevctl driver unset ap/05.0004
mdevctl ap set apmask=+5
mdevctl ap set apmask=0-255 --active
stored; writes
ctl fail /sys/bus/ap/aqmask EIO
mdevctl ap set apmask=-6 aqmask=-4
mdevctl ap; writes
mdevctl ap set apmask=+5 --persistent
mdevctl ap; writes
mdevctl stop -u $a; mdevctl driver unset ap/05.0004
mdevctl ap
mdevctl driver set ap/04-06.0004,0a.0004 vfio_ap --now-only
mdevctl ap; writes
mdevctl driver unset ap/04-0a.0004 --json
mdevctl driver set ap/06 vfio_ap --json | head -20
mdevctl ap --json | head -20
mdevctl ap set apmask=0-120,129-255 aqmask=+4,-0xab
stored
printf 'ATTR{../../bus/ap/apmask}="0xff"\n' >etc/udev/rules.d/41-ap.rules; mdevctl ap
printf 'ATTR{../../bus/ap/apmask}="junk"\n' >etc/udev/rules.d/41-ap.rules; mdevctl ap; mdevctl ap set aqmask=0-255
ln -sf /elsewhere etc/udev/rules.d/41-ap.rules; mdevctl ap set aqmask=+0xab --persistent
rm etc/udev/rules.d/41-ap.rules; mdevctl ap set apmask=0-255 aqmask=0-255 >/dev/null; writes >/dev/null
mkdir -p run/lock; echo $$ >run/lock/s390apconfig.lock; timeout 1 mdevctl ap set apmask=-1; echo $?; rm run/lock/s390apconfig.lock*
echo 4194305 >run/lock/s390apconfig.lock; mdevctl ap set apmask=0-255; ls run/lock
for queue in "" 05. .0004 256.0 100 5.0100 06-05 05.4-3 07 05.0007 05,,06 x card05.0004; do mdevctl driver set "ap/$queue" vfio_ap; done
mdevctl driver set ap/05.0004 cex4queue
mdevctl driver set ap/05.0004 none
mdevctl driver set ap/05.0004 nonesuch
for list in "" 256 5-4 +5,6 5. 0x -; do mdevctl ap set "apmask=$list"; done
mdevctl ap set 2>&1 | head -1; mdevctl ap set apmask 2>&1 | head -1; mdevctl ap set mask=1 2>&1 | head -1; mdevctl ap set apmask=1 apmask=2 2>&1 | head -1
echo vfio_ap >etc/driverctl.d/ap-05.0004; mdevctl driver set ap/06 vfio_ap
mdevctl ap set apmask=-6 --persistent
rm etc/driverctl.d/*; writes; stored
mdevctl ap set apmask=-5 >/dev/null; printf '{"mdev_type":"vfio_ap-passthrough","start":"auto","attrs":[{"assign_adapter":"5"},{"assign_domain":"0xab"}]}' | definition matrix $a
mdevctl ap
mdevctl driver unset ap/05 --dry-run
ctl fail /sys/bus/ap/apmask EBUSY
mdevctl ap set apmask=+5 --active
end
