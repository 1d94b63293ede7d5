# SPDX-License-Identifier: Apache-2.0
# Memory by number where the driver has no way to share it out so.
simulate xe-612; mdevctl vgpu set 00:02.0 --functions 2 --driver vfio-pci --vram 1G; mdevctl vgpu
end
