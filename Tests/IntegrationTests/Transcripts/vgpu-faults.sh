# SPDX-License-Identifier: Apache-2.0
# A fleet of eight cards: one broken in each way, the others unharmed, over three boots.
simulate nvidia-fleet; mdevctl rules install >/dev/null; ctl reboot; mdevctl vgpu | tail -n +2 | cut -d' ' -f1 >cards; for card in $(cat cards); do mdevctl vgpu set $card L40S-4Q=2 ; done | tail -3
ctl reboot; rm -r run/mdevctl; mdevctl vgpu restore; mdevctl vgpu | grep -c ready
ctl reboot; rm -r run/mdevctl; set -- $(cat cards); ctl sriov $1 busy; ctl sriov $2 stub; ctl sriov $3 unbound; ctl sriov $4 fewer 5; ctl sriov $5 late 700; ctl sriov $6 busy 1; for card; do ctl sriov $card slow 100; done; mdevctl vgpu restore
mdevctl status | sed 's/at [^ ]*Z/at TIME/'; mdevctl check --now
# What a message says to do is done, when the card lets one.
for card in $(cat cards); do ctl sriov $card clear; done; mdevctl status | grep -o "'echo.*/bind'" | tr -d "'" | sed 's,/sys,sys,g' >way; cat way; bash -e way; mdevctl vgpu restore; mdevctl vgpu | grep -c ready; mdevctl check
# So does a card that check names.
set -- $(cat cards); echo $2 >sys/bus/pci/drivers/nvidia/unbind; mdevctl check --now; mdevctl vgpu restore $2; mdevctl check
# A card that is gone fails, a program that is missing is named.
set -- $(cat cards); ctl reboot; rm -r run/mdevctl; rm usr/lib/nvidia/sriov-manage; mdevctl vgpu restore $1; mkdir -p usr/lib/nvidia; printf '#!/bin/sh\nexit 0\n' >usr/lib/nvidia/sriov-manage; chmod 777 usr/lib/nvidia/sriov-manage; mdevctl vgpu restore $1; mdevctl vgpu restore 0000:01:00.0
end
