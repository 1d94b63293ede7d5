# SPDX-License-Identifier: Apache-2.0
# A wait that something ends is begun before that, and ended by it; what is there is not waited for.
mdevctl wait --help
mdevctl wait
mdevctl wait mtty mtty
mdevctl wait $a --state registered
mdevctl wait mtty --state running
mdevctl wait mtty --state there
mdevctl wait mtty --timeout soon
mdevctl wait a/b/c
mdevctl wait ap/05.0004
watch mtty 'mdevctl wait mtty && mdevctl wait $a --state stopped && mdevctl wait $a --state free'
watch mtty 'mdevctl wait nowhere --timeout 0; mdevctl wait MTTY --timeout 1; mdevctl wait $a --timeout 0; mdevctl wait $a --state defined --timeout 0'
watch mtty 'mdevctl define -u $a -p mtty -t mtty-1; mdevctl wait $a --timeout 0; mdevctl define -u $b -p gone -t x --force; mdevctl wait $b --timeout 0'
watch mtty 'mdevctl start -u $a -p mtty -t mtty-1; mdevctl wait $a; mdevctl wait $a --state stopped --timeout 0; mdevsim ctl hold $a; mdevctl wait $a --state stopped --timeout 0; mdevctl wait $a --state free --timeout 1'
# What is waited for comes.
watch mtty 'mdevsim ctl unregister mtty; waits mtty; mdevsim ctl register mtty; done_waiting'
watch mtty 'waits $a; mdevctl start -u $a -p mtty -t mtty-1; done_waiting; waits $a --state stopped; mdevctl stop -u $a; done_waiting; waits $a --state defined; mdevctl define -u $a -p mtty -t mtty-1; done_waiting'
watch mtty 'mdevctl start -u $a -p mtty -t mtty-1; mdevsim ctl hold $a; waits $a --state free; mdevsim ctl release $a; done_waiting'
watch s390x 'mdevctl wait css/dev:0.0.2b09 --timeout 0; mdevctl wait css/dev:0.0.ffff --timeout 0; waits css/dev:0.0.2b09; waits 0.0.0313; waits css/0.0.0313; mdevctl driver set css/dev:0.0.2b09 vfio_ccw; done_waiting'
watch mtty 'mdevctl wait css/dev:0.0.2b09'
# Under another root it looks once a second.
simulate mtty
waits mtty; done_waiting
mdevctl start -u $a -p mtty -t mtty-1; waits $a --state stopped; mdevctl stop -u $a; done_waiting
mdevctl define -u $b -p mtty -t mtty-1 & mdevctl wait $b --state defined; wait
mdevctl start $c -p mtty -t mtty-1; mdevctl wait c07 --timeout 0; mdevctl wait c08 --timeout 0
end
