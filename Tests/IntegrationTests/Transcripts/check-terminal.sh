# SPDX-License-Identifier: Apache-2.0
# What a check says to a person, and what its status says to a script.
on_terminal 80 "mdevctl check --now; echo status \$?"
mdevctl check --now
simulate s390x; mdevctl rules install >/dev/null; auto assign_adapter=5 assign_domain=4 | definition matrix $a; echo '{' | definition matrix $b
mdevctl check; mdevctl check --severity warning | grep -c :; mdevctl check --severity error; mdevctl check --severity fatal
TERM=xterm on_terminal 80 "mdevctl check; mdevctl check --severity error -n; mdevctl check -o severity,rule" | cat -v
TERM=xterm NO_COLOR=1 on_terminal 80 "mdevctl check --severity error" | cat -v; TERM=dumb on_terminal 80 "mdevctl check --boot --severity error" | cat -v
mdevctl undefine -u $a; rm -r etc/mdevctl.d; mkdir -p etc/driverctl.d; echo vfio-pci >etc/driverctl.d/pci-0000:00:09.0; mdevctl check --severity error; mdevctl check
# Names can't move the cursor, in colour or without.
auto 'assign_adapter=\u001b[2J' | definition matrix $a; on_terminal 80 "TERM=xterm mdevctl check --severity error; TERM=xterm mdevctl check --matrix" | cat -v | grep assign_adapter
mdevctl check --severity error >/dev/full; mdevctl check --severity error --matrix
end
