# SPDX-License-Identifier: Apache-2.0
# One judge: the next boot.
simulate s390x; mdevctl rules install >/dev/null; mdevctl ap set apmask=-5 >/dev/null; auto assign_adapter=5 assign_domain=4 | definition matrix $a
# The rules of the masks have udev load vfio_ap.
ctl unload vfio_ap; mdevctl plan; mdevctl plan --boot; mdevctl check --boot; ctl reboot; mdevctl autostart
# What the kernel's command line gives away is given away at the next boot.
mdevctl stop -u $a; rm etc/udev/rules.d/41-ap.rules; mdevctl plan --boot; ctl reboot --command-line ap.apmask=0xf0; mdevctl ap 05.0004; mdevctl plan --boot
end
