# SPDX-License-Identifier: Apache-2.0
# The same of PCI functions, whose whole group a guest is given, and of those that containers get.
simulate pci
mdevctl show 01:00.0 00:1f.6
mdevctl show 01:00.0 --format libvirt; mdevctl show 01:00.0 --format qemu
mdevctl show 01:00.0 --format libvirt --guest 0000:05:00.0
mdevctl show 01:00.0 --format qemu --guest 06.0
mdevctl show 01:00.0 --format qemu --guest 0000:05:00.0
mdevctl show 01:00.0 --format qemu --guest 05.1
mdevctl cdi show
mdevctl cdi install; ls -A run/cdi
mdevctl driver set 01:00.0 vfio-pci --group; cat run/cdi/mdevctl.json
mdevctl show 01:00.0 --format libvirt; mdevctl show 0000:01:00.0 --json
mdevctl driver unset 01:00.0 >/dev/null; mdevctl driver unset 01:00.1 >/dev/null; ls -A run/cdi; ls -d etc/mdevctl.cdi
mdevctl cdi remove; mdevctl driver set 00:1f.6 vfio-pci; ls -A run/cdi; ls -d etc/mdevctl.cdi
mdevctl cdi
end
