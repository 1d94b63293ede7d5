# SPDX-License-Identifier: Apache-2.0
simulate s390x; mdevctl ap set apmask=-5,-6 >/dev/null; mkdir -p run/lock {usr/lib/mdevctl,etc/mdevctl.d}/scripts.d/callouts; ap assign_adapter=5 assign_domain=4 assign_control_domain=0xab >in; mdevctl start -u $a -p matrix --jsonfile in; mdevctl list -v
ln -s $(command -v mdevctl) usr/lib/mdevctl/scripts.d/callouts/50-mdevctl-validate; chmod 777 usr/lib/mdevctl/scripts.d/callouts; mdevctl list -v
mdevctl callouts list --type vfio_ap-passthrough
mdevctl callouts list --type vfio_ap-passthrough --json
mdevctl define -u $a; mdevctl modify -u $a --auto; mdevctl list -dv; mdevctl callouts test usr/lib/mdevctl/scripts.d/callouts/50-mdevctl-validate -u $a | head -n 1
auto assign_adapter=5 assign_domain=4 >in; mdevctl define -u $b -p matrix --jsonfile in; holder
ap assign_adapter=6 assign_domain=4 >in; mdevctl modify -u $a --live --jsonfile in; queues $a; mdevctl check | grep script
chmod 755 usr/lib/mdevctl/scripts.d/callouts; recorder host/callouts/ap-check '[ $action != attributes ] || { echo "[{\"assign_adapter\":\"7\"}]"; exit 0; }'; mdevctl list -v; mdevctl stop -u $a; calls
cp -L usr/lib/mdevctl/scripts.d/callouts/50-mdevctl-validate other; ln -sf ../../../../../other usr/lib/mdevctl/scripts.d/callouts/50-mdevctl-validate; mdevctl callouts list --type vfio_ap-passthrough; mdevctl define -u $b -p matrix --jsonfile in; auto assign_adapter=5 assign_domain=4 >in; mdevctl define -u $c -p matrix --jsonfile in --force; mdevctl start -u $a; mdevctl list -v; mdevctl modify -u $a --live --jsonfile in; queues $a; holder; calls
end
