# SPDX-License-Identifier: Apache-2.0
# A parent that offers nothing, and the way out.
simulate s390x
mdevctl start -p 0.0.0313 -t vfio_ccw-io
mdevctl start -p 0.0.2b09 -t vfio_ccw-io
mdevctl start -p 0.0.9999 -t vfio_ccw-io
ctl unload vfio_ap; mdevctl start -p matrix -t vfio_ap-passthrough
mdevctl start -p mtty -t mtty-2
mdevctl driver set css/0.0.0313 vfio_ccw; mdevctl start $a -p 0.0.0313 -t vfio_ccw-io; mdevctl list
mdevctl start -p 0.0.0313 -t vfio_ccw
end
