# SPDX-License-Identifier: Apache-2.0
# A card whose functions are in no group.
simulate_changed xe '/"iommu_group"/d'; mdevctl rules install >/dev/null; mdevctl vgpu set 03:00.0 --functions 2; mdevctl check --now
mkdir -p proc; echo quiet >proc/cmdline; mdevctl groups -o group,viable,device,driver
end
