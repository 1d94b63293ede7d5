# SPDX-License-Identifier: Apache-2.0
simulate s390x-619
mdevctl driver set ap/05.0004,05.00ab vfio_ap
stored; writes
mdevctl ap
mdevctl driver overrides -b ap
mdevctl ap set apmask=-6
mdevctl ap set apmask=-6 --persistent
mdevctl driver load ap/05.0004
mdevctl driver unset ap/05
stored; writes; mdevctl ap
mdevctl ap set apmask=-6
mdevctl driver set ap/05.0004 vfio_ap
mdevctl driver unset ap/06
mdevctl ap set aqmask=-4 --persistent
mdevctl driver set ap/05.0004 vfio_ap
mdevctl driver set ap/05.0004 vfio_ap --now-only
mdevctl ap
mdevctl driver unset ap/05.0004 --json
mdevctl driver set ap/06.0004 cex4queue --now-only; mdevctl driver devices -b ap
end
