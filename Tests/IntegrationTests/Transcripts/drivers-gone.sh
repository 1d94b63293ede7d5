# SPDX-License-Identifier: Apache-2.0
# What is stored for devices that are gone, or can't be read, goes as `check` says.
simulate s390x-619
store ap-05.0099 'vfio_ap\n'; store css-0.0.9999 'vfio_ccw\n'; store ap-05.0004 'a/b\n'; store css-0.0.0313 ''; store nobus-x 'y\n'
mdevctl check | grep -A1 driver
mdevctl driver unset ap/05.0099 --dry-run --json
mdevctl driver unset ap/05.0099; mdevctl driver unset ap/05.0004
mdevctl driver unset css/0.0.9999 --now-only
mdevctl driver unset css/0.0.9999; mdevctl driver unset css/0.0.0313; mdevctl driver unset nobus/x
mdevctl driver unset css/0.0.9999
mdevctl driver unset ap/05.0099
ls etc/driverctl.d
store ap-05.0099 'vfio_ap\n'; mdevctl driver unset ap/05; ls etc/driverctl.d
store css-0.0.9999 'vfio_ccw\n'; driverctl -b css unset-override 0.0.9999; ls etc/driverctl.d
mdevctl check | grep -A1 driver
end
