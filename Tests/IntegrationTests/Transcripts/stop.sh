# SPDX-License-Identifier: Apache-2.0
mdevctl stop -u $a
parent mtty mtty-2 12 vfio-pci; device $a mtty mtty-2
mdevctl stop -u $a
cat sys/devices/virtual/mtty/mtty/$a/remove
mkdir -p dev/vfio proc/77/fd proc/78/fd sys/kernel/iommu_groups/5; ln -s ../../../../../kernel/iommu_groups/5 sys/devices/virtual/mtty/mtty/$a/iommu_group; mkdir -p sys/devices/virtual/mtty/mtty/$a/vfio-dev/vfio0
echo qemu-kvm >proc/77/comm; ln -s ROOT/dev/vfio/5 proc/78/fd/3; ln -s $MDEVCTL_ENV_ROOT/dev/vfio/devices/vfio0 proc/77/fd/9
mdevctl stop -u $a
mdevctl stop -u $a --wait=0
mdevctl stop -u $a --force
rm proc/77/fd/9; mdevctl stop -u $a --wait
