# SPDX-License-Identifier: Apache-2.0
# Tables of drivers, queues, subchannels and findings.
simulate s390x; mdevctl driver set css/dev:0.0.2b09 vfio_ccw >/dev/null
mdevctl ap -o +bound | head -3; mdevctl ap 05.0004 06.002b -n -o queue,now; mdevctl subchannel -o uuid,device 0.0.2b09; mdevctl subchannel -o +x
mdevctl driver overrides -b css -o device,stored; mdevctl driver devices -b css -n | head -2; mdevctl driver devices -b css -v -o device
mdevctl check -o severity,rule,when; mdevctl check --matrix -o rule; mdevctl check -o +remedy -n --now | head -1
on_terminal 80 "mdevctl driver devices -b css; mdevctl subchannel; mdevctl vgpu; mdevctl ap 05 -o queue,boot"
end
