# SPDX-License-Identifier: Apache-2.0
# Functions of Intel's xe for guests, with memory of their own, and back after a boot.
simulate xe; mdevctl rules install >/dev/null; mdevctl vgpu; mdevctl vgpu types; mdevctl types
mdevctl vgpu set 03:00.0 --functions 2; mdevctl vgpu; writes; mdevctl vgpu set 03:00.0 --functions 2 --driver vfio-pci; writes
mdevctl vgpu set 03:00.0 --functions 3 --vram 2G --dry-run; mdevctl vgpu set 03:00.0 --functions 3 --vram 2G; writes; cat etc/mdevctl.vgpu.d/*
mdevctl vgpu set 03:00.0 --vram 1G; mdevctl vgpu; mdevctl status; mdevctl plan --boot; mdevctl check; writes >/dev/null
ctl reboot; rm -r run/mdevctl; mdevctl status; mdevctl check --now; mdevctl vgpu restore; writes; mdevctl vgpu
mdevctl vgpu set 03:00.0 --driver xe; mkdir etc/mdevctl.vgpu.d/.mdevctl.new; mdevctl vgpu set 03:00.0 --driver vfio-pci; rmdir etc/mdevctl.vgpu.d/.mdevctl.new; mdevctl vgpu; ctl fail /sys/bus/pci/devices/0000:03:00.3/driver_override EIO; mdevctl vgpu set 03:00.0 --driver vfio-pci; mdevctl vgpu; mdevctl vgpu set 03:00.0 --driver vfio-pci; writes >/dev/null
# What the card or its driver refuses.
ctl hold 0000:03:00.2; mdevctl vgpu set 03:00.0 --functions 4 --force; mdevctl vgpu unset 03:00.0; mdevctl vgpu set 03:00.0 --vram 2G; ctl release 0000:03:00.2
ctl fail /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs EIO; mdevctl vgpu set 03:00.0 --functions 4; mdevctl vgpu; writes
ctl sriov 0000:03:00.0 fewer 3; mdevctl vgpu set 03:00.0 --functions 5; ctl sriov 0000:03:00.0 clear; mdevctl vgpu; cat etc/mdevctl.vgpu.d/*; writes >/dev/null
mdevctl vgpu set 03:00.0 --functions 13; mdevctl vgpu set 03:00.0 1150=1; mdevctl vgpu set 03:00.0 --driver nonesuch; mdevctl vgpu set 03:00.0 --mixed-sizes; writes
mdevctl vgpu unset 03:00.1; mdevctl vgpu unset 03:00.0; writes; mdevctl vgpu set 03:00.0 --driver vfio-pci; mdevctl vgpu unset 03:00.0
echo 0000:03:00.0 >sys/bus/pci/drivers/xe/unbind; mdevctl vgpu set 03:00.0 --functions 2; mdevctl vgpu
end
