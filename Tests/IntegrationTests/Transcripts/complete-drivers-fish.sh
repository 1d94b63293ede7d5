# SPDX-License-Identifier: Apache-2.0
simulate s390x
mdevctl driver set css/0.0.0313 vfio_ccw >/dev/null
complete_in fish "mdevctl driver set css/0.0.03"
complete_in fish "mdevctl driver set css/0.0.0313 vfio"
complete_in fish "mdevctl driver set ap/06"
complete_in fish "mdevctl driver unset -b "
complete_in fish "mdevctl driver set "
complete_in fish "mdevctl ap 05.00"
complete_in fish "mdevctl subchannel "
complete_in fish "mdevctl start -p 0.0."
complete_in fish "driverctl -b css unset-override "
complete_in fish "driverctl --bus=css set-override 0.0.0313 "
end
