# SPDX-License-Identifier: Apache-2.0
# Masks and overrides that are stored together: the kernel takes one of them, and nobody knows which.
simulate s390x-619; mkdir -p etc/udev/rules.d etc/driverctl.d; mdevctl rules install >/dev/null; chzdev_rules >etc/udev/rules.d/41-ap.rules; echo vfio_ap >etc/driverctl.d/ap-06.0006; auto assign_adapter=5 assign_domain=4 | definition matrix $a; auto assign_adapter=6 assign_domain=6 | definition matrix $b; auto assign_adapter=10 assign_domain=6 | definition matrix $c
mdevctl plan --boot; mdevctl check --boot
mdevctl driver unset ap/06.0006; mdevctl check --boot
end
