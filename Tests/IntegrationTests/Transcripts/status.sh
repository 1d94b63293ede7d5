# SPDX-License-Identifier: Apache-2.0
# What runs, whether it is defined, and who uses it.
mdevctl status
simulate mtty; mdevctl status; on_terminal 80 "mdevctl status"
mdevctl define -a -u $a -p mtty -t mtty-2; mdevctl start -u $a; mdevctl define -u $b -p mtty -t mtty-1; mdevctl start -u $c -p mtty -t mtty-1; mdevctl define -a -u $(number 1) -p mtty -t mtty-9; mdevctl autostart -p mtty >/dev/null
# Its definition says another type.
mdevctl start -u $(number 2) -p mtty -t mtty-1; definition mtty $(number 2) <<<'{"mdev_type":"mtty-2","start":"manual"}'; echo '{' | definition mtty $(number 3)
mdevctl status 2>&1 | sed 's/at 2[^ ]*Z/at TIME/'
opens() { mkdir -p proc/$1/fd; echo $2 >proc/$1/comm; printf '%s\0' $2 -name "$3" >proc/$1/cmdline; ln -s $PWD/dev/vfio/$(basename $(readlink sys/bus/mdev/devices/$4/iommu_group)) proc/$1/fd/3; ln -s 'anon_inode:[vfio-device]' proc/$1/fd/4; }; opens 4711 qemu-system-x86 guest=web1 $a; opens 77 cat x $c
mdevctl status -o device,state,users
mdevctl status --json | sed 's/"time": "2.*Z"/"time": "TIME"/'
on_terminal 110 "mdevctl status" | sed 's/at 2[^ ]*Z/at TIME/'; on_terminal 60 "mdevctl status -n -o device,state,users"
end
