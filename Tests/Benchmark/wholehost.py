# SPDX-License-Identifier: Apache-2.0
"""What looking at a whole large host costs beside listing its store; started by "run".

The host is one of plain files: 256 adapters by 256 domains, 1,000 definitions of vfio_ap and
10,000 others under 100 parents that are there.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import uuid

from measure import RUNS, peak_memory, timed

PARENTS = 100
OTHERS = 10_000
MATRICES = 1_000
KEPT = 16  # adapters that the host keeps


def main(program):
    with tempfile.TemporaryDirectory() as scratch:
        make_host(scratch)
        os.environ["MDEVCTL_ENV_ROOT"] = scratch
        print("\none large host: 65,536 queues, 1,000 definitions of vfio_ap, 10,000 others\n")
        print(f"{'':34}{'list -d':>12}{'this':>12}{'ratio':>8}")
        numbers = random.Random(2)
        make_matrices(scratch, lambda index: own_queues(index, numbers))
        compare("check", ["check"], program)
        compare("check --matrix", ["check", "--matrix"], program)
        compare("plan --boot", ["plan", "--boot"], program)
        make_matrices(scratch, lambda index: (range(256), range(256)))
        compare("check, all want all queues", ["check"], program)
        numbers.seed(2)
        make_matrices(scratch, lambda index: own_queues(index, numbers))
        make_overrides(scratch)
        compare("check, queues with overrides", ["check"], program)


def compare(label, arguments, program):
    """Measures a command and "list -d" in turn."""
    commands = [[program, "list", "-d"], [program, *arguments]]
    runs = [[], []]
    for number in range(RUNS + 1):
        for command, results in zip(commands, runs):
            elapsed = timed(command, expected=(0, 1))
            if number > 0:  # the first is for the caches
                results.append(elapsed)
    row(label, [statistics.median(results) for results in runs], "ms")
    row("  peak memory", [peak_memory(program, command[1:]) for command in commands], "KiB")


def row(label, values, unit):
    print(f"{label:34}{values[0]:>9.1f} {unit:<3}{values[1]:>8.1f} {unit:<3}"
          f"{values[1] / values[0]:>6.2f}")


def own_queues(index, numbers):
    """Returns an adapter of its own for a part of the domains; each tenth definition has a domain
    of the one before."""
    first = index // 240 * 50
    domains = numbers.sample(range(first, first + 40), 8)
    return ([KEPT + (index - (index % 10 == 9)) % 240], domains + [first + 41])


def make_matrices(root, queues):
    """Writes the definitions of vfio_ap, in place of those that were there."""
    numbers = random.Random(1)
    directory = os.path.join(root, "etc/mdevctl.d/matrix")
    os.makedirs(directory, exist_ok=True)
    for index in range(MATRICES):
        adapters, domains = queues(index)
        write(os.path.join(directory, name(numbers)), json.dumps({
            "mdev_type": "vfio_ap-passthrough",
            "start": "auto",
            "attrs": [{"assign_adapter": str(adapter)} for adapter in adapters]
            + [{"assign_domain": f"0x{domain:x}"} for domain in domains],
        }, indent=2))


def make_host(root):
    """Writes the host, and the definitions that are not of vfio_ap."""
    numbers = random.Random(3)
    ap = os.path.join(root, "sys/bus/ap")
    os.makedirs(ap + "/devices")
    write(ap + "/apmask", f"0x{(1 << 256) - (1 << 256 - KEPT):064x}\n")
    write(ap + "/aqmask", "0x" + "f" * 64 + "\n")
    for number in range(256):
        os.symlink(f"../../../devices/ap/card{number:02x}", f"{ap}/devices/card{number:02x}")
        for domain in range(256):
            queue = f"{number:02x}.{domain:04x}"
            os.symlink(f"../../../devices/ap/card{number:02x}/{queue}", f"{ap}/devices/{queue}")
    os.makedirs(root + "/sys/bus/mdev/devices")
    make_parent(root, "matrix", ["vfio_ap-passthrough"])
    for number in range(PARENTS):
        parent = f"0000:{number:02x}:00.0"
        make_parent(root, parent, [f"card-{size}" for size in range(4)])
        os.makedirs(f"{root}/etc/mdevctl.d/{parent}")
    for index in range(OTHERS):
        parent = f"0000:{index % PARENTS:02x}:00.0"
        write(f"{root}/etc/mdevctl.d/{parent}/{name(numbers)}", json.dumps({
            "mdev_type": f"card-{index % 4}",
            "start": ["auto", "manual"][index // PARENTS % 2],
            "attrs": [{"frame_rate": str(index % 60)}, {"resolution": "1920x1080"}],
        }, indent=2))


def make_overrides(root):
    """Gives the queues away one by one and not by masks, as Linux 6.19 can."""
    ap = os.path.join(root, "sys/bus/ap")
    write(ap + "/apmask", "0x" + "f" * 64 + "\n")
    for queue in os.listdir(ap + "/devices"):
        path = f"{ap}/devices/{queue}"
        if "." in queue:
            os.remove(path)
            os.mkdir(path)
            write(path + "/driver_override", "\n" if int(queue[:2], 16) < KEPT else "vfio_ap\n")


def make_parent(root, parent, types):
    for each in types:
        directory = f"{root}/sys/class/mdev_bus/{parent}/mdev_supported_types/{each}"
        os.makedirs(directory)
        write(directory + "/available_instances", "1000\n")
        write(directory + "/device_api", "vfio-pci\n")
        write(directory + "/name", each + "\n")


def name(numbers):
    return str(uuid.UUID(int=numbers.getrandbits(128), version=4))


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


main(sys.argv[1])
