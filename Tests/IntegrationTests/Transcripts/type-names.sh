# SPDX-License-Identifier: Apache-2.0
# Types by the names that their drivers have for people.
parent 0000:06:00.0 nvidia-231 16 vfio-pci 'GRID T4-2Q'; parent 0000:06:00.0 nvidia-232 8 vfio-pci 'GRID T4-4Q'; parent 0000:06:00.0 nvidia-233 8 vfio-pci 'GRID T4-4Q'; parent 0000:06:00.0 nvidia-230 8 vfio-pci; parent mtty mtty-1 24 vfio-pci 'mtty-2'; parent mtty mtty-2 12 vfio-pci 'Dual port serial'
mdevctl define -u $a -p 0000:06:00.0 -t "GRID T4-2Q"; cat etc/mdevctl.d/0000:06:00.0/$a; mdevctl modify -u $a -t 'GRID T4-4Q'; mdevctl modify -u $a -t nvidia-233; mdevctl modify -u $a -t 'GRID T4-2Q'; mdevctl list -d
mdevctl define -u $b -p 0000:06:00.0 -t 'GRID T4-9Q'; mdevctl define -u $b -p 0000:07:00.0 -t 'GRID T4-2Q'; mdevctl modify -u $a -t 'a b'; mdevctl start -p 0000:06:00.0 -t 'GRID T4-4Q'; mdevctl start -p 0000:06:00.0 -t nvidia-9
# A type that nobody knows is stored, as by mdevctl; what is a type is no name.
mdevctl define -u $b -p 0000:06:00.0 -t nvidia-9; mdevctl define -u $c -p mtty -t mtty-2; mdevctl start -u $(number 5) -p mtty -t 'Dual port serial'; cat sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create; mdevctl list -d
mdevctl start -u $a -t 'GRID T4-4Q'; mdevctl start -u $a -t nvidia-230; mdevctl start -u $a -t 'GRID T4-2Q'; cat sys/class/mdev_bus/0000:06:00.0/mdev_supported_types/nvidia-231/create
