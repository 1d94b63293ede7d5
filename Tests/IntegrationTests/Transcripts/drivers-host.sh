# SPDX-License-Identifier: Apache-2.0
# A host of plain files: a subchannel with a DASD, a card with a link behind a bridge.
mkdir -p sys/bus/{css,pci}/{devices,drivers/{io_subchannel,vfio_ccw,pcieport,e1000e,vfio-pci}} sys/class/{block,net} sys/devices/css0/0.0.0313 sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0
ln -s ../../../devices/css0/0.0.0313 sys/bus/css/devices/; ln -s ../../../bus/css/drivers/io_subchannel sys/devices/css0/0.0.0313/driver; echo '(null)' >sys/devices/css0/0.0.0313/driver_override
cd sys/devices/pci0000:00; for place in 0000:00:01.0 0000:00:01.0/0000:01:00.0; do echo '(null)' >$place/driver_override; ln -s ../../../devices/pci0000:00/$place ../../bus/pci/devices/; done; ln -s ../../../bus/pci/drivers/pcieport 0000:00:01.0/driver; ln -s ../../../../bus/pci/drivers/e1000e 0000:00:01.0/0000:01:00.0/driver; echo 0x060400 >0000:00:01.0/class
cd sys/devices/css0/0.0.0313; for part in '' /dasda1 /dasda2; do mkdir -p 0.0.2b09/block/dasda$part; ln -s ../../devices/css0/0.0.0313/0.0.2b09/block/dasda$part ../../../class/block/; done; echo 94:0 >0.0.2b09/block/dasda/dev; echo 94:1 >0.0.2b09/block/dasda/dasda1/dev; echo 94:2 >0.0.2b09/block/dasda/dasda2/dev
mdevctl driver set css/0.0.0313 vfio_ccw --dry-run
mkdir -p proc/1; echo '22 1 94:1 / / rw,relatime - ext4 /dev/dasda1 rw' >proc/1/mountinfo; printf 'Filename Type\n/dev/dasda2 partition\n' >proc/swaps
mdevctl driver set css/0.0.0313 vfio_ccw
mdevctl driver set css/0.0.0313 vfio_ccw --dry-run
mdevctl driver set css/0.0.0313 vfio_ccw --dry-run --force
store css-0.0.0313 'vfio_ccw\n'; mdevctl driver load css/0.0.0313; driverctl -b css set-override 0.0.0313 vfio_ccw
mkdir -p sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/net/enp1s0 proc/net; ln -s ../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/net/enp1s0 sys/class/net/; echo 0x1003 >sys/class/net/enp1s0/flags; printf 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\nenp1s0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\n' >proc/net/route
mdevctl driver set 0000:01:00.0 vfio-pci
ln -s ../../../../kernel/iommu_groups/1 sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/iommu_group; mkdir -p sys/kernel/iommu_groups/1/devices; ln -s ../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0 sys/kernel/iommu_groups/1/devices/
mdevctl driver set 0000:01:00.0 vfio-pci
mdevctl driver set 0000:00:01.0 none
mdevctl driver set 0000:00:01.0 vfio-pci
echo 0x1002 >sys/class/net/enp1s0/flags; mdevctl driver set 0000:01:00.0 vfio-pci --dry-run
find etc
