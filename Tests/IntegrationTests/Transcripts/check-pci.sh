# SPDX-License-Identifier: Apache-2.0
simulate pci; mdevctl rules install >/dev/null; mdevctl check
mdevctl driver set pci/0000:01:00.0 vfio-pci; mdevctl check
mdevctl driver set pci/0000:01:00.0 vfio-pci --group; mdevctl check
echo e1000e >etc/driverctl.d/pci-0000:01:00.1; echo none >etc/driverctl.d/pci-0000:00:1f.6; mdevctl check; mdevctl plan --boot
mdevctl driver load pci/0000:00:1f.6; mdevctl check --active
end
