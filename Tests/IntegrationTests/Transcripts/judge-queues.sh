# SPDX-License-Identifier: Apache-2.0
# One judge: what check, plan, ap, define and start say of queues is one answer.
simulate s390x; mdevctl rules install >/dev/null; auto assign_adapter=5 assign_domain=4 | definition matrix $a
# The masks of a host that nobody has changed keep every queue, and each command knows.
mdevctl ap 05.0004; mdevctl check; mdevctl plan; mdevctl plan --boot
# Masks in force are not those of the next boot.
echo -5 >sys/bus/ap/apmask; mdevctl check; mdevctl check --now; mdevctl plan --boot; mdevctl ap 05.0004
# What runs is in nobody's way but others'.
mdevctl ap set apmask=-5 >/dev/null; mdevctl start -u $a; ap assign_adapter=5 assign_domain=4 | definition matrix $b; mdevctl modify -u $a --manual; mdevctl modify -u $a --auto; mdevctl check
# Each of those that want a queue is named to who wants it, too.
mdevctl undefine -u $b; auto assign_adapter=5 assign_domain=4 | definition matrix $b; auto assign_adapter=5 assign_domain=4 >in; mdevctl define -u $c -p matrix --jsonfile in
# A conflict among others is not told to who has nothing to do with it.
rm etc/mdevctl.d/matrix/*; auto assign_adapter=5 assign_domain=6 | definition matrix $b; auto assign_adapter=5 assign_domain=6 assign_domain=4 | definition matrix $c; mdevctl define -u $a -p matrix --jsonfile in
# A queue that is only wanted on the way is wanted.
rm etc/mdevctl.d/matrix/*; auto assign_adapter=5 assign_domain=6 | definition matrix $b; mdevctl start -u $b; auto assign_adapter=5 assign_domain=6 unassign_domain=6 assign_domain=0xab | definition matrix $c; mdevctl check; mdevctl start -u $c; mdevctl plan
# A live change says all that is in its way, in the words of a start.
rm etc/mdevctl.d/matrix/$c; mdevctl start -u $a -p matrix -t vfio_ap-passthrough 2>/dev/null; ap assign_adapter=4 assign_adapter=5 assign_domain=6 >in; mdevctl modify -u $a --live --jsonfile in; mdevctl stop -u $a; mdevctl start -u $a -p matrix --jsonfile in
# Each bad attribute can be deleted, one after the other.
auto assign_adapter=5 assign_adapter=five assign_domain=0xab matrix=1 | definition matrix $a; mdevctl check; eval "$(mdevctl check | grep modify | head -1)"; eval "$(mdevctl check | grep modify | head -1)"; mdevctl check; mdevctl list -d
end
