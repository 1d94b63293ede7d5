# SPDX-License-Identifier: Apache-2.0
# A full card does not tell how much a type takes: as many as run start again, of more nobody can tell.
simulate i915; for i in 1 2; do mdevctl define -u $(number $i) -p 0000:00:02.0 -t i915-GVTg_V5_2 --auto; done; mdevctl autostart; mdevctl types -p 0000:00:02.0 | grep -A1 V5_[24]
mdevctl define -u $(number 3) -p 0000:00:02.0 -t i915-GVTg_V5_4 --auto; mdevctl plan --boot; mdevctl modify -u $(number 2) -t i915-GVTg_V5_4; mdevctl plan --boot
ctl reboot; mdevctl autostart
end
