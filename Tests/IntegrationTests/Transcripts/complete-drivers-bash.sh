# SPDX-License-Identifier: Apache-2.0
simulate s390x
mdevctl driver set css/0.0.0313 vfio_ccw >/dev/null
complete_in bash "mdevctl driver set css/0.0.03"
complete_in bash "mdevctl driver set css/0.0.0313 vfio"
complete_in bash "mdevctl driver set ap/06"
complete_in bash "mdevctl driver unset -b "
complete_in bash "mdevctl driver set "
complete_in bash "mdevctl ap 05.00"
complete_in bash "mdevctl subchannel "
complete_in bash "mdevctl start -p 0.0."
complete_in bash "driverctl -b css unset-override "
complete_in bash "driverctl --bus=css set-override 0.0.0313 "
end
