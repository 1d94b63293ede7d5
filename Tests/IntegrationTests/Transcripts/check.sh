# SPDX-License-Identifier: Apache-2.0
simulate s390x; mdevctl rules install; mdevctl check
cat >ap.json <<<'{"mdev_type":"vfio_ap-passthrough","start":"auto","attrs":[{"assign_adapter":"5"},{"assign_domain":"4"},{"assign_domain":"0xab"}]}'; mdevctl define -u $a -p matrix --jsonfile ap.json
mdevctl ap set apmask=-5 --persistent; mdevctl define -u $a -p matrix --jsonfile ap.json
mdevctl define -u $b -p matrix --jsonfile ap.json
mdevctl define -u $b -p matrix --jsonfile ap.json --force
mdevctl undefine -u $b; sed s/auto/manual/ ap.json >manual.json; mdevctl define -u $b -p matrix --jsonfile manual.json
mdevctl modify -u $b --auto
mdevctl modify -u $b --addattr assign_control_domain --value 6; mdevctl modify -u $b --delattr
mdevctl check
mdevctl check --boot; mdevctl check --active | head -1
mdevctl start -u $a
mdevctl ap set apmask=-5 --active >/dev/null; mdevctl start -u $a; mdevctl start -u $b
mdevctl start -u $b --force
mdevctl check
mdevctl check --json
mdevctl driver unset ap/05.0004
mdevctl driver unset ap/05.0004 --dry-run
mdevctl stop -u $a; mdevctl undefine -u $b; mdevctl modify -u $a --manual; mdevctl driver unset ap/05; mdevctl undefine -u $a
mdevctl define -u $c -p 0.0.0313 -t vfio_ccw-io --auto; mdevctl check
mdevctl driver set css/0.0.0313 vfio_ccw --now-only >/dev/null; mdevctl check
mdevctl driver set css/0.0.0313 vfio_ccw >/dev/null; mdevctl check
mdevctl define -u $a -p 0.0.0313 -t vfio_ccw-io; mdevctl modify -u $a --auto
mdevctl driver unset css/0.0.0313
mdevctl driver set css/0.0.0313 none
driverctl -b css unset-override 0.0.0313; mdevctl check
mdevctl undefine -u $c; mdevctl undefine -u $a; mdevctl define -u $a -p 0.0.2b09 -t vfio_ccw-io --auto; mdevctl check
mdevctl undefine -u $a; definition mtty $b <<<'{'; definition mtty $c <<<'{"mdev_type":"mtty-2","start":"auto"}'; chmod 666 etc/mdevctl.d/mtty/$c; mkdir -p etc/driverctl.d; : >etc/driverctl.d/css-0.0.0314; echo vfio-pci >etc/driverctl.d/pci-0000:00:09.0; mdevctl check
rm -r etc/mdevctl.d/mtty etc/driverctl.d; mkdir -p etc/mdevctl.d/scripts.d/callouts; echo >etc/mdevctl.d/scripts.d/callouts/50-mine; mdevctl check; rm -r etc/mdevctl.d/scripts.d
mdevctl define -u $a -p 0.0.2b09 -t vfio_ccw-io --auto; eval "$(mdevctl check | tail -1)"; mdevctl list -d
mdevctl undefine -u $a; recorder etc/callouts/50-script; recorder etc/notifiers/50-note; mdevctl define -u $a -p matrix --jsonfile ap.json; calls
mdevctl define -u $a -p matrix --jsonfile ap.json --force; calls
mdevctl autostart; calls
mdevctl start -u $a --force; calls
rm -r etc/mdevctl.d/scripts.d; echo 'ATTR{../../bus/ap/apmask}="nonsense"' >etc/udev/rules.d/41-ap.rules; mdevctl modify -u $a --manual; mdevctl modify -u $a --auto; mdevctl autostart; mdevctl plan --boot; mdevctl check
mdevctl check --boot --active
end
