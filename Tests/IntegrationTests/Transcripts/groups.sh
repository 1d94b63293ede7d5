# SPDX-License-Identifier: Apache-2.0
# IOMMU groups, and why a host has none; the tables and the command line are those of the files.
mdevctl groups; mdevctl groups --json
pci_function 0000:00:03.0 pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00 virtio-pci; pci_function 0000:00:04.0 strange virtio-pci
mdevctl groups; mdevctl groups --json 2>/dev/null | tail -3
why() { firmware "$@"; mdevctl groups 2>&1 >/dev/null; }; why quiet FACP; why quiet DMAR; why 'intel_iommu=on quiet' DMAR; why 'intel_iommu=on intel_iommu=sm_off,off' DMAR; why quiet IVRS; why amd_iommu=off IVRS; why 'intel_iommu=off iommu=pt' IVRS; why iommu=off DMAR; why quiet IORT
mkdir -p sys/module/vfio/parameters; echo Y >sys/module/vfio/parameters/enable_unsafe_noiommu_mode; mdevctl groups -n -o group,viable,device
iommu_group 0 0000:00:03.0; mdevctl groups -n -o group,viable,device
# With an IOMMU: a bridge, free devices, and one of the host.
echo N >sys/module/vfio/parameters/enable_unsafe_noiommu_mode; pci_function 0000:00:01.0 pci:v00008086d00001901sv00000000sd00000000bc06sc04i00 pcieport 0x060400; pci_function 0000:01:00.0 pci:v000010DEd00001B81sv00001458sd00003702bc03sc00i00 nouveau 0x030000; iommu_group 1 0000:00:01.0; iommu_group 2 0000:00:04.0 0000:01:00.0
mdevctl groups; rm sys/bus/pci/devices/0000:00:04.0/driver; mdevctl groups -n -o group,viable,driver
pci_function 0000:01:00.0 pci:v000010DEd00001B81sv00001458sd00003702bc03sc00i00 vfio-pci 0x030000; mdevctl groups -n -o group,viable,driver,override,stored; mdevctl groups --json
on_terminal 80 "mdevctl groups; mdevctl groups -o group,stored"
