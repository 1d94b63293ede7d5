# SPDX-License-Identifier: Apache-2.0
mdevctl start -u $a
mdevctl start -u $a -t mtty-2
mdevctl start -u $a -p mtty
mdevctl start -u $a -p mtty -t mtty-2
parent mtty mtty-2 12 vfio-pci; parent mtty mtty-1 0 vfio-pci
mdevctl start -u $a -p MTTY -t mtty-2
mdevctl start -u $a -p mtty -t mtty-3
mdevctl start -u $a -p mtty -t mtty-1
mdevctl start -u $a -p mtty -t mtty-2
cat sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create
mdevctl start -p mtty -t mtty-2 | grep -cxE '[0-9a-f-]{36}'
device $a mtty mtty-2
mdevctl start -u $a -p mtty -t mtty-2
mdevctl start -u $a -p mtty -t mtty-1
mdevctl start -u $a -p mdpy -t mdpy-hd
mdevctl define -u $b -p mtty -t mtty-2; mdevctl start -u $b
mdevctl start -u $b -t mtty-1
mdevctl define -u $b -p mdpy -t mdpy-hd; mdevctl start -u $b
mdevctl start -u $b -p mdpy
mkdir -p sys/devices/virtual/mdpy/mdpy; ln -s ../../devices/virtual/mdpy/mdpy sys/class/mdev_bus/mdpy; mdevctl start -u $b -p mdpy
echo '{"mdev_type":"mtty-2","start":"manual"}' | mdevctl start -u $c -p mtty --jsonfile /dev/stdin
cat sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create
echo '{"mdev_type":"mtty-2","start":"manual"}' | mdevctl start -u $c --jsonfile /dev/stdin
echo '[' | definition mtty $c; mdevctl start -u $c
