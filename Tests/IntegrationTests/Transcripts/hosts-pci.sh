# SPDX-License-Identifier: Apache-2.0
# Devices of an IOMMU group that a file has all are warned of no more than by 'driver set --group'.
simulate pci
printf '{ "version": 1, "owner": "web", "drivers": { "pci/0000:01:00.0": "vfio-pci" } }\n' >one.json; mdevctl apply --dry-run one.json; mdevctl apply one.json
printf '{ "version": 1, "owner": "web", "drivers": { "pci/01:00.0": "vfio-pci", "pci/0000:01:00.1": "vfio-pci" } }\n' >both.json; mdevctl apply both.json; mdevctl driver overrides
mdevctl driver set pci/0000:01:00.1 snd_hda_intel --now-only; mdevctl diff both.json; mdevctl diff --start both.json; mdevctl apply --start both.json; mdevctl driver overrides
printf '{ "version": 1, "owner": "web", "drivers": { "pci/0000:09:00.0": "vfio-pci", "pci/0000:00:1c.0": "vfio-pci" } }\n' | mdevctl apply -; echo $?
mdevctl driver set pci/0000:02:00.0 vfio-pci; printf '{ "version": 1, "owner": "web", "drivers": { "pci/0000:02:00.0": "none" } }\n' | mdevctl apply --prune -; echo $?
printf '{ "version": 1, "owner": "web", "drivers": { "pci/0000:02:00.0": "none" } }\n' | mdevctl apply --prune --adopt -; mdevctl driver overrides; mdevctl export
end
