# SPDX-License-Identifier: Apache-2.0
mdevctl
mdevctl frob
mdevctl --version
mdevctl -V
bash -c 'exec -a lsmdev mdevctl --version'
mdevctl define
mdevctl define -u nonsense -p mtty
mdevctl define -u $a -p ../mtty -t mtty-2
mdevctl define -u $a -p mtty -t a/b
mdevctl define -p mtty --jsonfile x --type mtty-2
mdevctl define -p mtty --jsonfile x --auto
mdevctl undefine -p mtty
mdevctl modify --auto
mdevctl modify -u $a
mdevctl modify -u $a --auto --manual
mdevctl modify -u $a --addattr x
mdevctl modify -u $a --value 5
mdevctl modify -u $a --addattr x --value 5 --delattr
mdevctl modify -u $a --index 1
mdevctl modify -u $a --addattr x --value 5 --index -1
mdevctl modify -u $a --addattr /etc/passwd --value 5
mdevctl modify -u $a --addattr ../remove --value 5
mdevctl modify -u $a -p mtty --jsonfile x --auto
mdevctl modify -u $a -p mtty --live
mdevctl modify --defined --live --jsonfile b --help >/dev/null
mdevctl start
mdevctl start -p mtty --jsonfile x --type mtty-2
mdevctl stop
mdevctl stop -u $a --wait --force
mdevctl stop -u $a --wait=soon
mdevctl list -x
mdevctl list extra
mdevctl types --nope
mdevctl start-parent-mdevs
find . | wc -l
