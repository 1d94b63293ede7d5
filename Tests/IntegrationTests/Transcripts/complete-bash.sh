# SPDX-License-Identifier: Apache-2.0
simulate mtty
mdevctl define -u $a -p mtty -t mtty-2; mdevctl define -u $b -p mdpy -t mdpy-hd; mdevctl start -u $b; mdevctl start -u $c -p mtty -t mtty-1
recorder local/callouts/10-log; echo '{' | definition mtty $(number 1); mkdir -p 'etc/mdevctl.d/a$(b) c'; ap x=1 | definition 'a$(b) c' $(number 2)
writes >/dev/null; calls >/dev/null; touch mark
complete_in bash "mdevctl "
complete_in bash "mdevctl sta"
complete_in bash "mdevctl stop -"
complete_in bash "mdevctl define -u "
complete_in bash "mdevctl start -u "
complete_in bash "mdevctl stop -u "
complete_in bash "mdevctl modify --uuid="
complete_in bash "mdevctl undefine -u $a -p "
complete_in bash "mdevctl start -p "
complete_in bash "mdevctl start -p mtty -t "
complete_in bash "mdevctl callouts list -t m"
complete_in bash "mdevctl check --now --"
complete_in bash "mdevctl rules show --dir=bin/"
complete_in bash "mdevctl callouts test bin/l"
complete_in bash "mdevctl ap set --remove "
complete_in bash "mdevctl help ru"
complete_in bash "mdevctl list -d -u ${a:0:4}"
complete_in bash "mdevctl list -o uuid,"
complete_in bash "mdevctl groups -o +"
complete_in bash "mdevctl list -o uuid,type,a"
complete_in bash "lsmdev -u "
complete_in bash "lsmdev --defined -u "
complete_in bash "mdevctl frob"
complete_in bash "mdevctl undefine -u $(number 2) -p "
complete_in bash "mdevsim run -p x -- mdevctl sto"
complete_in bash "mdevsim ctl hold --dir $PWD "
complete_in bash "mdevsim mount -p s3"
writes; calls; find etc run -newer mark
mdevctl complete 3 mdevctl undefine -u ''
mdevctl complete 3 mdevctl driver set nowhere/
rm -r etc/mdevctl.d; mkfifo etc/mdevctl.d; mdevctl complete 3 mdevctl start -u ''
mdevctl complete 1 mdevctl lis >/dev/full
end
