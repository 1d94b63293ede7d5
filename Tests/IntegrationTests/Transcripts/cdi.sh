# SPDX-License-Identifier: Apache-2.0
# What containers are offered follows each start and stop, and the boot.
simulate mtty
mdevctl start $a -p mtty -t mtty-2; mdevctl define $b -p mtty -t mtty-1 --auto
mdevctl cdi show | grep name
mdevctl cdi install; cat run/cdi/mdevctl.json; ls -l run/cdi | grep -o '^-[rwx-]*'
mdevctl autostart; grep name run/cdi/mdevctl.json
mdevctl stop 83b8; grep name run/cdi/mdevctl.json
ctl hold $b; mdevctl stop b2; grep name run/cdi/mdevctl.json; ctl release $b
mdevctl stop b2; ls -A run/cdi
rmdir run/cdi; echo >run/cdi; mdevctl start b29e; mdevctl list; rm run/cdi
mdevctl cdi install; grep name run/cdi/mdevctl.json
mdevctl cdi remove; mdevctl cdi remove; ls -A run/cdi; mdevctl stop b29e; mdevctl start b29e; ls -A run/cdi
end
