# SPDX-License-Identifier: Apache-2.0
# Functions of a card are named by number, since their addresses are known when they are there.
simulate nvidia-sriov
printf '{ "version": 1, "owner": "web",\n"vgpus": { "0000:03:00.0": { "functions": 16, "types": { "0": "NVIDIA L40S-4Q", "3": "L40S-4Q" } } } }\n' >web.json
mdevctl diff web.json; mdevctl apply --dry-run web.json; mdevctl apply web.json; mdevctl vgpu -n -o function,type,stored | grep L40S
mdevctl apply --start web.json; mdevctl export; mdevctl export | mdevctl diff --start -; mdevctl export --active | mdevctl diff -
ctl hold 0000:03:00.7; sed 's/"3"/"4"/' web.json >other.json; mdevctl apply other.json; echo $?; ctl release 0000:03:00.7; mdevctl apply other.json; mdevctl vgpu -n -o function,type | grep L40S
for text in '{ "0000:03:00.0": { "functions": 15 } }' '{ "0000:03:00.0": { "types": { "16": "L40S-4Q" } } }' '{ "0000:03:00.0": { "types": { "5": "L40S-99Q" } } }' '{ "0000:09:00.0": { "functions": 2 } }'; do echo "{ \"version\": 1, \"owner\": \"web\", \"vgpus\": $text }" | mdevctl apply -; echo $?; done
echo '{ "version": 1, "owner": "web" }' | mdevctl apply --prune -; mdevctl vgpu; ls -A etc/mdevctl.vgpu.d var/lib/mdevctl/applied
end
