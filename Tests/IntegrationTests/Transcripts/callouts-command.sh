# SPDX-License-Identifier: Apache-2.0
mdevctl callouts list
mdevctl callouts list --json
parent mtty mtty-2 12 vfio-pci; parent mtty mtty-1 24 vfio-pci; script host/callouts/ok <<<'[ "$4-$6" = get-capabilities ] && [ "$2" = mtty-2 ] && echo "{\"supports\":{\"version\":2,\"actions\":[\"define\"],\"events\":[\"pre\"]}}"'; cp etc/mdevctl.d/scripts.d/callouts/{ok,too}; touch etc/mdevctl.d/scripts.d/callouts/plain; script system/notifiers/n </dev/null
mdevctl callouts list
mdevctl callouts list --type mtty-2 --json
mdevctl callouts list -o kind,type,parent,state,path; mdevctl callouts list -n -o state,reason -t mtty-2
mdevctl callouts list -t other -p nowhere
mdevctl callouts test
mdevctl callouts test etc/mdevctl.d/scripts.d/callouts/ok --jsonfile x
mdevctl callouts test missing -u $a
rm etc/mdevctl.d/scripts.d/callouts/plain; mdevctl define -u $a -p mtty -t mtty-2; mdevctl callouts test missing -u $a
mdevctl callouts test etc/mdevctl.d/scripts.d/callouts/ok -u $a | sed 's/^time: .*/time: N ms/'
script host/callouts/ok <<<'cat; echo "$4-$6" >&2; kill $$'; mdevctl callouts test etc/mdevctl.d/scripts.d/callouts/ok -u $a | sed 's/^time: .*/time: N ms/' | head -19
echo '{"mdev_type":"t","start":"auto"}' >file; mdevctl callouts test etc/mdevctl.d/scripts.d/callouts/ok -p p --jsonfile file | grep -c ^argv
mdevctl list -d
