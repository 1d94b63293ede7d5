# SPDX-License-Identifier: Apache-2.0
simulate pci
driverctl list-devices network
driverctl list-overrides
driverctl set-override 0000:00:03.0 vfio-pci
driverctl -v list-devices display
driverctl list-overrides; stored
driverctl --noprobe --nosave set-override pci/0000:00:04.0 vfio-pci; driverctl list-devices network; stored
driverctl -b pci unset-override 0000:00:04.0; driverctl --bus=pci unset-override 0000:00:03.0; driverctl list-devices network; stored
echo vfio-pci >etc/driverctl.d/pci-0000:00:03.0; SUBSYSTEM=pci driverctl load-override 0000:00:03.0; driverctl list-overrides
driverctl load-override 0000:00:04.0
driverctl list-overrides network; driverctl list-overrides display
driverctl -b css list-devices
driverctl set-override 0000:00:00.0 vfio-pci
printf 'vfio-pci\n' >etc/driverctl.d/pci-0000:00:03.0; printf 'none\n' >etc/driverctl.d/pci-0000:99:00.0; printf 'vfio_ccw\n' >etc/driverctl.d/css-0.0.0001; : >etc/driverctl.d/pci-0000:98:00.0
driverctl list-persisted; driverctl -b css list-persisted; driverctl -b ap list-persisted; driverctl list-persisted network
rm etc/driverctl.d/*
driverctl -x list-devices
driverctl list-devices nothing
driverctl set-override 0000:00:03.0
driverctl unset-override
driverctl list-devices network more
driverctl frobnicate
driverctl
driverctl --version
driverctl --help
end
