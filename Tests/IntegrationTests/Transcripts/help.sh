# SPDX-License-Identifier: Apache-2.0
mdevctl --help
mdevctl help
mdevctl define --help
mdevctl undefine --help
mdevctl modify --help
mdevctl start --help
mdevctl stop --help
mdevctl list --help
mdevctl types --help
mdevctl autostart --help
mdevctl status --help
mdevctl callouts --help
mdevctl callouts list --help
mdevctl callouts test --help
mdevctl rules --help
mdevctl rules show --help
mdevctl rules install --help
mdevctl rules check --help
mdevctl rules owner --help
mdevctl driver --help
mdevctl driver set --help
mdevctl driver unset --help
mdevctl driver load --help
mdevctl driver devices --help
mdevctl driver overrides --help
mdevctl ap --help
mdevctl ap show --help
mdevctl ap set --help
mdevctl subchannel --help
mdevctl groups --help
mdevctl start-parent-mdevs --help
bash -c 'exec -a lsmdev mdevctl --help'
bash -c 'exec -a driverctl mdevctl --help'
bash -c 'exec -a mdevctl-validate mdevctl --help'
