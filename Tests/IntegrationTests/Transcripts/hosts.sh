# SPDX-License-Identifier: Apache-2.0
# A host as one file: what it says of the host, whose things are whose, and what stands in the way.
simulate s390x
printf '{ "version": 1, "owner": "web",\n"drivers": { "css/dev:0.0.2b09": "vfio_ccw" },\n"ap": { "apmask": "0-4,6-255" },\n"devices": [\n{ "name": "dasd", "parent": "css/dev:0.0.2b09", "mdev_type": "vfio_ccw-io", "start": "auto" },\n{ "name": "crypto", "uuid": "%s", "parent": "matrix", "mdev_type": "vfio_ap-passthrough", "start": "auto",\n  "attrs": [ { "assign_adapter": "5" }, { "assign_domain": "0xab" } ], "note": "of the payment" },\n{ "name": "spare", "count": 2, "parent": "matrix", "mdev_type": "vfio_ap-passthrough" } ] }\n' $a >web.json
mdevctl export; mdevctl export | mdevctl diff -
mdevctl diff web.json; echo $?; mdevctl diff -q web.json; echo $?; mdevctl apply --dry-run --start web.json; find var etc/mdevctl.d -type f
mdevctl apply --start web.json; echo $?; mdevctl list
mdevctl apply --start web.json; mdevctl diff --start --prune web.json; echo $?
mdevctl list -d -n -o uuid,parent,owner,name,note; mdevctl list -n -o uuid,name
mdevctl export | mdevctl diff -; echo $?; mdevctl export --owner web; cat var/lib/mdevctl/applied/web.json
mdevctl export --active | grep -v uuid
# A device that runs is changed while it runs, or when nobody uses it.
sed 's/0xab/0x2b/' web.json >other.json; mdevctl diff --start other.json; mdevctl apply other.json; mdevctl list -v | grep domain; mdevctl diff --start other.json
mdevctl apply --start other.json; mdevctl list -v | grep domain; mdevctl diff --start other.json
# What is in use waits, and what goes is named first.
dasd=$(mdevctl list | grep -o '^[0-9a-f-]* 0.0.0313' | cut -d' ' -f1); ctl hold $dasd
sed -e /dasd/d -e /drivers/d web.json >less.json; mdevctl diff less.json; mdevctl diff --prune --start less.json; echo $?
mdevctl apply --prune --start less.json; echo $?; mdevctl list; ctl release $dasd; mdevctl apply --prune --start --json less.json; mdevctl list; ls etc/driverctl.d
# Others' things are left alone.
mdevctl define $b -p matrix -t vfio_ap-passthrough; sed "s/$a/$b/; s/web/db/" other.json >db.json; mdevctl diff db.json; echo $?; mdevctl apply db.json; echo $?
sed -e 's/web/db/' -e /dasd/d -e /drivers/d other.json >db.json; mdevctl apply db.json; mdevctl apply --adopt db.json; mdevctl list -d -n -o uuid,owner,name; mdevctl apply web.json
mdevctl stop --owner db; mdevctl list; mdevctl undefine --owner db; mdevctl list -d; mdevctl stop --owner nobody
# What can't be is refused whole, with its line.
echo '{ "version": 1, "owner": "web" }' | mdevctl apply --prune --start -; echo $?; mdevctl list -d; ls -A etc/driverctl.d etc/udev/rules.d var/lib/mdevctl/applied
printf '{ "version": 1, "owner": "bad", "ap": { "apmask": "0-4,6-255" }, "devices": [\n{ "uuid": "%s", "parent": "matrix", "mdev_type": "vfio_ap-passthrough", "start": "auto",\n  "attrs": [ { "assign_adapter": "5" }, { "assign_domain": "4" } ] },\n{ "uuid": "%s", "parent": "matrix", "mdev_type": "vfio_ap-passthrough", "start": "auto",\n  "attrs": [ { "assign_adapter": "5" }, { "assign_domain": "4" } ] } ] }\n' $(number 1) $(number 2) >bad.json; mdevctl diff -q bad.json; echo $?; mdevctl apply bad.json; echo $?; mdevctl list -d
mdevctl apply --force bad.json; mdevctl list -d; mdevctl check --boot | grep -v rules; mdevctl apply --prune --start web.json; echo $?
printf '{ "version": 1, "owner": "bad",\n"drivers": { "css/dev:0.0.9999": "vfio_ccw",\n"css/dev:0.0.2b09": "vfio_ccw",\n"css/0.0.0313": "vfio_ccw" } }\n' | mdevctl apply -; echo $?
for text in '{' '{ "version": 1, "owner": "x", "devices": [ { "name": "y", "count": 2, "parent": "nobody", "mdev_type": "GRID T4-2Q" } ] }' '{ "version": 2 }' '{ "version": 1, "owner": "../x" }' '{ "version": 1, "owner": "x", "devices": [ { "name": "y", "parrent": "mtty" } ] }' '{ "version": 1, "owner": "x", "owner": "y" }'; do echo "$text" | mdevctl diff -; echo $?; done; mdevctl diff missing.json; echo $?; mdevctl diff; echo $?
# Of the file that each boot applies the status tells as well.
file=$MDEVCTL_ENV_ROOT/etc/mdevctl.d/.host.json; printf '{ "version": 1, "owner": "boot",\n"drivers": { "css/dev:0.0.9999": "vfio_ccw" } }\n' >$file; mdevctl apply --prune $file; echo $?; mdevctl status -n | tail -n 2 | sed 's/20[0-9-]*T[0-9:]*Z/TIME/'; mdevctl status --json | tail -n 8 | sed 's/20[0-9-]*T[0-9:]*Z/TIME/'; mdevctl status -n -o state,reason | tail -n 1
file=$MDEVCTL_ENV_ROOT/etc/mdevctl.d/.host.json; echo '{ "version": 1, "owner": "boot" }' >$file; mdevctl apply --prune $file; echo $?; mdevctl status -n | grep host.json; echo '{' >$file; mdevctl apply --prune $file; mdevctl status -n | tail -n 2 | sed 's/20[0-9-]*T[0-9:]*Z/TIME/'; rm $file; mdevctl status -n | grep host.json
# A script is asked about each definition before the first is changed.
mkdir -p etc/mdevctl.d/scripts.d/callouts; printf '#!/bin/sh\n[ "$4 $6" = "pre define" ] || exit 2\ncat >/dev/null\n[ "${10}" != %s ] || { echo not here >&2; exit 1; }\n' $c >etc/mdevctl.d/scripts.d/callouts/no; chmod +x etc/mdevctl.d/scripts.d/callouts/no
printf '{ "version": 1, "owner": "last", "devices": [ { "uuid": "%s", "parent": "0.0.0313", "mdev_type": "vfio_ccw-io" }, { "uuid": "%s", "parent": "0.0.0314", "mdev_type": "vfio_ccw-io" } ] }' $b $c >last.json; mdevctl apply --dry-run last.json; mdevctl apply last.json; echo $?; mdevctl list -d; cat var/lib/mdevctl/applied/last.json
end
