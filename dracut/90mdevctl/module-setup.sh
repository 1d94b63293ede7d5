#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Puts into the initrd what 'mdevctl driver set --early' is for: rules that give devices their
# drivers before other drivers are loaded, and these drivers.

# rules: those for the initrd.
rules() { PATH=/usr/local/sbin:/usr/sbin:$PATH mdevctl rules show --early; }

check() {
  [ -n "$(rules)" ]
}

depends() {
  echo udev-rules
}

installkernel() {
  local modules
  mapfile -t modules < <(rules | sed -n 's/.*kmod load \([^"]*\).*/\1/p' | sort -u)
  # Not only the drivers that this host has in use.
  hostonly='' instmods "${modules[@]}"
}

install() {
  # shellcheck disable=SC2154 # dracut sets it
  rules >"$initdir/usr/lib/udev/rules.d/05-mdevctl-early.rules"
}
