# SPDX-License-Identifier: Apache-2.0
simulate nvidia-sriov
mdevctl driver devices display | head -4
mdevctl groups | head -8
mdevctl driver set 0000:03:00.4 vfio-pci
mdevctl driver overrides --verbose; stored
mdevctl driver unset 0000:03:00.4
mdevctl driver devices display | head -6
mdevctl driver set 0000:01:01.0 vfio-pci --dry-run
stored; writes
end
