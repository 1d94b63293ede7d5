#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Puts into dracut's initrd what 'mdevctl driver set --early' is for: rules that give devices their
# drivers, these drivers, and a script that sets the overrides before drivers are loaded.

# rules: those for the initrd.
rules() { PATH=/usr/local/sbin:/usr/sbin:$PATH mdevctl rules show --early; }

check() {
  [ -n "$(rules)" ]
}

depends() {
  echo udev-rules
}

# Without arguments, instmods takes modules from its input, of which there may be none; and not only
# those that this host has in use.
installkernel() {
  rules | sed -n 's/.*kmod load \([^"]*\).*/\1/p' | sort -u | hostonly='' instmods
}

install() {
  # shellcheck disable=SC2154 # dracut sets these
  local to=$initdir script=$moddir/overrides.sh unit
  mkdir -p "$to/usr/lib/udev/rules.d"
  rules >"$to/usr/lib/udev/rules.d/05-mdevctl-early.rules"
  inst_hook pre-udev 10 "$script"
  # This loads what the host has in modules-load.d, and waits for no hook by itself.
  unit=$to/usr/lib/systemd/system/systemd-modules-load.service
  mkdir -p "$unit.d"
  printf '[Unit]\nAfter=dracut-pre-udev.service\n' >"$unit.d/mdevctl.conf"
}
