# SPDX-License-Identifier: Apache-2.0
recorder host/callouts/20-second; recorder system/callouts/50-first; recorder host/callouts/10-none 'exit 2'; recorder host/notifiers/n1; recorder system/notifiers/n2 'echo heard >&2; exit 7'
mdevctl define -u $a -p mtty -t mtty-2; cat log; rm log
mdevctl modify -u $a --addattr x --value 1; calls
mdevctl start -u $a; calls
parent mtty mtty-2 12 vfio-pci; mdevctl start -u $a; calls
device $a mtty mtty-2; mdevctl stop -u $a; calls
mdevctl undefine -u $a; calls
rm usr/lib/mdevctl/scripts.d/callouts/50-first; mdevctl define -u $a -p mtty -t mtty-2; calls | grep -v notify
rm -r etc/mdevctl.d/scripts.d usr/lib/mdevctl; recorder host/callouts/a-signal 'kill -9 $$'; recorder host/callouts/no '[ "$event-$action" != pre-define ] || { echo "queue 5.4 is taken"; echo "second line"; } >&2; [ "$event" != pre ] || exit 1'; recorder host/notifiers/n
mdevctl define -u $b -p mtty -t mtty-2; calls
mdevctl list -d
mdevctl define -f -u $b -p mtty -t mtty-2; calls
mdevctl modify -u $b --auto
mdevctl undefine -u $b; mdevctl undefine --force -u $b; calls >/dev/null; mdevctl list -d
mdevctl start -u $a; calls
rm -r etc/mdevctl.d/scripts.d; mdevctl define -u $c -p mtty -t mtty-2
recorder host/callouts/versioned 'case $event-$action in get-capabilities) printf "{\"supports\":{\"version\":2,\"actions\":[\"start\",\"stop\",\"define\",\"modify\",\"attributes\",\"future\"],\"events\":[\"pre\",\"post\",\"get\",\"live\"]}}\\0"; exit 0;; get-attributes) printf "[{\"assign_adapter\":\"5\"},{\"x\":\"y\"}]\\0"; exit 0;; live-modify) [ ! -e refuse ] || { echo "not live" >&2; exit 255; }; exit 0;; esac'; recorder host/callouts/other
mdevctl list -v; calls
mdevctl list --dumpjson -u $a
echo '{"mdev_type":"mtty-2","start":"auto","attrs":[{"n":"1"}]}' >new; mdevctl modify -u $a -p mtty --live --jsonfile new; calls
mdevctl list -dv -u $a
mdevctl modify -u $a -p mtty --live --defined --jsonfile new; calls
mdevctl list -dv -u $a
touch refuse; mdevctl undefine -u $a; mdevctl modify -u $a -p mtty --live --jsonfile new; mdevctl define -u $a; calls; mdevctl list -dv -u $a
mdevctl modify -u $a -p mtty --live --defined --jsonfile new; mdevctl list -dv -u $a
echo '{"mdev_type":"other","start":"auto"}' | mdevctl modify -u $a -p mtty --live --jsonfile /dev/stdin
script host/callouts/versioned <<<'[ $4 != get ] || { echo "[{\"a\":5}]"; exit 0; }'; rm etc/mdevctl.d/scripts.d/callouts/other; mdevctl list -v
mdevctl undefine -u $a; mdevctl define -u $a
mdevctl modify -u $a -p mtty --live --jsonfile new
script host/callouts/versioned <<<'[ $4 != get ] || echo "[{}]"'; mdevctl list -v; script host/callouts/versioned <<<'[ $4 != get ] || { echo broken >&2; exit 1; }'; mdevctl list -v
script host/callouts/versioned <<<'sleep 60'; MDEVCTL_CALLOUT_TIMEOUT=1 mdevctl define -u $a -p mtty -t t; MDEVCTL_CALLOUT_TIMEOUT=1 mdevctl list
script host/callouts/versioned </dev/null; MDEVCTL_CALLOUT_TIMEOUT=x mdevctl list
script host/callouts/versioned <<<'[ $4 = get ] || exec yes'; mdevctl define -u $a -p mtty -t t
chmod 777 etc/mdevctl.d/scripts.d/callouts/versioned; mdevctl define -u $a -p mtty -t t; mdevctl list; mdevctl define --force -u $a -p mtty -t t
chmod 644 etc/mdevctl.d/scripts.d/callouts/versioned; mdevctl start -u $c; chmod 755 etc/mdevctl.d/scripts.d/callouts/versioned; chmod 777 etc/mdevctl.d/scripts.d/callouts; mdevctl start -u $c
chmod 755 etc/mdevctl.d/scripts.d/callouts; chown 12345 etc/mdevctl.d/scripts.d/callouts/versioned; mdevctl start -u $c
rm -r etc/mdevctl.d/scripts.d; script host/callouts/env <<<'env | grep -v "^\(_\|SHLVL\|PWD\)=" | sort >&2'; X=y LANG=C.UTF-8 mdevctl start -u $c 2>&1 | sed "s|$PATH|SEARCH|"
