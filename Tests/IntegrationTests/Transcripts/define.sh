# SPDX-License-Identifier: Apache-2.0
mdevctl define -u $a -p mtty -t mtty-2
cat etc/mdevctl.d/mtty/$a
mdevctl define -u $a -p mtty -t mtty-2
mdevctl define --auto --uuid={83B8F4F2509F382F3C1EE6BFE0FA1001} --parent=mdpy --type=mdpy-hd
cat etc/mdevctl.d/mdpy/$a
mdevctl define -p mtty -t mtty-1 | grep -cxE '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
mdevctl define -u $b
mdevctl define -u $b -p mtty
mdevctl define -u $b -t mtty-1
parent mtty mtty-1 24 vfio-pci; device $b mtty mtty-1
mdevctl define -u $b -t mtty-1
mdevctl define -u $b -p mdpy; mdevctl undefine -u $b -p mdpy
mdevctl define -u $b
mdevctl list -d -u $b
mdevctl define -u $b -p mdpy -t mdpy-xga
echo '{"mdev_type":"mtty-2","start":"auto","attrs":[{"a":"1"},{"b":"x y"}]}' | mdevctl define -u $c -p mtty --jsonfile=/dev/stdin
cat etc/mdevctl.d/mtty/$c
echo '{"mdev_type":"mtty-2","start":"auto"}' >file; mdevctl define -u $c -p mtty --jsonfile file
mdevctl define -u $c --jsonfile file
mdevctl define -u $c -p mdpy --jsonfile missing
echo '{"mdev_type":"mtty-2","start":"auto","attrs":[{"../x":"1"}]}' >file; mdevctl define -u $c -p mdpy --jsonfile file
echo '{"mdev_type":"mtty-2",' >file; mdevctl define -u $c -p mdpy --jsonfile file
: >etc/mdevctl.d/mdpy/$c; mdevctl define -u $c -p mdpy -t mdpy-hd
umask 077; mdevctl define -u $a -p new -t t; stat -c '%a %n' etc/mdevctl.d etc/mdevctl.d/new etc/mdevctl.d/new/$a
find etc/mdevctl.d -name '.*'
