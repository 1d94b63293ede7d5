# SPDX-License-Identifier: Apache-2.0
simulate pci
mdevctl driver set 0000:02:00.0 vfio-pci >/dev/null
complete_in fish "mdevctl driver set 0000:0"
complete_in fish "mdevctl driver set pci/0000:0"
complete_in fish "mdevctl driver set --bus=pci 0000:0"
complete_in fish "mdevctl driver set 0000:02:00.0 v"
complete_in fish "mdevctl driver load "
complete_in fish "driverctl --verb list-devices net"
end
