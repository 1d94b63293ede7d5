# SPDX-License-Identifier: Apache-2.0
# PCI functions are found without their domain, and in capitals, where a device is meant.
simulate nvidia
mdevctl start $a -p 3b:00.0 -t nvidia-231
mdevctl start $a -p 0000:3B:00.0 -t nvidia-231
mdevctl start $a -p 99:00.0 -t nvidia-231
mdevctl driver set 3A:00.0 none; mdevctl driver unset 3a:00.0
mdevctl driver set pci/99:00.0 vfio-pci
end
