# SPDX-License-Identifier: Apache-2.0
# Where queues have no overrides, a stored one goes all the same, and then masks do.
simulate s390x
store ap-05.0004 vfio_ap
mdevctl driver set ap/06 vfio_ap
mdevctl driver unset ap/05.0004; ls etc/driverctl.d
mdevctl driver set ap/06 vfio_ap | head -3
store ap-06.0004 vfio_ap; mdevctl driver unset ap/06; ls etc/driverctl.d
end
