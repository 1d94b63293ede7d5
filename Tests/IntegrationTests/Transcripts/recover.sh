# SPDX-License-Identifier: Apache-2.0
# A change that was killed between what is in force and what is stored.
simulate s390x
mdevctl recover
killed etc/driverctl.d/.mdevctl.new mdevctl driver set css/0.0.0313 vfio_ccw
mdevctl check | grep -A1 interrupted; mdevctl check --json | grep -B1 -A6 change-interrupted
mdevctl driver devices -b css | grep 0313; stored
mdevctl recover; stored; mdevctl check | grep interrupted
# The next change finishes it as well.
killed etc/udev/rules.d/.mdevctl.new mdevctl ap set apmask=-5
mask_rules; mdevctl check | grep -A1 interrupted
mdevctl driver unset css/0.0.0313; mask_rules
# What somebody has changed since is left alone.
killed etc/udev/rules.d/.mdevctl.new mdevctl ap set apmask=-6
echo +5 >sys/bus/ap/apmask
mdevctl recover; mask_rules
echo junk >run/mdevctl/changes/masks; mdevctl check | grep -A1 note; mdevctl recover; mdevctl recover
# What can't be brought to its end holds up the next change of the same alone.
killed etc/driverctl.d/.mdevctl.new mdevctl driver set css/0.0.0314 vfio_ccw >/dev/null
ls run/mdevctl/changes
rm etc/driverctl.d/.mdevctl.new; mkdir etc/driverctl.d/.mdevctl.new; mdevctl ap set aqmask=-4; mdevctl driver set css/0.0.0314 vfio_ccw
mdevctl recover
rmdir etc/driverctl.d/.mdevctl.new; mdevctl recover; ls run/mdevctl/changes; stored | grep -v rules
end
