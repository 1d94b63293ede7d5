# SPDX-License-Identifier: Apache-2.0
mdevctl check --matrix
mdevctl check --matrix --json
simulate s390x; mdevctl check --matrix
mdevctl ap set apmask=-5,-6 >/dev/null; for d in $a $b; do ap | mdevctl start -u $d -p matrix --jsonfile /dev/stdin; done
ap assign_adapter=5 assign_domain=4 assign_domain=6 | mdevctl modify -u $a --live --jsonfile /dev/stdin; ap assign_adapter=6 assign_domain=4 | mdevctl modify -u $b --live --jsonfile /dev/stdin
ap assign_adapter=5 assign_domain=4 assign_domain=6 | sed s/manual/auto/ | definition matrix $a; mdevctl check --matrix
ap assign_adapter=6 assign_domain=0x2b | definition matrix $(number 1); mdevctl check --matrix
ap assign_adapter=5 assign_adapter=6 assign_domain=6 assign_domain=0xab | sed s/manual/auto/ | definition matrix $c; ap assign_adapter=4 assign_domain=0x2b | sed s/manual/auto/ | definition matrix $(number 2); ap assign_adapter=10 assign_adapter=11 assign_domain=0x55 | definition matrix $(number 3); mdevctl check --matrix
mdevctl check --matrix --active | head -n 7; mdevctl check --matrix --boot | head -n 8
TERM=xterm command script -qc 'mdevctl check --matrix' /dev/null | tr -d '\r' | cat -v
for v in TERM=dumb NO_COLOR=1; do env TERM=xterm $v script -qc 'mdevctl check --matrix' /dev/null | tr -d '\r' | cat -v | head -n 6 | tail -n 2; done; env TERM=xterm NO_COLOR= script -qc 'mdevctl check --matrix' /dev/null | tr -d '\r' | cat -v | head -n 6 | tail -n 2
echo '{' | definition matrix $(number 4); mdevctl check --matrix | tail -n 1
end
