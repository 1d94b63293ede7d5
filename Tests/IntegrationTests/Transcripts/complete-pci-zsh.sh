# SPDX-License-Identifier: Apache-2.0
simulate pci
mdevctl driver set 0000:02:00.0 vfio-pci >/dev/null
complete_in zsh "mdevctl driver set 0000:0"
complete_in zsh "mdevctl driver set pci/0000:0"
complete_in zsh "mdevctl driver set --bus=pci 0000:0"
complete_in zsh "mdevctl driver set 0000:02:00.0 v"
complete_in zsh "mdevctl driver load "
complete_in zsh "driverctl --verb list-devices net"
end
