# SPDX-License-Identifier: Apache-2.0
mdevctl types
mdevctl types --dumpjson
parent mtty mtty-2 12 vfio-pci 'Dual port serial'; parent mtty mtty-1 24 vfio-pci 'Single port serial'; parent 0000:06:00.0 nvidia-11 16 vfio-pci 'GRID M60-0B' 'num_heads=2, frl_config=45\nmax_resolution=2560x1600'; parent matrix vfio_ap-passthrough 65536 vfio-ap
mdevctl types
mdevctl types --dumpjson
mdevctl types -p matrix
mdevctl types -p matrix --dumpjson
mdevctl types -p nope --dumpjson
parent mtty odd x vfio-pci; mkdir sys/class/mdev_bus/mtty/mdev_supported_types/empty; ln -s nowhere sys/class/mdev_bus/dangling; mkdir sys/class/mdev_bus/untyped; touch sys/class/mdev_bus/file
mdevctl types -p mtty
mdevctl types
