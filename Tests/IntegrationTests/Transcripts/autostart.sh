# SPDX-License-Identifier: Apache-2.0
mdevctl start-parent-mdevs mtty
mdevctl define -a -u $a -p mtty -t mtty-2; mdevctl define -a -u $b -p mtty -t mtty-9; mdevctl define -u $c -p mtty -t mtty-2; echo '{' | definition mtty $(number 1); mdevctl define -a -u $(number 2) -p mdpy -t mdpy-hd
mdevctl start-parent-mdevs mtty
mdevctl autostart
mdevctl autostart --parent mdpy
mdevctl status
parent mtty mtty-2 12 vfio-pci
mdevctl autostart --dry-run
mdevctl start-parent-mdevs mtty
cat sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create
mdevctl autostart --json
mdevctl status | sed 's/at 2[^ ]*Z/at TIME/'
mdevctl status --json 2>/dev/null | sed 's/"time": "2.*Z"/"time": "TIME"/'
device $a mtty mtty-2; mdevctl autostart -p mtty
parent mdpy mdpy-hd 4 vfio-pci; mv sys/class/mdev_bus/mdpy later; (sleep 0.5; mv later sys/class/mdev_bus/mdpy) & mdevctl autostart --parent mdpy --wait 20
mdevctl modify -u $b -t mtty-2; mdevctl start -u $b; mdevctl status
mdevctl undefine -u $b; mdevctl autostart; mdevctl autostart --wait 0
parent mbochs mbochs-small 4 vfio-pci; mdevctl define -a -u $b -p mbochs -t mbochs-small; printf '%s\n' '[ $4-$6 = pre-start ] || exit 2' 'cd $MDEVCTL_ENV_ROOT; touch ${12}-began' 'for i in {1..600}; do [ ${12} = mdpy ] && [ ! -e mbochs-began ] || exit 0; sleep 0.1; done' 'echo mbochs did not begin >&2; exit 1' | script etc/callouts/gate
(mdevctl autostart -p mdpy >first 2>&1) & for i in {1..600}; do [ -e mdpy-began ] && break; sleep 0.1; done; mdevctl autostart -p mbochs; wait; cat first; rm etc/mdevctl.d/scripts.d/callouts/gate
mdevctl start-parent-mdevs ../mtty
mdevctl autostart --wait x
