# SPDX-License-Identifier: Apache-2.0
# Options that are given more than once, joined to others, or in the way of --help.
mdevctl define -u $a -p mtty -t mtty-2; mdevctl modify -u $a --addattr a --value 1 --addattr b --value= --value 3 --addattr c; mdevctl list -dv
mdevctl modify -u $a --addattr x --addattr y --value=z --value '' -i 1; mdevctl list -dvu$a
mdevctl modify -u $a --addattr x --addattr y --value 1
mdevctl modify -u $a --addattr x --value 1 --value 2
mdevctl modify -u $a --auto -a
mdevctl modify -u $a -t a --type=b
mdevctl stop -u $a -u $b
mdevctl stop -u$a -fu $b
mdevctl list -d --defined
mdevctl list -dv -v
mdevctl undefine -fu=$a; mdevctl list -d; mdevctl define -afu$a -pmtty -tmtty-2; mdevctl list -du=$a
mdevctl modify --defined --live --jsonfile b --help | head -n 1
mdevctl list --bogus --help; mdevctl start -u $a --bogus -h
mdevctl list --help --bogus | head -n 1
mdevctl list -V; mdevctl list -d -V; mdevctl -V
mdevctl start -u $a -V
mdevctl stop -u $a -V
mdevctl list -p $(printf '\xff')
mdevctl driver set ap/zz vfio_ap
mdevctl driver unset ap/zz
mdevctl ap set apmask=foo
