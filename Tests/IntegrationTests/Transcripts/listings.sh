# SPDX-License-Identifier: Apache-2.0
# Tables of all listings: columns, headings, what a terminal makes of them.
parent mtty mtty-2 12 vfio-pci 'Dual port serial'; parent 0000:06:00.0 nvidia-11 16 vfio-pci 'GRID M60-0B' 'num_heads=2, frl_config=45\nmax_resolution=2560x1600'
device $a mtty mtty-2; device $c mtty mtty-2; mdevctl define -a -u $a 2>/dev/null; mdevctl define -u $b -p mtty -t mtty-2; for value in 'a b' "$(printf '\033[31m\nx')"; do mdevctl modify -u $b --addattr long/name --value "$value"; done
mdevctl list -o uuid,parent; mdevctl list -d -o +attrs; mdevctl list -d -n -o UUID,active; (exec -a lsmdev mdevctl -o active,start -u $a); mdevctl list -n
mdevctl list -p nope -o uuid; mdevctl types -o +description; mdevctl types -no type,available -p mtty
mdevctl list -o uid; mdevctl list -o; mdevctl list -o uuid --dumpjson; mdevctl list -o uuid -v; mdevctl types -o ''
on_terminal 92 "mdevctl list -d -o +attrs; mdevctl types -o +description; mdevctl list -d; mdevctl list -do uuid -n; mdevctl list -p nope -o uuid; mdevctl types"
on_terminal 40 "COLUMNS=70 mdevctl types -o +description; LC_ALL=C mdevctl types -o type,name,description; COLUMNS=x mdevctl status"
on_terminal 0 "mdevctl types -o +description"
