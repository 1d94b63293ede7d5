# SPDX-License-Identifier: Apache-2.0
simulate s390x; mdevctl plan; mdevctl plan --boot
definition matrix $a <<<'{"mdev_type":"vfio_ap-passthrough","start":"auto","attrs":[{"assign_adapter":"5"},{"assign_domain":"4"},{"assign_domain":"0xab"}]}'; definition matrix $b <<<'{"mdev_type":"vfio_ap-passthrough","start":"auto","attrs":[{"assign_adapter":"5"},{"assign_domain":"4"}]}'; definition 0.0.0313 $c <<<'{"mdev_type":"vfio_ccw-io","start":"auto"}'; definition 0.0.0314 $(number 1) <<<'{"mdev_type":"vfio_ccw-io","start":"manual"}'; definition mtty $(number 2) <<<'{"mdev_type":"mtty-2","start":"auto"}'; definition mtty $(number 3) <<<'{'; mdevctl ap set apmask=-5 --persistent >/dev/null; mkdir -p etc/driverctl.d; echo vfio_ccw >etc/driverctl.d/css-0.0.0313; echo vfio-pci >etc/driverctl.d/pci-0000:00:09.0
mdevctl plan
mdevctl plan --boot
mdevctl plan --boot --json
mdevctl driver load css/0.0.0313; mdevctl ap set apmask=-5 --active >/dev/null; mdevctl plan
mdevctl plan --boot -o uuid,type,state; on_terminal 100 "mdevctl plan -o uuid,state,reason 2>/dev/null"
mdevctl autostart
mdevctl plan; mdevctl plan --boot 2>&1 | grep ^device
end
