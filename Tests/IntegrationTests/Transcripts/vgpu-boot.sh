# SPDX-License-Identifier: Apache-2.0
# Functions that NVIDIA's program makes, and what a boot brings back.
simulate nvidia-sriov; mdevctl rules install >/dev/null; ctl reboot; mdevctl vgpu; mdevctl vgpu types; mdevctl vgpu set 03:00.0 L40S-4Q=2 --dry-run; writes
mdevctl vgpu set 03:00.0 L40S-4Q=2; writes; ctl reboot; rm -r run/mdevctl; mdevctl vgpu; mdevctl status; mdevctl check --now; mdevctl vgpu restore; mdevctl vgpu | grep -v free; mdevctl check
# Once for each boot: what others change since is theirs.
echo 0 >sys/bus/pci/devices/0000:03:00.4/nvidia/current_vgpu_type; mdevctl vgpu restore; mdevctl vgpu | grep 00.4
mdevctl vgpu set 03:00.0 --functions 16; mdevctl vgpu unset 03:00.0; mdevctl vgpu; cat etc/mdevctl.vgpu.d/*
# Sizes: refused whole, so that no function is left either.
mdevctl vgpu set 03:00.0 L40S-4Q=1 L40S-8Q=2; mdevctl vgpu; mdevctl vgpu set 03:00.0 L40S-4Q=1 L40S-8Q=2 --mixed-sizes; mdevctl vgpu | grep ready; cat etc/mdevctl.vgpu.d/* | head -4
ctl reboot; rm -r run/mdevctl; mdevctl vgpu restore; mdevctl vgpu | grep ready; mdevctl vgpu unset 03:00.0
mdevctl vgpu set 03:00.0 L40S-48Q=2; mdevctl vgpu
# Somebody mends the stored sizes by hand, badly.
mdevctl vgpu set 03:00.0 L40S-24Q=1; sed -i 's/"id": 1155/"id": 1155, "name": "NVIDIA L40S-24Q" }, "0000:03:00.5": { "id": 1154/; s/L40S-24Q"$/L40S-16Q"/' etc/mdevctl.vgpu.d/*; mdevctl check
ctl reboot; rm -r run/mdevctl; mdevctl vgpu restore; mdevctl status | sed 's/at [^ ]*Z/at TIME/'; mdevctl vgpu set 03:00.0 --mixed-sizes; mdevctl check
mdevctl vgpu unset 03:00.0
end
