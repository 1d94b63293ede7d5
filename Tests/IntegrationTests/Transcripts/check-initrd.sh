# SPDX-License-Identifier: Apache-2.0
# The initrd is a copy: what was changed since it was made is a finding, where something makes it anew.
simulate pci; mdevctl rules install >/dev/null; mkdir boot; initrd=boot/initrd.img-$(uname -r); touch $initrd; mdevctl driver set 0000:00:03.0 vfio-pci --early
mdevctl check
mkdir -p usr/share/initramfs-tools/hooks usr/sbin; touch usr/share/initramfs-tools/hooks/mdevctl usr/sbin/update-initramfs; mdevctl check | sed "s/$(uname -r)/RELEASE/"
mdevctl check --now; mdevctl check --json | sed "s/$(uname -r)/RELEASE/"
touch boot/*; mdevctl check
# A driver that is changed, and a device that has none any more.
mdevctl driver set 0000:00:03.0 none >/dev/null 2>&1; mdevctl check | grep -c initrd; touch boot/*; mdevctl check
mdevctl driver unset 0000:00:03.0 >/dev/null 2>&1; mdevctl check | grep -c initrd; touch boot/*; mdevctl check
# What the initrd has nothing to do with.
mdevctl driver set 0000:00:04.0 vfio-pci; mdevctl check
rm boot/*; mdevctl driver set 0000:00:04.0 none --early >/dev/null 2>&1; mdevctl check
# dracut has another name for it, and another program.
rm usr/sbin/update-initramfs; mkdir -p usr/bin usr/lib/dracut/modules.d/90mdevctl; touch usr/bin/dracut usr/lib/dracut/modules.d/90mdevctl/module-setup.sh
initrd=boot/initramfs-$(uname -r).img; touch $initrd; mdevctl check; mdevctl driver unset 0000:00:04.0; mdevctl check | sed "s/$(uname -r)/RELEASE/"
end
