# SPDX-License-Identifier: Apache-2.0
# A uuid starts once, and a device that can't start is in nobody's way.
simulate nvidia; mdevctl rules install >/dev/null; for p in 3b 86; do definition 0000:$p:00.0 $a <<<'{"mdev_type":"nvidia-231","start":"auto"}'; done; mdevctl define -u $b -p 0000:86:00.0 -t nvidia-222 -a; mdevctl plan --boot; mdevctl autostart; mdevctl check
# One that is defined on a parent that is missing can start on the other.
rm etc/mdevctl.d/0000:3b:00.0/$a; definition 0000:00:00.0 $a <<<'{"mdev_type":"nvidia-231","start":"auto"}'; mdevctl stop -u $a; mdevctl stop -u $b; mdevctl undefine -u $b; mdevctl check; mdevctl plan
end
