#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Puts into the initrd what 'mdevctl driver set --early' is for: rules that give devices their
# drivers before other drivers are loaded, and these drivers.

check() {
  [ -n "$(/usr/sbin/mdevctl rules show --early)" ]
}

depends() {
  echo udev-rules
}

installkernel() {
  local modules
  mapfile -t modules < <(/usr/sbin/mdevctl rules show --early |
    sed -n 's/.*kmod load \([^"]*\).*/\1/p' | sort -u)
  # Not only the drivers that this host has in use.
  hostonly='' instmods "${modules[@]}"
}

install() {
  # shellcheck disable=SC2154 # dracut sets it
  /usr/sbin/mdevctl rules show --early >"$initdir/usr/lib/udev/rules.d/05-mdevctl-early.rules"
}
