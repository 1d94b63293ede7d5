# SPDX-License-Identifier: Apache-2.0
mdevctl define -a -u $a -p mtty -t mtty-2; mdevctl define -u $b -p mtty -t mtty-2
: | definition mtty $(number 1); echo '{"mdev_type":' | definition mtty $(number 2); echo 'hello' | definition mtty $(number 3); echo '[1]' | definition mtty $(number 4); echo '{"start":"auto"}' | definition mtty $(number 5); mkdir etc/mdevctl.d/mtty/$(number 6); ln -s gone etc/mdevctl.d/mtty/$(number 7); truncate -s 100M etc/mdevctl.d/mtty/$(number 8); printf '{"mdev_type":"t","start":"auto","attrs":[{"\\/etc":"1"}]}' | definition mtty $(number 9); printf '{\n  "mdev_type": "\xff"}' | definition mtty $(number 10); mkfifo etc/mdevctl.d/mtty/$(number 11); ln -s $(number 11) etc/mdevctl.d/mtty/$(number 12)
touch etc/mdevctl.d/mtty/README etc/mdevctl.d/mtty/.hidden etc/mdevctl.d/stray; mkdir -p etc/mdevctl.d/scripts.d/callouts etc/mdevctl.d/empty; touch etc/mdevctl.d/scripts.d/$a; printf x >etc/mdevctl.d/mtty/$(printf '\xff')
mdevctl list -d
mdevctl list -d -p mtty --dumpjson 2>/dev/null
mdevctl list -d -u $a
mdevctl list -d -u 00000000-0000-0000-0000-000000000002
mdevctl start -u 00000000-0000-0000-0000-000000000003
mdevctl start -u $a
mdevctl start-parent-mdevs other
parent mtty mtty-2 12 vfio-pci; device $b mtty mtty-2; mkdir sys/bus/mdev/devices/$c; ln -s ../nowhere/x sys/bus/mdev/devices/$a; touch sys/bus/mdev/devices/odd; mkdir sys/devices/virtual/mtty/mtty/00000000-0000-0000-0000-000000000001; ln -s ../../../devices/virtual/mtty/mtty/00000000-0000-0000-0000-000000000001 sys/bus/mdev/devices/
mdevctl list
mdevctl list --dumpjson 2>/dev/null
cp etc/mdevctl.d/mtty/$a etc/mdevctl.d/mtty/83B8F4F2-509F-382F-3C1E-E6BFE0FA1001; mdevctl list -d -u $a
rm etc/mdevctl.d/mtty/$a; mdevctl list -d -u $a; mdevctl modify -u $a -m; mdevctl list -d -u $a; mdevctl undefine -u $a; mdevctl list -d -u $a; ls etc/mdevctl.d/mtty | grep -ic $a
mkdir -p run; rm -rf run/mdevctl; touch run/mdevctl; mdevctl define -u $c -p mtty -t t
rm run/mdevctl; mv etc/mdevctl.d saved; touch etc/mdevctl.d; mdevctl list -d; mdevctl define -u $c -p mtty -t t
