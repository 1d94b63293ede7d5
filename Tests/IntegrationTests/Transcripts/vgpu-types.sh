# SPDX-License-Identifier: Apache-2.0
# The types of functions that are there, on a card of NVIDIA's.
simulate nvidia-sriov; mdevctl rules install >/dev/null; mdevctl types; mdevctl types -p 0000:03:00.0; mdevctl types -p 0000:03:00.4; mdevctl types -p mtty
mdevctl vgpu | head -4; mdevctl vgpu types | head -9; mdevctl vgpu types 3:0.0 --json | head -12
mdevctl vgpu set 03:00.0 L40S-4Q=2 --dry-run; mdevctl vgpu set 03:00.0 L40S-4Q=2; cat etc/mdevctl.vgpu.d/*; writes
# A count is reached, not added; what is there is not written again.
mdevctl vgpu set 03:00.0 L40S-4Q=2; mdevctl vgpu set 03:00.0 1150=3; mdevctl vgpu set 03:00.0 'NVIDIA L40S-4Q=1' 0000:03:01.7=L40S-4A; writes
mdevctl vgpu | grep -v free; mdevctl vgpu --json | head -40; mdevctl status; mdevctl status --json; mdevctl plan --boot; mdevctl check
mdevctl vgpu types
# Refusals name what is possible, and write nothing.
mdevctl vgpu set 03:00.0 L40S-8Q=1; mdevctl vgpu set 03:00.0 1159=13; mdevctl vgpu set 03:00.0 0000:03:00.4=L40S-8Q; mdevctl vgpu set 03:00.0 0000:03:03.0=1150
mdevctl vgpu set 03:00.0 --functions 4; mdevctl vgpu set 03:00.0 --functions 17; mdevctl vgpu set 03:00.0 --driver vfio-pci; mdevctl vgpu set 03:00.0 0000:03:00.4=1150 0000:03:00.4=none
mdevctl vgpu set 03:00.4 1150=1; mdevctl vgpu set 00:00.0 1150=1; mdevctl vgpu set 04:00.0 1150=1; mdevctl vgpu unset 04:00.0; mdevctl vgpu unset 03:00.5; mdevctl vgpu restore 04:00.0; writes
mdevctl vgpu set 03:00.0; mdevctl vgpu set 03:00.0 x; mdevctl vgpu set 03:00.0 1150=many; mdevctl vgpu set 03:00.0 --functions 0; mdevctl vgpu set matrix 1150=1; mdevctl vgpu set 03:00.0 --vram 2X
# Another program's type is counted, shown and left alone.
echo 1150 >sys/bus/pci/devices/0000:03:00.6/nvidia/current_vgpu_type; mdevctl vgpu | grep 00.6; mdevctl vgpu set 03:00.0 L40S-4Q=2; mdevctl vgpu | grep 4Q
mdevctl vgpu set 03:00.0 0000:03:00.6=none; mdevctl vgpu unset 03:00.6; mdevctl vgpu unset 03:00.0; mdevctl vgpu set 03:00.0 --functions 16
# In use.
ctl hold 0000:03:00.4; mdevctl vgpu set 03:00.0 0000:03:00.4=L40S-4A; mdevctl vgpu unset 03:00.4; mdevctl vgpu set 03:00.0 L40S-4Q=1; mdevctl vgpu | grep 4Q; ctl release 0000:03:00.4
# A driver that refuses has everything taken back.
ctl fail /sys/bus/pci/devices/0000:03:02.3/nvidia/current_vgpu_type EIO; mdevctl vgpu set 03:00.0 0000:03:02.1=1150 0000:03:02.2=1150 0000:03:02.3=1150; writes; mdevctl vgpu | grep -v free
mkdir etc/mdevctl.vgpu.d/.mdevctl.new; mdevctl vgpu set 03:00.0 0000:03:02.1=1150; rmdir etc/mdevctl.vgpu.d/.mdevctl.new; writes; mdevctl vgpu | grep 02.1
# Until the next boot.
mdevctl vgpu set 03:00.0 0000:03:02.1=1150 --now-only; grep 02.1 etc/mdevctl.vgpu.d/*; mdevctl vgpu unset 03:02.1; mdevctl vgpu set 03:00.0 0000:03:02.1=1150 --now-only --json; mdevctl vgpu unset 03:02.1 --json
# What somebody changes behind our back.
echo 0 >sys/bus/pci/devices/0000:03:00.4/nvidia/current_vgpu_type; mdevctl check; mdevctl vgpu restore; mdevctl vgpu set 0000:03:00.0 0000:03:00.4=1150; for type in 0 1159; do echo $type >sys/bus/pci/devices/0000:03:00.4/nvidia/current_vgpu_type; done; mdevctl check; mdevctl check --json | grep rule; mdevctl status
mdevctl vgpu restore; mdevctl vgpu unset 03:00.4; mdevctl check; mdevctl vgpu | grep 00.4
mdevctl define -u $a -p 0000:03:00.4 -t nvidia-1150; mdevctl define -u $b -p 0000:03:00.0 -t nvidia-1150; mdevctl undefine -u $a; mdevctl undefine -u $b
mkdir -p etc/driverctl.d; echo vfio-pci >etc/driverctl.d/pci-0000:03:00.5; mdevctl check --boot; mdevctl driver unset 0000:03:00.5
# Broken settings cost their own card.
echo '{"functions":"x"}' >etc/mdevctl.vgpu.d/0000:04:00.0; mdevctl vgpu | tail -1; mdevctl check --now; mdevctl status; mdevctl vgpu restore; echo '{"functions":2}' >etc/mdevctl.vgpu.d/0000:04:00.0; mdevctl vgpu | tail -1; mdevctl check; mdevctl vgpu restore; mdevctl status | sed 's/at [^ ]*:/at TIME:/'; mdevctl vgpu unset 04:00.0
end
