# SPDX-License-Identifier: Apache-2.0
simulate s390x
mdevctl driver set css/0.0.0313 vfio_ccw >/dev/null
complete_in zsh "mdevctl driver set css/0.0.03"
complete_in zsh "mdevctl driver set css/0.0.0313 vfio"
complete_in zsh "mdevctl driver set ap/06"
complete_in zsh "mdevctl driver unset -b "
complete_in zsh "mdevctl driver set "
complete_in zsh "mdevctl ap 05.00"
complete_in zsh "mdevctl subchannel "
complete_in zsh "mdevctl start -p 0.0."
complete_in zsh "driverctl -b css unset-override "
complete_in zsh "driverctl --bus=css set-override 0.0.0313 "
end
