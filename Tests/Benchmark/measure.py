# SPDX-License-Identifier: Apache-2.0
"""Prints a table: each figure the median of RUNS runs, and its ratio to the peer's.

Runs in a mount namespace of its own, see "run".
"""

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

RUNS = 21
PEER = "/usr/bin/mdevctl"
DEVNULL = os.open("/dev/null", os.O_WRONLY)


def main(program):
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        print(f"medians of {RUNS} runs, in turn with {version(PEER)} from Debian\n")
        print(f"{'':34}{'mdevctl 1':>12}{'this':>12}{'ratio':>8}")
        figures("--version", ["--version"], program, kilobytes=True)
        for count in [0, 1, 100, 10_000]:
            store = os.path.join(scratch, str(count))
            make_store(store, count)
            subprocess.run(["mount", "--bind", store, "/etc/mdevctl.d"], check=True)
            if count == 0:
                figures("list, empty host", ["list"], program)
            else:
                listings(count, program)
            if count == 10_000:
                calls = system_calls(count, program)
            subprocess.run(["umount", "/etc/mdevctl.d"], check=True)
        size = [os.path.getsize(os.path.realpath(path)) / 1024 for path in (PEER, program)]
        row("size of the program", size, "KiB")
        print(f"\nfile system calls per definition file, of 10,000: {calls:.2f}"
              " (openat, read, close, and the directories' share)")


def listings(count, program):
    label = f"{count:,} definition" + ("s" if count > 1 else "")
    is_large = count == 10_000
    figures(f"list -d, {label}", ["list", "-d"], program, kilobytes=is_large)
    figures(f"list -d --dumpjson, {label}", ["list", "-d", "--dumpjson"], program,
            kilobytes=is_large)


def figures(label, arguments, program, kilobytes=False, clean=lambda: None):
    """Measures both programs in turn and prints time, and peak memory if asked to; calls clean
    after each run."""
    runs = {PEER: [], program: []}
    for each in runs:
        measure(each, arguments)  # once for the caches
        clean()
    for _ in range(RUNS):
        for each, results in runs.items():
            results.append(measure(each, arguments))
            clean()
    row(label, [statistics.median(results) for results in runs.values()], "ms")
    if kilobytes:
        row("  peak memory", [peak_memory(each, arguments) for each in runs], "KiB")


def peak_memory(program, arguments):
    """Returns the median peak of resident memory, in KiB, by GNU time: a small parent, whose own
    peak its child does not inherit."""
    peaks = []
    for _ in range(RUNS):
        run = subprocess.run(
            ["/usr/bin/time", "-f", "%M", program, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        peaks.append(int(run.stderr.split()[-1]))
    return statistics.median(peaks)


def measure(program, arguments):
    return timed([program, *arguments])


def timed(command, expected=(0,)):
    """Returns milliseconds from spawn to exit, which must be with one of the expected statuses."""
    begin = time.monotonic()
    process = os.posix_spawn(
        command[0], command,
        {name: value for name, value in os.environ.items() if name in ("PATH", "MDEVCTL_ENV_ROOT")},
        file_actions=[(os.POSIX_SPAWN_DUP2, DEVNULL, 1)])
    _, status = os.waitpid(process, 0)
    end = time.monotonic()
    if os.waitstatus_to_exitcode(status) not in expected:
        sys.exit(f"{' '.join(command)} ended with status {status}")
    return (end - begin) * 1000


def row(label, values, unit):
    peer, this = values
    print(f"{label:34}{peer:>9.1f} {unit:<3}{this:>8.1f} {unit:<3}{this / peer:>6.2f}")


def version(program):
    return subprocess.run([program, "--version"], check=True, capture_output=True,
                          text=True).stdout.strip()


def make_store(store, count):
    """Writes definitions under at most 100 parents, the same at each run."""
    numbers = random.Random(1)
    for kind in ["callouts", "notifiers"]:
        os.makedirs(os.path.join(store, "scripts.d", kind))  # without which the peer ends
    for index in range(count):
        parent = os.path.join(store, f"0000:{index % 100:02x}:00.0")
        os.makedirs(parent, exist_ok=True)
        name = uuid.UUID(int=numbers.getrandbits(128), version=4)
        start = ["auto", "manual"][index % 2]
        with open(os.path.join(parent, str(name)), "w") as file:
            file.write(f'{{\n  "mdev_type": "nvidia-{index % 7}",\n  "start": "{start}",\n'
                       f'  "attrs": [\n    {{\n      "assign_adapter": "{index % 256}"\n    }},\n'
                       f'    {{\n      "assign_domain": "0x{index % 200:x}"\n    }}\n  ]\n}}')


def system_calls(count, program):
    """Returns how many file system calls a listing makes for each definition."""
    trace = subprocess.run(
        ["strace", "-f", "-c", "-e", "trace=%file,%desc", program, "list", "-d"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    lines = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) .*?(\w+)$", trace, re.MULTILINE)
    return sum(int(count) for count, name in lines if name != "total") / count


if __name__ == "__main__":
    main(sys.argv[1])
