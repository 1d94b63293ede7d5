# SPDX-License-Identifier: Apache-2.0
simulate s390x; echo -5,-6 >sys/bus/ap/apmask; for d in $a $b; do ap | mdevctl start -u $d -p matrix --jsonfile /dev/stdin; done
ap assign_adapter=5 assign_domain=4 assign_domain=0xab assign_control_domain=4 | mdevctl modify -u $a -p matrix --live --jsonfile /dev/stdin; queues $a
ap assign_adapter=6 assign_domain=4 | mdevctl modify -u $b --live --jsonfile /dev/stdin; queues $b
writes | tail -n 2
ap assign_domain=4,0xab assign_adapter=5 assign_control_domain=4 | mdevctl modify -u $a --live --jsonfile /dev/stdin; writes
ap assign_adapter=4,5 assign_domain=4,6 | mdevctl modify -u $a --live --jsonfile /dev/stdin
ap assign_adapter=4,5,10 assign_domain=4,5,6,43 | mdevctl modify -u $a --live --jsonfile /dev/stdin
ap assign_adapter=5,6 assign_domain=4,0xab | mdevctl modify -u $a --live --jsonfile /dev/stdin
queues $a; writes | cut -c1-100
ap assign_adapter=5 intel_vgpu/vgpu_id=1 | mdevctl modify -u $a --live --jsonfile /dev/stdin
ap assign_adapter=5 assign_domain=4,x | mdevctl modify -u $a --live --jsonfile /dev/stdin
ap ap_config=0x04,0x08 | mdevctl modify -u $a --live --jsonfile /dev/stdin
ap assign_adapter=5 assign_control_domain=4 | mdevctl modify -u $a --live --jsonfile /dev/stdin
for e in EPERM EBUSY EADDRINUSE ENODEV; do ctl fail /sys/bus/mdev/devices/$a/ap_config $e; ap assign_adapter=5 assign_domain=6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; done 2>&1 | sed 's/0\{16,\}/.../g'
queues $a; writes | cut -c1-100
ap ap_config=0x04,0x08,0x08 unassign_control_domain=4 assign_domain=6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a
ap | mdevctl modify -u $a --live --jsonfile /dev/stdin; queues $a; writes >/dev/null
ap assign_adapter=5 assign_domain=4 >new; mdevctl modify -u $a -p matrix --live --defined --jsonfile new; queues $a
mdevctl define -u $a; recorder host/callouts/plain; recorder host/notifiers/n; mdevctl modify -u $a --live --jsonfile new; calls
ap assign_adapter=5 assign_domain=6 >new; mdevctl modify -u $a -p matrix --live --defined --jsonfile new; calls; queues $a; mdevctl list -dv -u $a
ap assign_adapter=4 assign_domain=4 | mdevctl modify -u $a --live --defined --jsonfile /dev/stdin; calls; queues $a; mdevctl list -dv -u $a
mkdir etc/.mdevctl.new; ap assign_adapter=5 assign_domain=4 >new; mdevctl modify -u $a --live --defined --jsonfile new; calls; queues $a; writes | cut -c1-140
rmdir etc/.mdevctl.new; mv etc/mdevctl.d/matrix/$a real; ln -s ../../../real etc/mdevctl.d/matrix/$a; mdevctl modify -u $a --live --defined --jsonfile new; calls; writes
mv real etc/mdevctl.d/matrix/$a; recorder host/callouts/plain '[ $event != pre ] || { echo not now >&2; exit 1; }'; mdevctl modify -u $a --live --defined --jsonfile new; calls; writes
mdevctl modify -u $a --live --defined --force --jsonfile new; calls; queues $a; writes | cut -c1-140
recorder host/callouts/server 'case $event in get) echo "{\"supports\":{\"version\":2,\"actions\":[\"modify\"],\"events\":[\"live\"]}}"; exit 0;; live) exit 0;; esac'; ap assign_adapter=4,0x 5=6 >new; mdevctl modify -u $a --live --jsonfile new; calls; writes
recorder host/callouts/server 'case $event in get) echo "{\"supports\":{\"version\":2,\"actions\":[\"modify\"],\"events\":[\"pre\"]}}"; exit 0;; esac'; ap assign_adapter=5 >new; mdevctl modify -u $a --live --jsonfile new; calls; queues $a; writes | cut -c1-140
chmod o+w etc/mdevctl.d/scripts.d/callouts/plain; mdevctl modify -u $a --live --jsonfile new; calls; writes
rm -r etc/mdevctl.d/scripts.d; mdevctl stop -u $a; mdevctl modify -u $a --live --jsonfile new
end
