# SPDX-License-Identifier: Apache-2.0
# What is written, where, and as whose.
mdevctl define -u $a -p mtty -t mtty-2; stat -c %a etc/mdevctl.d/mtty/$a
cd etc/mdevctl.d/mtty; chmod 600 $a; [ $(id -u) != 0 ] || chown :8 $a; old=$(stat -c '%a %u:%g' $a); mdevctl modify -u $a --auto; [ "$(stat -c '%a %u:%g' $a)" = "$old" ] && grep start $a
cd etc/mdevctl.d/mtty; chmod 640 $a; old=$(stat -c '%a %u:%g' $a); mdevctl modify -u $a --manual; [ "$(stat -c '%a %u:%g' $a)" = "$old" ] && grep start $a
# Names that the store passes over are no parents.
mdevctl define -u $b -p scripts.d -t t
mdevctl define -u $b -p .hidden -t t
echo '{"mdev_type":"t","start":"auto"}' | mdevctl define -u $b -p .hidden --jsonfile /dev/stdin
mdevctl modify -u $b -p scripts.d --auto; mdevctl list -d -p scripts.d
find etc -mindepth 1 | sort
# A definition that grows beyond what is read, since it is stored with blanks.
{ printf '{"mdev_type":"t","start":"manual","attrs":['; for i in $(seq 45000); do printf '{"a%s":""},' $i; done; echo '{"last":"1"}]}'; } >large; stat -c %s large
mdevctl define -u $b -p mtty --jsonfile large
mdevctl modify -u $a -p mtty --jsonfile large; mdevctl list -d
# A parent's directory on another file system.
there=$(mktemp -d /dev/shm/mdevctl.XXXXXX); ln -s $there etc/mdevctl.d/other; touch $there/.mdevctl.new; mdevctl define -u $a -p other -t t; mdevctl modify -u $a -p other --auto; ls -A $there etc/mdevctl.d | grep -v shm; mdevctl list -d; mdevctl undefine -u $a -p other; ls -A $there; rm -r $there etc/mdevctl.d/other
# A definition that somebody changes while the scripts are asked.
script local/callouts/10-editor <<<'[ "$4 $6" = "pre modify" ] && sed -i s/mtty-2/mtty-1/ $MDEVCTL_ENV_ROOT/etc/mdevctl.d/mtty/*; [ $4 != get ] || exit 2'
mdevctl modify -u $a --auto; cat etc/mdevctl.d/mtty/$a; rm etc/mdevctl.d/scripts.d/callouts/10-editor
# One that somebody else makes meanwhile.
script local/callouts/10-editor <<<'[ "$4 $6" = "pre define" ] && echo "{}" >$MDEVCTL_ENV_ROOT/etc/mdevctl.d/mtty/$(echo $@ | sed "s/.*-u //;s/ .*//"); [ $4 != get ] || exit 2'
mdevctl define -u $b -p mtty -t mtty-2; cat etc/mdevctl.d/mtty/$b; rm etc/mdevctl.d/scripts.d/callouts/10-editor
# A script that takes its time holds up the changes of its device alone.
script local/callouts/10-slow <<<'[ $4 != get ] || exit 2; case "$4 $6 $*" in "pre define"*1001*) cd $MDEVCTL_ENV_ROOT; touch asked; until [ -e go ]; do sleep 0.01; done;; esac'
mdevctl define -u $a -p p -t t & first=$!; until [ -e asked ]; do :; done; mdevctl define -u $b -p p -t t; mdevctl define -u $a -p p -t t & second=$!; sleep 0.2; ls etc/mdevctl.d/p; touch go; wait $first; echo $?; wait $second; echo $?; ls -A run/mdevctl/devices; rm -r etc/mdevctl.d/scripts.d
# Where nothing can be written in /run, the directory of the definitions is locked.
rm -rf run; touch run; mdevctl define -u $c -p mtty -t mtty-2; mdevctl modify -u $c --auto; mdevctl undefine -u $c
flock -o etc/mdevctl.d bash -c "mdevctl define -u $c -p mtty -t mtty-2 2>/dev/null & sleep 0.3; ls etc/mdevctl.d/mtty | grep -c $c"; for i in {1..100}; do [ -e etc/mdevctl.d/mtty/$c ] && break; sleep 0.05; done; ls etc/mdevctl.d/mtty | grep -c $c
rm run; rm etc/mdevctl.d/mtty/*; parent mtty mtty-2 12 vfio-pci; touch run; mdevctl define -a -u $a -p mtty -t mtty-2; mdevctl autostart
# An ordinary user sees what runs, though the definitions are closed to him.
device $b mtty mtty-2; chmod 755 .; cp $(command -v mdevctl) m; chmod 755 m; chmod 0 etc/mdevctl.d; as=; [ $(id -u) != 0 ] || as="setpriv --reuid 65534 --regid 65534 --clear-groups"; $as ./m list; $as ./m list -d; chmod 755 etc/mdevctl.d; rm m
