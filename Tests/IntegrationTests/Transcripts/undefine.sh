# SPDX-License-Identifier: Apache-2.0
mdevctl undefine -u $a
for p in mtty mdpy mbochs; do mdevctl define -u $a -p $p -t t; done
mdevctl undefine -u $a -p other
mdevctl undefine -u $a -p mdpy
mdevctl list -d
mdevctl undefine --uuid $a
mdevctl list -d
echo nonsense | definition mtty $b; mdevctl undefine -u $b
find etc/mdevctl.d -type f
mdevctl define -u $c -p mtty -t t; mv etc/mdevctl.d/mtty/$c elsewhere; ln -s ../../../elsewhere etc/mdevctl.d/mtty/$c
mdevctl undefine -u $c
mdevctl list -d
