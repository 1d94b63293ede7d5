# SPDX-License-Identifier: Apache-2.0
"""What happens on a simulated host; started by "run", and by itself inside of the host.

simulated.py PROGRAM SIMULATOR: prints the table. The other forms run inside.
"""

import os
import statistics
import subprocess
import sys
import time

from measure import PEER, RUNS, figures, row, timed

DEVICES = 32
OWN = "aaaaaaaa-0000-4000-8000-000000000001"
SCRIPT = """#!/bin/sh
sleep 0.05
[ "$4-$6" = get-attributes ] || exit 2
echo '[{"a":"1"}]'
"""


def main(program, simulator):
    print("\non simulated hosts\n")
    run = [simulator, "run", "--profile"]
    times = [timed(run + ["fleet", "--", "/bin/true"]) for _ in range(RUNS)]
    print(f"{'64 parents up and down':34}{'':>12}{statistics.median(times):>9.1f} ms")
    for kind in ["reads", "definitions", "others", "callouts", "autostart"]:
        subprocess.run(run + ["fleet", "--", sys.executable, __file__, kind, program, simulator],
                       check=True)


def reads():
    """Reads an attribute 10,000 times."""
    path = "/sys/class/mdev_bus"
    path += "/" + sorted(os.listdir(path))[0] + "/mdev_supported_types"
    path += "/" + sorted(os.listdir(path))[0] + "/available_instances"
    begin = time.monotonic()
    for _ in range(10_000):
        with open(path, "rb", buffering=0) as file:
            file.read(4096)
    elapsed = (time.monotonic() - begin) * 1000
    print(f"{'10,000 attribute reads (once)':34}{'':>12}{elapsed:>9.1f} ms")


def definitions(program):
    """Defines and changes a device beside 10,000 others of its parent, which is not there."""
    parent = "/etc/mdevctl.d/0000:ff:00.0"
    path = f"{parent}/{OWN}"
    prepare_store()
    os.makedirs(parent)
    for number in range(10_000):
        with open(f"{parent}/00000000-0000-4000-8000-{number:012d}", "w") as file:
            file.write('{"mdev_type": "t", "start": "auto", "attrs": []}')
    options = ["-p", os.path.basename(parent), "-u", OWN]
    figures("define --auto beside 10,000", ["define", "--auto", "-t", "t", *options], program,
            clean=lambda: os.remove(path))
    with open(path, "w") as file:
        file.write('{"mdev_type": "t", "start": "manual", "attrs": []}')
    figures("modify --auto beside 10,000", ["modify", "--auto", *options], program)


def others(program):
    """Starts the devices of a parent, all of which run, while others do elsewhere."""
    prepare_store()
    parents = "/sys/class/mdev_bus"
    number = 0
    for parent in sorted(os.listdir(parents)):
        types = f"{parents}/{parent}/mdev_supported_types"
        for kind in sorted(os.listdir(types)):
            with open(f"{types}/{kind}/available_instances") as file:
                room = int(file.read())
            for _ in range(room):
                number += 1
                with open(f"{types}/{kind}/create", "w") as file:
                    file.write(f"00000000-0000-4000-8000-{number:012d}")
    figures(f"start-parent-mdevs beside {number}", ["start-parent-mdevs", parent], program)


def prepare_store():
    for kind in ["callouts", "notifiers"]:
        os.makedirs(f"/etc/mdevctl.d/scripts.d/{kind}", exist_ok=True)  # without which the peer ends


def callouts(program):
    """Lists devices of which a callout reports the attributes, 50 ms for each call."""
    scripts = "/etc/mdevctl.d/scripts.d"
    prepare_store()
    with open(scripts + "/callouts/slow", "w") as file:
        file.write(SCRIPT)
    os.chmod(scripts + "/callouts/slow", 0o755)
    parents = "/sys/class/mdev_bus"
    for number, parent in enumerate(sorted(os.listdir(parents))[:DEVICES]):
        types = f"{parents}/{parent}/mdev_supported_types"
        with open(f"{types}/{sorted(os.listdir(types))[0]}/create", "w") as file:
            file.write(f"00000000-0000-4000-8000-{number:012d}")
    figures(f"list --dumpjson, {DEVICES} slow callouts", ["list", "--dumpjson"], program)


def autostart(program, simulator):
    """Starts devices of one parent, 50 ms for each creation."""
    prepare_store()
    parent = sorted(os.listdir("/sys/class/mdev_bus"))[0]
    kind = sorted(os.listdir(f"/sys/class/mdev_bus/{parent}/mdev_supported_types"))[0]
    for number in range(64):
        subprocess.run([program, "define", "--auto", "-p", parent, "-t", kind,
                        "-u", f"00000000-0000-4000-8000-{number:012d}"], check=True)
    subprocess.run([simulator, "ctl", "latency", "50"], check=True)
    figures("autostart of 64, 50 ms each", ["start-parent-mdevs", parent], program, clean=remove_all)


def remove_all():
    for device in os.listdir("/sys/bus/mdev/devices"):
        with open(f"/sys/bus/mdev/devices/{device}/remove", "w") as file:
            file.write("1")


if sys.argv[1] == "reads":
    reads()
elif sys.argv[1] == "definitions":
    definitions(sys.argv[2])
elif sys.argv[1] == "others":
    others(sys.argv[2])
elif sys.argv[1] == "callouts":
    callouts(sys.argv[2])
elif sys.argv[1] == "autostart":
    autostart(*sys.argv[2:])
else:
    main(*sys.argv[1:])
