# SPDX-License-Identifier: Apache-2.0
simulate s390x; echo -5,-6 >sys/bus/ap/apmask; mkdir -p run/lock
validate get capabilities $a </dev/null
validate get capabilities $a vfio_ccw-io 0.0.0313 <&-
validate get capabilities $a mtty-2 mtty </dev/null
for e in pre post get live notify; do validate $e define $a i915-GVTg_V5_4 0000:00:02.0; echo $?; done
validate get capabilities $a vfio_ap-passthrough elsewhere
ap >in; validate pre define $a <in; echo $?; holder; validate post define $a '' '' success <in; echo $?; holder
auto assign_adapter=5 assign_domain=4 assign_domain=0x2b >in; validate pre define $a <in; holder; validate post define $a '' '' failure; holder; validate pre define $a <in; validate post define $a; holder
mdevctl define -u $a -p matrix --jsonfile in --force; mdevctl list -dv
validate pre define $a <in; echo $?; holder
auto assign_adapter=6 assign_adapter=5 assign_domain=43 assign_domain=6 >in; validate pre define $b <in; echo $?; holder
auto assign_adapter=5 assign_adapter=0xa assign_domain=4 >in; validate pre define $b <in; echo $?; holder
mkdir -p etc/udev/rules.d; echo 'ATTR{../../bus/ap/apmask}="-5-6,+6", ATTR{../../bus/ap/aqmask}="0xf0"' >etc/udev/rules.d/41-ap.rules; auto assign_adapter=5 assign_adapter=6 assign_domain=1 assign_domain=6 >in; validate pre define $b <in; echo $?; validate post define $b; echo 'ATTR{../../bus/ap/apmask}="0xh"' >etc/udev/rules.d/41-ap.rules; validate pre define $b <in; echo $?; holder; rm etc/udev/rules.d/41-ap.rules
auto assign_adapter=x assign_domain=1 >in; validate pre define $b <in; auto assign_adapter=5,6 >in; validate pre define $b <in; auto matrix=1 >in; validate pre define $b <in
auto assign_adapter=6 assign_domain=4 >in; mdevctl start -u $c -p matrix --jsonfile in; validate pre define $b <in; echo $?; holder; validate post define $b
validate pre modify $b <in; echo $?; validate pre modify $a <in; echo $?; validate post modify $a; auto assign_adapter=4 assign_domain=4 >in; validate pre modify $a <in; echo $?; sed -i s/auto/manual/ in; validate pre modify $a <in; echo $?; validate post modify $a; holder
for text in '' '{' '[]' '{}' '{"start":"auto"}' '{"mdev_type":"mtty-2","start":"auto"}' '{"mdev_type":"vfio_ap-passthrough","start":"auto","attrs":[{"assign_adapter":5}]}'; do validate pre define $b <<<"$text"; echo $? $(holder); done
echo '{"mdev_type":"vfio_ap-passthrough","attrs":[{"assign_adapter":"5"},{"assign_domain":"4"}]}' >in; validate pre define $b <in; echo $?; validate post define $b; printf '{"mdev_type":"vfio_ap-passthrough","start":"auto"}\0' >in; validate pre define $b <in; echo $?; validate post define $b
mkfifo pipe; sleep 60 >pipe & auto assign_adapter=5 assign_domain=4 >pipe & validate pre define $b <pipe; echo $?; kill %1
head -c 2000000 /dev/zero | tr '\0' ' ' >in; validate pre define $b <in; echo $?; holder
ap assign_adapter=6 assign_adapter=0x4 assign_domain=4 >in; validate pre start $b <in; echo $?; holder; auto assign_adapter=5 assign_domain=4 >in; validate pre start $b <in; echo $?; holder; validate post start $b '' '' success; holder
ap assign_control_domain=4 assign_adapter=5 >in; validate pre start $b <in; echo $?; auto assign_control_domain=4 >in; validate pre define $b <in; echo $?; validate post define $b
validate pre start $c <in; echo $?; validate post start $c; for i in stop undefine; do validate pre $i $a </dev/null; echo $? $(holder); validate post $i $a '' '' success; echo $? $(holder); done; echo junk >etc/mdevctl.d/matrix/$a; validate pre undefine $a </dev/null; echo $?; validate post undefine $a; validate pre define $a <in; echo $?
validate pre stop $a; validate pre stop $b; echo $? $(holder); validate post stop $a; holder; validate post stop $b; echo $? $(holder)
echo 4194305 >run/lock/s390apconfig.lock; validate pre stop $a; echo $? $(holder)
rm run/lock/*; sleep 60 & echo $! >run/lock/s390apconfig.lock; validate post stop $a; echo $? $(holder); (sleep 0.2; rm run/lock/s390apconfig.lock) & validate pre stop $a; echo $? $(holder); validate post stop $a; kill %1
rm -r run/lock; touch run/lock; (validate pre stop $a; echo $?; validate get attributes $c; echo $?) 2>&1; rm run/lock
validate get attributes $c; holder; validate get attributes $a; echo $? $(holder); validate pre stop $c; validate get attributes $c; holder; validate post stop $c
ap assign_adapter=5,6 assign_domain=0x4 assign_domain=6 assign_control_domain=010 >in; validate live modify $c <in; echo $? $(holder); queues $c; validate get attributes $c; writes | tail -n 1
ap >in; mdevctl start -u $a -p matrix --jsonfile in; validate get attributes $a; auto assign_adapter=4 assign_adapter=5 assign_domain=4 >in; validate live modify $a <in; echo $? $(holder); writes | tail -n +2
ap assign_control_domain=4 >in; validate live modify $a <in; echo $?; ap assign_adapter=x >in; validate live modify $a <in; echo $?; ap intel_vgpu/vgpu_id=1 >in; validate live modify $a <in; echo $?; ap >in; validate live modify $b <in; echo $?; validate live start $a <in; echo $?; validate live modify $a <<<'{'; echo $?; holder; writes
ctl fail /sys/bus/mdev/devices/$c/ap_config EPERM; validate live modify $c <in; echo $?; holder; queues $c; writes | cut -c1-100; ctl hold $c; validate live modify $c <in; echo $?; queues $c; ctl release $c
printf '{"mdev_type":"vfio_ccw-io","start":"auto"}' >in; validate pre define $a vfio_ccw-io 0.0.0313 <in; echo $? $(holder); mdevctl define -u $a -p 0.0.0313 --jsonfile in --force; validate pre define $b vfio_ccw-io 0.0.0313 <in; echo $?; validate pre define $a vfio_ccw-io 0.0.0314 <in; echo $?; validate pre define $a vfio_ccw-io 0.0.0313 <in; echo $?; validate pre modify $b vfio_ccw-io 0.0.0313 <in; echo $?; validate post define $a vfio_ccw-io 0.0.0313; for i in start stop undefine; do validate pre $i $b vfio_ccw-io 0.0.0313 <in; echo $?; done; validate get attributes $a vfio_ccw-io 0.0.0313; validate live modify $a vfio_ccw-io 0.0.0313 <in; echo $?
validate pre rename $a </dev/null; echo $?; validate later define $a; echo $?; validate get weather $a; echo $?; validate pre attributes $a; echo $?; holder
exec -a mdevctl-validate mdevctl -t vfio_ap-passthrough -e pre -a define -s none -p matrix
validate pre define no-uuid
exec -a 50-mdevctl-validate mdevctl --version
auto assign_adapter=5 >in; ctl unload vfio_ap; validate pre define $b <in; echo $?; validate pre start $b <in; echo $?; validate get attributes $b; echo $?; holder
end
