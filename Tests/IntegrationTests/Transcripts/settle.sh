# SPDX-License-Identifier: Apache-2.0
simulate mtty; mdevctl define -a -u $a -p mtty -t mtty-1; mdevctl define -a -u $b -p mtty -t mtty-2; mdevctl define -a -u $c -p mdpy -t mdpy-hd
mdevctl autostart --settle 30; mdevctl list
mdevctl stop -u $a; mdevctl autostart --settle 30; mdevctl list
rm -r run/mdevctl; ctl latency 20000
mdevctl autostart --parent mtty >out & until ls run/mdevctl/making/* >/dev/null 2>&1; do sleep 0.05; done; mdevctl autostart --settle 3 2>&1 | sed 's/process [0-9]*/process N/'; mdevctl status | sed 's/at 2[^ ]*Z/at TIME/; s/process [0-9]*/process N/'; wait; cat out; mdevctl status
ctl latency 0; rm -r run/mdevctl/tried; mdevctl stop -u $a; mdevctl stop -u $b; flock run/mdevctl/autostart-mtty.lock sh -c 'touch held; sleep 20' & until [ -e held ]; do sleep 0.05; done; mdevctl autostart --settle 3; wait; mdevctl list
mdevctl autostart --settle 30; mdevctl list
mdevctl start -u $b; mdevctl modify -u $a -t mtty-9; rm -f run/mdevctl/failures/mtty/$a; (until [ -e run/mdevctl/failures/mtty/$a ]; do sleep 0.05; done; mdevctl modify -u $a -t mtty-1) & mdevctl autostart --parent mtty --retry; wait
script etc/callouts/guard <<<'[ $4-$6 = pre-start ] || exit 2; touch asked; until [ -e gone ]; do sleep 0.05; done; exit 1'; mdevctl stop -u $b; (until [ -e asked ]; do sleep 0.05; done; ctl unload mtty; touch gone) & mdevctl autostart --retry; wait; mdevctl status
mdevctl autostart --parent mtty; mdevctl autostart --parent mtty --retry
mdevctl autostart --settle 3 --parent mtty
mdevctl autostart --dry-run --retry
end
