# SPDX-License-Identifier: Apache-2.0
mdevctl rules check
mdevctl rules show | sed "s|$(readlink -f $(command -v mdevctl))|PROGRAM|" | grep -n 'PROGRAM\|==>'
mdevctl rules install
mdevctl rules install
mdevctl rules check
sed 's|/[^ ]*/mdevctl start|/opt/mdevctl start|' -i etc/udev/rules.d/60-mdevctl.rules; mdevctl rules check
mdevctl rules install; mdevctl rules check
echo '# somebody else' >etc/udev/rules.d/60-mdevctl.rules; mdevctl rules check; mdevctl rules install
cat etc/udev/rules.d/60-mdevctl.rules
rm etc/udev/rules.d/60-mdevctl.rules; mkdir -p usr/lib/udev/rules.d; echo '# a distribution' >usr/lib/udev/rules.d/60-mdevctl.rules; mdevctl rules check; mdevctl rules install; mdevctl rules check
mdevctl rules owner -u $a
mdevctl rules owner -u $a --owner 'x y'
mdevctl rules owner -u $a --owner root --mode 4777
mdevctl rules owner -u $a --owner root --mode x
mdevctl rules owner -u $a --owner root
mdevctl define -u $a -p mtty -t mtty-2; mdevctl rules owner -u $a --owner no-such-user
mdevctl rules owner -u $a --owner root; mdevctl define -u $b -p mtty -t mtty-2; mdevctl rules owner -u $b --owner 1 --mode 600; mdevctl rules owner -u $a --owner daemon
cat etc/udev/rules.d/61-mdevctl-owner.rules
mdevctl rules check; mdevctl undefine -u $a; mdevctl rules check
mdevctl rules owner --remove -u $a; mdevctl rules check; mdevctl rules owner --remove -u $a
echo 'RUN+="x"' >>etc/udev/rules.d/61-mdevctl-owner.rules; mdevctl rules check; mdevctl rules owner --remove -u $b
mdevctl rules install --dir elsewhere | sed "s|$PWD||"; ls elsewhere; mdevctl rules check --dir elsewhere; mdevctl rules check --dir nowhere
rm -r etc/udev usr/lib/udev; mkdir -p usr/lib/udev/rules.d; driverctl_rule usr/lib/udev/rules.d/05-driverctl.rules; mdevctl rules check
mkdir -p run/systemd/system; mdevctl rules check; mdevctl rules install; mdevctl rules check
sed -i 's/^ACTION/# &/' usr/lib/udev/rules.d/05-driverctl.rules; mdevctl rules check; mdevctl rules install; mdevctl rules check
cp usr/lib/udev/rules.d/05-driverctl.rules etc/udev/rules.d/; rm etc/udev/rules.d/60-mdevctl.rules; mdevctl rules install; ls etc/udev/rules.d; cmp usr/lib/udev/rules.d/05-driverctl.rules etc/udev/rules.d/05-driverctl.rules
rm etc/udev/rules.d/05-driverctl.rules; mdevctl rules install; mdevctl rules check
chzdev_rules >etc/udev/rules.d/41-ap.rules; mdevctl rules check; mdevctl rules show | sed -n '/==> 41/,/==> 60/p'; mdevctl rules install
sed -i 's/"complete"/"Complete"/' etc/udev/rules.d/41-ap.rules; mdevctl rules check; mdevctl rules install
chzdev_rules | sed 's/0xfb/0xg/' >etc/udev/rules.d/41-ap.rules; mdevctl rules check
find . -name '.*' -type f
