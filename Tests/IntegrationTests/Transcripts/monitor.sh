# SPDX-License-Identifier: Apache-2.0
# What comes, goes and changes, as it happens; each 'tells' waits for the lines about its command.
mdevctl monitor --help
mdevctl monitor --wait
watch mtty 'listen; tells 1 mdevctl define -u $a -p mtty -t mtty-1; tells 1 mdevctl modify -u $a --auto; tells 1 mdevctl modify -u $a --manual; tells 1 mdevctl start -u $a; tells 1 mdevctl stop -u $a; tells 1 mdevctl undefine -u $a; leave TERM'
watch mtty 'mdevctl start -u $a -p mtty -t mtty-2; mdevctl define -a -u $a 2>/dev/null; store pci-0000:01:00.0 vfio-pci; listen --initial --json; tells 1 mdevctl stop -u $a; tells 1 mdevctl undefine -u $a; tells 1 rm /etc/driverctl.d/pci-0000:01:00.0; leave HUP'
# Parents that come and go, with their devices.
watch mtty 'mdevctl start -u $a -p mtty -t mtty-2; listen; tells 2 mdevsim ctl unregister mtty; tells 1 mdevsim ctl register mtty; leave TERM'
# A device that has no room comes and goes without having started.
watch mtty 'for i in {1..24}; do mdevctl start -u $(number $i) -p mtty -t mtty-1; done; listen; (echo $a >/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create) 2>/dev/null; tells 1 mdevctl stop -u $(number 7); leave TERM'
# Drivers and masks.
watch s390x 'listen; tells 4 mdevctl driver set css/0.0.0313 vfio_ccw; tells 4 mdevctl driver unset css/0.0.0313; tells 9 mdevctl ap set apmask=-5 --now-only; tells 9 mdevctl ap set apmask=+5 --now-only; leave TERM'
# Virtual functions.
watch xe 'listen; tells 6 mdevctl vgpu set 0000:03:00.0 --functions 2; tells 5 mdevctl vgpu unset 0000:03:00.0; leave TERM'
# Under another root nobody tells of what the kernel does. A store that is not there at first,
# directories that come and go, and what other tools do there.
listen; tells 1 mdevctl define -u $a -p mtty -t mtty-1; tells 2 mv etc/mdevctl.d/mtty etc/mdevctl.d/mdpy; tells 1 rm -r etc/mdevctl.d; tells 1 mdevctl define -u $a -p mtty -t mtty-1; tells 2 tee etc/mdevctl.d/mtty/$b <<<garbage; tells 1 cp etc/mdevctl.d/mtty/$a etc/mdevctl.d/mtty/$b; tells 1 ln -s $a etc/mdevctl.d/mtty/$c; tells 1 rm etc/mdevctl.d/mtty/$b; tells 1 store pci-0000:01:00.0 vfio-pci; leave TERM
