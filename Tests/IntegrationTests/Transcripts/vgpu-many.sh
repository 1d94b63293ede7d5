# SPDX-License-Identifier: Apache-2.0
# A card with 48 functions, which reach over several devices of its bus.
simulate_changed nvidia-sriov 's/"total": 16/"total": 48/'
ctl reboot; mdevctl vgpu set 03:00.0 L40S-1Q=48 | wc -l; mdevctl vgpu | grep -c ready; mdevctl vgpu | tail -1; mdevctl vgpu set 03:00.0 L40S-1Q=49
ctl reboot; rm -r run/mdevctl; mdevctl vgpu restore; mdevctl vgpu | grep -c ready; mdevctl vgpu unset 03:00.0
end
