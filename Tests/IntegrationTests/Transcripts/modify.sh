# SPDX-License-Identifier: Apache-2.0
mdevctl modify -u $a --auto
mdevctl modify -u $a -p mtty --auto
mdevctl define -u $a -p mtty -t mtty-2
mdevctl modify -u $a --auto
mdevctl list -d
mdevctl modify -u $a -m
mdevctl modify -u $a -t mtty-1
mdevctl list -d
mdevctl modify -u $a --addattr x --value 1; mdevctl modify -u $a --addattr=y --value=-2; mdevctl modify -u $a --addattr z --value '' -i0
mdevctl list -dv
mdevctl modify -u $a --addattr n --value 9 --index 4
mdevctl modify -u $a --delattr --index 3
mdevctl modify -u $a --delattr --index 1; mdevctl modify -u $a --delattr
cat etc/mdevctl.d/mtty/$a
mdevctl modify -u $a --delattr; mdevctl modify -u $a --delattr
mdevctl modify -u $a --delattr -i 0
mdevctl modify -u $a --auto --type mtty-2 --addattr vendor/x --value '{"\'
cat etc/mdevctl.d/mtty/$a
echo '{"mdev_type":"other","start":"manual","attrs":[]}' | mdevctl modify -u $a -p mtty --jsonfile /dev/stdin
cat etc/mdevctl.d/mtty/$a
echo '{"mdev_type":"other","start":"manual"}' | mdevctl modify -u $a --jsonfile /dev/stdin
echo '{"mdev_type":"other","start":"manual"}' | mdevctl modify -u $b -p mtty --jsonfile /dev/stdin
mdevctl define -u $a -p mdpy -t t; mdevctl modify -u $a --auto
mdevctl modify -u $a -p mdpy --auto
mdevctl list -d
echo '{"mdev_type":"t","start":"auto"}' | mdevctl modify -u $a -p mdpy --live --jsonfile /dev/stdin
echo '{' | definition mdpy $b; mdevctl modify -u $b --auto
mv etc/mdevctl.d/mdpy/$a real; ln -s ../../../real etc/mdevctl.d/mdpy/$a; mdevctl modify -u $a -p mdpy --manual
for i in 1 2 3 4 5 6 7 8; do mdevctl modify -u $a -p mtty --addattr "n$i" --value $i & done; wait; mdevctl list -dv -p mtty | grep -c '@{'
parent matrix vfio_ap-passthrough 1 vfio-ap; device $c matrix vfio_ap-passthrough; mkdir -p sys/bus/ap/devices; for f in apmask aqmask; do echo 0x0 >sys/bus/ap/$f; done; for f in matrix control_domains assign_domain; do : >sys/bus/mdev/devices/$c/$f; done
ap assign_domain=4 assign_domain=6 | mdevctl modify -u $c --live --jsonfile /dev/stdin
ap assign_adapter=4 | mdevctl modify -u $c --live --jsonfile /dev/stdin
echo 5.4 5 >sys/bus/mdev/devices/$c/matrix; ap | mdevctl modify -u $c --live --jsonfile /dev/stdin
echo 0x0 >sys/bus/mdev/devices/$c/ap_config; ap | mdevctl modify -u $c --live --jsonfile /dev/stdin
rm sys/bus/mdev/devices/$c/*matrix sys/bus/mdev/devices/$c/ap_config; ap | mdevctl modify -u $c --live --jsonfile /dev/stdin
