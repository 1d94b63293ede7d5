# SPDX-License-Identifier: Apache-2.0
simulate s390x-619; mdevctl driver set ap/05.0004 vfio_ap >/dev/null; ap | mdevctl start -u $a -p matrix --jsonfile /dev/stdin; ap assign_adapter=5 assign_domain=4 >new; mdevctl modify -u $a --live --jsonfile new; queues $a
ap assign_adapter=5 assign_domain=4,5,6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a
end
