# SPDX-License-Identifier: Apache-2.0
mdevctl list
mdevctl list --dumpjson
mdevctl list -d
mdevctl list --defined --dumpjson
mdevctl list -d --dumpjson -u $a
parent mtty mtty-2 12 vfio-pci; parent 0000:00:02.0 i915 4 vfio-pci; device $b mtty mtty-2; device $c 0000:00:02.0 i915; device $a mtty mtty-2
mdevctl define -a -u $a; mdevctl define -u $b -p mtty -t other; mdevctl define -u $c -p zz -t other; mdevctl modify -u $c --addattr k/l --value 'v "w"'; mdevctl modify -u $c --addattr k2 --value ''
mdevctl list
mdevctl list -v
mdevctl list -d
mdevctl list -dv
lsmdev() { bash -c 'exec -a lsmdev mdevctl "$@"' - "$@"; }; lsmdev -dv -u$c
mdevctl list --dumpjson
mdevctl list -d --dumpjson
mdevctl list --dumpjson --uuid $a
mdevctl list -d --dumpjson -u $c
mdevctl list -d --dumpjson -p mtty
mdevctl list -p mtty
mdevctl list -u $c -p mtty
mdevctl list -u $c -p mtty --dumpjson
mdevctl define -u $c -p mtty -t mtty-2; mdevctl list -d -u $c --dumpjson
mdevctl list -d > /dev/full
