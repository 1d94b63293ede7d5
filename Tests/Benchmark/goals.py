# SPDX-License-Identifier: Apache-2.0
"""Prints what is reached of the goals for the start, and what got worse; started by "run".

Times are of the processor, since many are bound by nothing else, and the ratio is the median of
those of RUNS pairs. Instructions are counted by callgrind, and say more on a busy machine. What is
more than a tenth worse than in the table "figures" is named at the end; with REGENERATE set in the
environment, that table is written anew.
"""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from measure import DEVNULL, PEER, make_store, peak_memory, version

RUNS = 101
GOALS = {
    "--version": 0.95,
    "list, empty host": 1.0,
    "list -d, 10 definitions": 1.05,
    "list -d --dumpjson, 10 definitions": 1.05,
    "define": 1.1,
    "start-parent-mdevs, 1 device": 1.1,
    "--version: peak memory": 1.2,
    "list -d, 10 definitions: peak memory": 1.2,
}
SIZE = 12_000_000
TABLE = pathlib.Path(__file__).with_name("figures")
UUID = "00000000-0000-4000-8000-000000000001"


def main(program, simulator, *enter):
    """Measures on this machine, or where the command 'enter' goes, which has this file and the
    program at the same paths."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = os.path.join(scratch, "figures")
        environment = os.environ | {"FIGURES": kept}
        for host in [["unshare", "--mount"], [simulator, "run", "--profile", "fleet", "--"]]:
            kind = "plain" if host[0] == "unshare" else "simulated"
            subprocess.run([*host, *enter, "python3", __file__, kind, program], check=True,
                           env=environment)
        size = os.path.getsize(os.path.realpath(program))
        print(f"{'size of the program':38}{size / 1e6:>19.2f} MB, of {SIZE / 1e6:.0f}")
        if not enter:
            compare(read(kept) | {"size": (size, 0)})


def plain(program):
    """Measures what needs no device."""
    print(f"\nthe start, by processor time, {RUNS} pairs with {version(PEER)}\n")
    print(f"{'':38}{'mdevctl 1':>11}{'this':>11}{'ratio':>7}{'goal':>6}"
          f"{'instructions':>16}{'ratio':>7}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        # A file system in memory: what a disk takes for an fsync is the same for both. It has all of
        # /etc, as on a host, for a store that is a mount of its own has a definition written twice.
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", scratch], check=True)
        subprocess.run(["cp", "-a", "/etc", scratch], check=True)
        subprocess.run(["mount", "--bind", f"{scratch}/etc", "/etc"], check=True)
        use(0)
        row("--version", ["--version"], program)
        memory("--version", ["--version"], program)
        row("list, empty host", ["list"], program)
        path = f"/etc/mdevctl.d/bench/{UUID}"
        row("define", ["define", "-u", UUID, "-p", "bench", "-t", "bench-1"], program,
            clean=lambda: os.remove(path))
        use(10)
        row("list -d, 10 definitions", ["list", "-d"], program)
        memory("list -d, 10 definitions", ["list", "-d"], program)
        row("list -d --dumpjson, 10 definitions", ["list", "-d", "--dumpjson"], program)
        subprocess.run(["umount", "/etc", scratch], check=True)


def simulated(program):
    """Measures the start of a device."""
    for kind in ["callouts", "notifiers"]:
        os.makedirs(f"/etc/mdevctl.d/scripts.d/{kind}", exist_ok=True)  # or the peer ends
    parent = "fleet0"
    kind = min(os.listdir(f"/sys/class/mdev_bus/{parent}/mdev_supported_types"))
    subprocess.run([program, "define", "--auto", "-p", parent, "-t", kind, "-u", UUID], check=True)
    row("start-parent-mdevs, 1 device", ["start-parent-mdevs", parent], program, clean=remove)


def remove():
    with open(f"/sys/bus/mdev/devices/{UUID}/remove", "w") as file:
        file.write("1")


def use(count):
    shutil.rmtree("/etc/mdevctl.d", ignore_errors=True)
    make_store("/etc/mdevctl.d", count)


def row(label, arguments, program, clean=lambda: None):
    """Measures both programs in turn, and prints and keeps the figures; calls clean after each
    run."""
    pairs = []
    for _ in range(RUNS + 1):
        pair = []
        for each in [PEER, program]:
            pair.append(processor_time([each, *arguments]))
            clean()
        pairs.append(pair)
    pairs = pairs[1:]  # the first is for the caches
    counts = []
    for each in [PEER, program]:
        counts.append(instructions([each, *arguments]))
        clean()
    ratio = statistics.median(this / peer for peer, this in pairs)
    peer, this = (statistics.median(times) for times in zip(*pairs))
    print(f"{label:38}{peer:>8.2f} ms{this:>8.2f} ms{ratio:>7.2f}{GOALS[label]:>6.2f}"
          f"{counts[1]:>16,}{counts[1] / counts[0]:>7.2f}", flush=True)
    keep(label, ratio, counts[1])


def memory(label, arguments, program):
    label += ": peak memory"
    peer, this = (peak_memory(each, arguments) for each in [PEER, program])
    print(f"{label:38}{peer:>7.0f} KiB{this:>7.0f} KiB{this / peer:>7.2f}{GOALS[label]:>6.2f}",
          flush=True)
    keep(label, this / peer, 0)


def processor_time(command):
    """Returns the milliseconds that a command spends in itself and in the kernel."""
    process = os.posix_spawn(
        command[0], command, {"PATH": os.environ["PATH"]},
        file_actions=[(os.POSIX_SPAWN_DUP2, DEVNULL, 1)])
    _, status, usage = os.wait4(process, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with status {status}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def instructions(command):
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def keep(label, ratio, count):
    with open(os.environ["FIGURES"], "a") as file:
        file.write(f"{label}\t{ratio:.2f}\t{count}\n")


def read(path):
    """Returns each label of a table with its figures."""
    with open(path) as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return {label: tuple(map(float, figures)) for label, *figures in rows}


def compare(figures):
    """Names what is worse than in the table, or writes that."""
    if os.environ.get("REGENERATE"):
        with open(TABLE, "w") as file:
            file.write("# what 'make bench' found last: ratio to mdevctl 1 (size: bytes), "
                       "instructions\n")
            for label, (ratio, count) in figures.items():
                file.write(f"{label}\t{ratio:.10g}\t{count:.0f}\n")
        return
    worse = []
    for label, before in read(TABLE).items():
        for name, old, new in zip(["ratio", "instructions"], before, figures[label]):
            if new > old * 1.1:
                worse.append(f"  {label}: {name} {old:,.10g} -> {new:,.10g}")
    print("\n" + "\n".join(["worse by more than a tenth than in the last table:", *worse]
                           if worse else ["nothing is worse than in the last table"]))


if sys.argv[1] == "plain":
    plain(sys.argv[2])
elif sys.argv[1] == "simulated":
    simulated(sys.argv[2])
else:
    main(*sys.argv[1:])
