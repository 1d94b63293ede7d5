# SPDX-License-Identifier: Apache-2.0
simulate s390x
mdevctl subchannel
mdevctl subchannel 0.0.2b09
mdevctl driver set css/dev:0.0.2b09 vfio_ccw
stored; writes
mdevctl driver set -b css 0.0.0316 vfio_ccw
mdevctl subchannel
mdevctl subchannel 0.0.2b09
mdevctl start -u $a -p 0.0.0313 -t vfio_ccw-io
mdevctl subchannel 0.0.2b09
mdevctl subchannel 0.0.2b09 --json
mdevctl subchannel --json | head -16
mdevctl driver unset css/dev:0.0.2b09
mdevctl driver unset css/dev:0.0.2b09 --force
mdevctl subchannel; stored
mdevctl driver set css/0.0.0313 vfio_ccw --now-only
mdevctl driver overrides -b css; stored
mdevctl driver devices -b css
mdevctl driver overrides -b css --json
mdevctl driver set css/0.0.ff00 vfio_ccw
mdevctl driver devices -b css | grep ff00
mdevctl subchannel 0.0.9999
mdevctl subchannel ""
mdevctl driver set css/dev:0.0.9999 vfio_ccw
mdevctl driver set css/dev: vfio_ccw
mdevctl driver set css/0.0.9999 vfio_ccw
ctl unload vfio_ccw
mdevctl driver unset css/0.0.0313; mdevctl driver unset css/0.0.0316; mdevctl subchannel
echo 0.0.0314 >sys/bus/css/drivers/io_subchannel/unbind
mdevctl driver set css/0.0.0313 vfio_ccw
mdevctl subchannel
stored
mdevctl driver unset css/0.0.0314 --dry-run; mdevctl driver unset css/0.0.0314
mdevctl subchannel
echo 0.0.0314 >sys/bus/css/drivers/io_subchannel/unbind; echo 0.0.0314 >sys/bus/css/drivers/vfio_ccw/bind
mdevctl start -u $a -p 0.0.0314 -t vfio_ccw-io; mdevctl driver unset css/0.0.0314
mdevctl stop -u $a; mdevctl driver unset css/0.0.0314; mdevctl driver devices -b css | grep 0314
# Where nothing can be written in /run, a driver is changed all the same.
mv run run.away; touch run; mdevctl driver set css/0.0.0313 vfio_ccw; mdevctl driver unset css/0.0.0313; rm run; mv run.away run
end
