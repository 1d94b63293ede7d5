# SPDX-License-Identifier: Apache-2.0
simulate nvidia; mdevctl rules install >/dev/null; mdevctl define -u $a -p 0000:3b:00.0 -t nvidia-231 --auto; mdevctl define -u $b -p 0000:3b:00.0 -t nvidia-232 --auto
mdevctl define -u $(number 1) -p 0000:3b:00.0 -t nvidia-232 --auto; mdevctl modify -u $a -t nvidia-233; mdevctl modify -u $a -t nvidia-231
mdevctl define -u $b -p 0000:3b:00.0 -t nvidia-232 --auto --force; mdevctl check
mdevctl autostart; mdevctl plan; mdevctl modify -u $b --manual; mdevctl check
for i in 1 2 3 4 5 6 7; do mdevctl define -u $(number $i) -p 0000:3b:00.0 -t nvidia-231 --auto; done; mdevctl define -u $(number 8) -p 0000:3b:00.0 -t nvidia-231 --auto
mdevctl define -u $(number 9) -p 0000:86:00.0 -t nvidia-999; mdevctl define -u $(number 9) -p 0000:86:00.0 -t nvidia-231; mdevctl check --json | grep -e rule -e message
mdevctl plan --boot | grep -v starts; mdevctl stop -u $a; for i in 1 2 3 4 5 6 7 8; do mdevctl undefine -u $(number $i); done
mdevctl driver set pci/0000:3b:00.0 vfio-pci
mdevctl driver set pci/0000:3b:00.0 vfio-pci --dry-run
mdevctl driver set pci/0000:3b:00.0 vfio-pci --force; mdevctl check; mdevctl plan --boot
mdevctl driver unset pci/0000:3b:00.0; mdevctl autostart
end
