# SPDX-License-Identifier: Apache-2.0
simulate_ap 's/, "ap_config"//' 's/"max_adapter": 255/"max_adapter": 63/'; echo -5,-6 >sys/bus/ap/apmask; for d in $a $b; do ap | mdevctl start -u $d -p matrix --jsonfile /dev/stdin; done
ap assign_adapter=5,6 assign_domain=4,6 assign_control_domain=4 | mdevctl modify -u $a -p matrix --live --jsonfile /dev/stdin; queues $a; writes | tail -n +4
ctl hold $a; ap assign_adapter=5 assign_domain=4,0xab assign_control_domain=0xab | mdevctl modify -u $a -p matrix --live --jsonfile /dev/stdin; queues $a; writes
ap assign_adapter=5 assign_domain=4,0xab assign_control_domain=0xab | mdevctl modify -u $a -p matrix --live --jsonfile /dev/stdin; writes
ap assign_adapter=6 assign_domain=0x2b | mdevctl modify -u $b --live --jsonfile /dev/stdin; queues $b; writes
ap assign_adapter=5,6 assign_domain=6,0x2b | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a; writes
ap assign_adapter=4,5 assign_domain=6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a; writes
ap assign_adapter=64,5 assign_domain=6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a; writes
ctl fail /sys/bus/mdev/devices/$a/assign_control_domain EADDRINUSE; ap assign_adapter=6 assign_domain=4,6 assign_control_domain=6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a; writes
for e in EADDRNOTAVAIL EIO; do ctl fail /sys/bus/mdev/devices/$a/assign_adapter $e; done; ap assign_adapter=6 assign_domain=0xab | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a; writes
ap assign_adapter=5 assign_domain=6 >new; mdevctl modify -u $a --live --jsonfile new; mdevctl define -u $a; writes >/dev/null
mkdir etc/.mdevctl.new; ctl fail /sys/bus/mdev/devices/$a/unassign_domain EIO; ap assign_adapter=5 assign_domain=4,6 | mdevctl modify -u $a --live --defined --jsonfile /dev/stdin; queues $a; writes
rmdir etc/.mdevctl.new; mdevctl check | grep -A1 interrupted; mdevctl recover; queues $a; cat etc/mdevctl.d/matrix/$a; writes
for i in 4 6 0x2b 0xab 4,6 6,0xab 4,0xab 4,6,0xab; do ap assign_adapter=5 assign_domain=$i assign_control_domain=$i | mdevctl modify -u $a --live --jsonfile /dev/stdin & done; wait; queues $a | sed 's/05\.//g' | sort -u -k 2 | wc -l; writes | sed '/ ok$/d'
end
