# SPDX-License-Identifier: Apache-2.0
simulate s390x-619; mdevctl driver set ap/05.0004,05.0006 vfio_ap >/dev/null; rm etc/driverctl.d/ap-05.0006; mdevctl check --matrix
ap assign_adapter=5 assign_domain=4 assign_domain=6 | sed s/manual/auto/ | definition matrix $a; mdevctl check --matrix
end
