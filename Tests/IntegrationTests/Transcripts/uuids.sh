# SPDX-License-Identifier: Apache-2.0
# Devices are named by whole uuids, or by the first digits of these, several at once.
simulate mtty
mdevctl start $a -p mtty -t mtty-2; mdevctl start $b $c --parent mtty --type mtty-1
mdevctl define 83b8 b29e
mdevctl list -d
mdevctl list b29
mdevctl list c07a --json
mdevctl modify 83b8 b2 --auto; mdevctl list -d 83b8f4f2-5 b2
mdevctl stop b29e 83b8f4f2-509f c
mdevctl list
mdevctl start 83b8 b29e; mdevctl list
mdevctl undefine {83B8F4F2-509F-382F-3C1E-E6BFE0FA1001} b29; mdevctl list -d
# What does not name one device is refused before anything is done.
mdevctl start $(number 1) $(number 2) -p mtty -t mtty-1
mdevctl stop 83b8 0000 b2
mdevctl stop 83b8 9
mdevctl stop 83b8 b2x
mdevctl stop 83b8f4f2_509f
mdevctl stop ''
mdevctl stop -u 83b8
mdevctl stop -u $a b29e
mdevctl modify 83b8 b2 --jsonfile in --parent mtty
mdevctl start $a $b --jsonfile in --parent mtty
mdevctl list
# Of several, what fails for one does not spare the others.
ctl hold $a; mdevctl stop 83b8 b2; ctl release $a
mdevctl start $a $b -p mtty -t mtty-1
mdevctl list
# What there is in place of a device that is missed.
mdevctl define $a; mdevctl stop $a
mdevctl stop $a
mdevctl stop 83b8
mdevctl stop ${a%1}2
mdevctl start ${a%1}2
mdevctl define -u ${a%1}2
mdevctl define -u $c
mdevctl modify ${a%1}2 --auto
mdevctl modify $b --auto
mdevctl undefine b2
mdevctl undefine $(number 1)
mdevctl undefine $a -p other
end
