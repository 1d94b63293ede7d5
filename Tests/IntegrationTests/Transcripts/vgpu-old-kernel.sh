# SPDX-License-Identifier: Apache-2.0
# Before Linux 6.19 xe shares memory out by itself.
simulate xe-612; mdevctl vgpu set 00:02.0 --functions 2 --driver vfio-pci --vram 1G; mdevctl vgpu
end
