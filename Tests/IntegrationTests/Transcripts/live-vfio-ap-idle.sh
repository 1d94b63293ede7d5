# SPDX-License-Identifier: Apache-2.0
simulate_ap 's/, "ap_config"//' 's/, "hotplug"//'; echo -5,-6 >sys/bus/ap/apmask; ap assign_adapter=5 assign_domain=4 >new; ap | mdevctl start -u $a -p matrix --jsonfile /dev/stdin; mdevctl modify -u $a --live --jsonfile new; queues $a
ctl hold $a; ap assign_adapter=6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a
end
