# SPDX-License-Identifier: Apache-2.0
# A network card of plain files with two functions, of which the host uses one.
mkdir -p sys/bus/pci/{devices,drivers/{ice,iavf,vfio-pci}} sys/class/net sys/devices/pci0000:00
cd sys/devices/pci0000:00; for name in 0000:04:00.0 0000:04:10.0 0000:04:10.1; do mkdir $name; echo '(null)' >$name/driver_override; ln -s ../../../bus/pci/drivers/iavf $name/driver; ln -s ../../../devices/pci0000:00/$name ../../bus/pci/devices/; done; ln -sfn ../../../bus/pci/drivers/ice 0000:04:00.0/driver; echo 4 >0000:04:00.0/sriov_totalvfs; echo 0x020000 >0000:04:00.0/class; ln -s ../0000:04:10.0 0000:04:00.0/virtfn0; ln -s ../0000:04:10.1 0000:04:00.0/virtfn1
mdevctl vgpu set 04:00.0 --functions 3 --dry-run
mkdir -p sys/devices/pci0000:00/0000:04:10.1/net/enp4s16f1; echo 0x1003 >sys/devices/pci0000:00/0000:04:10.1/net/enp4s16f1/flags; ln -s ../../devices/pci0000:00/0000:04:10.1/net/enp4s16f1 sys/class/net/
mdevctl vgpu set 04:00.0 --functions 3
mdevctl vgpu set 04:00.0 --functions 3 --driver vfio-pci --dry-run
mdevctl vgpu set 04:00.0 --functions 2 --driver vfio-pci --dry-run
mdevctl vgpu set 04:00.0 --functions 2 --driver iavf --dry-run
mdevctl vgpu set 04:00.0 --functions 2 --driver vfio-pci --dry-run --force
mkdir -p etc/mdevctl.vgpu.d; echo '{"functions": 2}' >etc/mdevctl.vgpu.d/0000:04:00.0
mdevctl vgpu unset 04:00.0
mdevctl vgpu unset 04:00.0 --dry-run --force
mdevctl driver set 0000:04:00.0 none
# Its stored driver would take the functions away, so there is no advice to load it.
mkdir -p etc/driverctl.d; echo vfio-pci >etc/driverctl.d/pci-0000:04:00.0; mdevctl check | grep -v rules
mdevctl driver load 0000:04:00.0
