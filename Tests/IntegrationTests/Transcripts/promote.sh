# SPDX-License-Identifier: Apache-2.0
# Running devices of which a definition is made, with the attributes that they have.
simulate s390x; echo -5,-6 >sys/bus/ap/apmask; mdevctl start -u $a -p matrix -t vfio_ap-passthrough; d=sys/bus/mdev/devices/$a; echo 5 >$d/assign_adapter; echo 0xab >$d/assign_domain; echo 4 >$d/assign_domain; echo 4 >$d/assign_control_domain
mdevctl list -v
mdevctl list --dumpjson
mdevctl define -u $a; cat etc/mdevctl.d/matrix/$a
mdevctl undefine -u $a; mdevctl define -u $a -p matrix; cat etc/mdevctl.d/matrix/$a
mdevctl undefine -u $a; mdevctl define -u $a -p matrix -t vfio_ap-passthrough; cat etc/mdevctl.d/matrix/$a
mdevctl undefine -u $a; mdevctl define -u $a -p matrix -t other; cat etc/mdevctl.d/matrix/$a
# What a script says comes before what the kernel shows.
script local/callouts/10-script <<<'[ "$4 $6" = "get attributes" ] || exit 2; echo "[{\"assign_adapter\":\"6\"}]"'
mdevctl list -v; mdevctl undefine -u $a; mdevctl define -u $a; cat etc/mdevctl.d/matrix/$a
script local/callouts/10-script <<<'[ "$4 $6" = "get attributes" ] || exit 2; echo null'
mdevctl list -v
script local/callouts/10-script <<<'[ "$4 $6" = "get attributes" ] || exit 2; echo "[nonsense"'
mdevctl list -v; mdevctl undefine -u $a; mdevctl define -u $a
rm etc/mdevctl.d/scripts.d/callouts/10-script
# A device that runs elsewhere gives its type.
mdevctl define -u $a -p elsewhere; cat etc/mdevctl.d/elsewhere/$a
mdevctl driver set css/0.0.0313 vfio_ccw >/dev/null; mdevctl start -u $b -p 0.0.0313 -t vfio_ccw-io; mdevctl define -u $b; cat etc/mdevctl.d/0.0.0313/$b
end
