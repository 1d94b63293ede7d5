# SPDX-License-Identifier: Apache-2.0
# The same of a card with virtual functions, which NVIDIA's driver gives to guests itself.
simulate nvidia-sriov
mdevctl cdi install; mdevctl vgpu set 03:00.0 L40S-4Q=1 >/dev/null; ls -A run/cdi
mdevctl show 03:00.0 03:00.4 03:00.5 | sed '/with 0000/s/with.*/with others/'
mdevctl show 03:00.4 --json
mdevctl show 03:00.4 --format libvirt; mdevctl show 03:00.4 --format qemu --guest 05.0
mdevctl show 03:00.5 --format qemu
mdevctl show 03:00.4 --format cdi | cmp - run/cdi/mdevctl.json
mdevctl vgpu unset 03:00.4; ls -A run/cdi
end
