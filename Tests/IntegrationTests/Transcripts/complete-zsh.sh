# SPDX-License-Identifier: Apache-2.0
simulate mtty
mdevctl define -u $a -p mtty -t mtty-2; mdevctl define -u $b -p mdpy -t mdpy-hd; mdevctl start -u $b; mdevctl start -u $c -p mtty -t mtty-1
recorder local/callouts/10-log; echo '{' | definition mtty $(number 1); mkdir -p 'etc/mdevctl.d/a$(b) c'; ap x=1 | definition 'a$(b) c' $(number 2)
writes >/dev/null; calls >/dev/null; touch mark
complete_in zsh "mdevctl "
complete_in zsh "mdevctl sta"
complete_in zsh "mdevctl stop -"
complete_in zsh "mdevctl define -u "
complete_in zsh "mdevctl start -u "
complete_in zsh "mdevctl stop -u "
complete_in zsh "mdevctl modify --uuid="
complete_in zsh "mdevctl undefine -u $a -p "
complete_in zsh "mdevctl start -p "
complete_in zsh "mdevctl start -p mtty -t "
complete_in zsh "mdevctl callouts list -t m"
complete_in zsh "mdevctl check --now --"
complete_in zsh "mdevctl rules show --dir=bin/"
complete_in zsh "mdevctl callouts test bin/l"
complete_in zsh "mdevctl ap set --remove "
complete_in zsh "mdevctl help ru"
complete_in zsh "mdevctl list -d -u ${a:0:4}"
complete_in zsh "mdevctl list -o uuid,"
complete_in zsh "mdevctl groups -o +"
complete_in zsh "lsmdev -u "
complete_in zsh "lsmdev --defined -u "
complete_in zsh "mdevctl frob"
complete_in zsh "mdevctl undefine -u $(number 2) -p "
complete_in zsh "mdevsim run -p x -- mdevctl sto"
complete_in zsh "mdevsim ctl hold --dir $PWD "
complete_in zsh "mdevsim mount -p s3"
writes; calls; find etc run -newer mark
end
