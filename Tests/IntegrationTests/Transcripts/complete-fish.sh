# SPDX-License-Identifier: Apache-2.0
simulate mtty
mdevctl define -u $a -p mtty -t mtty-2; mdevctl define -u $b -p mdpy -t mdpy-hd; mdevctl start -u $b; mdevctl start -u $c -p mtty -t mtty-1
recorder local/callouts/10-log; echo '{' | definition mtty $(number 1); mkdir -p 'etc/mdevctl.d/a$(b) c'; ap x=1 | definition 'a$(b) c' $(number 2)
writes >/dev/null; calls >/dev/null; touch mark
complete_in fish "mdevctl "
complete_in fish "mdevctl sta"
complete_in fish "mdevctl stop -"
complete_in fish "mdevctl define -u "
complete_in fish "mdevctl start -u "
complete_in fish "mdevctl stop -u "
complete_in fish "mdevctl modify --uuid="
complete_in fish "mdevctl undefine -u $a -p "
complete_in fish "mdevctl start -p "
complete_in fish "mdevctl start -p mtty -t "
complete_in fish "mdevctl callouts list -t m"
complete_in fish "mdevctl check --now --"
complete_in fish "mdevctl rules show --dir=bin/"
complete_in fish "mdevctl callouts test bin/l"
complete_in fish "mdevctl ap set --remove "
complete_in fish "mdevctl help ru"
complete_in fish "mdevctl list -d -u ${a:0:4}"
complete_in fish "mdevctl list -o uuid,"
complete_in fish "mdevctl groups -o +"
complete_in fish "lsmdev -u "
complete_in fish "lsmdev --defined -u "
complete_in fish "mdevctl frob"
complete_in fish "mdevctl undefine -u $(number 2) -p "
complete_in fish "mdevsim run -p x -- mdevctl sto"
complete_in fish "mdevsim ctl hold --dir $PWD "
complete_in fish "mdevsim mount -p s3"
writes; calls; find etc run -newer mark
end
