"""Compares Ringcache's C++ client with libmemcached, on one core, against the floor server.

The floor server answers without looking, on a core of its own, so what is measured is the client.
Both clients take turns in each round; ratios are formed within a round.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys

from tools.compare import programs, rounds, table

_RUNFILES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_FLOOR = os.path.join(_RUNFILES, "tools/floor/floor")
_CLIENT_LOAD = os.path.join(_RUNFILES, "tools/clientload/clientload")

RINGCACHE = "ringcache"
SPINNING = "ringcache, spinning"
LIBMEMCACHED = "libmemcached"
CLIENTS = (RINGCACHE, SPINNING, LIBMEMCACHED)
# Longer than this server takes for any of the loads.
_SPIN_US = 200


@dataclasses.dataclass(frozen=True)
class Load:
    """One row of the table."""

    name: str
    call: str
    depth: int = 1  # calls under way at once
    keys: int = 1  # of a call
    key_bytes: int = 30
    value_bytes: int = 100

    def exchange(self, client):
        """What the floor server takes for a request of that client's, and what it answers."""
        sizes = [f"--key-bytes={self.key_bytes}", f"--value-bytes={self.value_bytes}"]
        if self.call == "set":
            return ["--reply=set", *sizes]
        # libmemcached has several gets under way by asking for several keys at once.
        keys = self.keys
        if client == LIBMEMCACHED and self.call == "get":
            keys = self.depth
        return [f"--reply=multiget={keys}", *sizes]


LOADS = (
    Load("get-1", "get"),
    Load("get-16", "get", depth=16),
    Load("get-64", "get", depth=64),
    Load("get-4k-16", "get", depth=16, value_bytes=4096),
    Load("get-1000", "get", depth=1000),
    Load("multiget-50", "multiget", keys=50),
    Load("multiget-50-4", "multiget", keys=50, depth=4),
    Load("multiget-50-16", "multiget", keys=50, depth=16),
    Load("set-1", "set"),
)


def run_client(client, load, target, seconds):
    program = LIBMEMCACHED if client == LIBMEMCACHED else RINGCACHE
    command = [_CLIENT_LOAD, f"--client={program}", f"--call={load.call}", f"--server={target}",
               f"--depth={load.depth}", f"--keys={load.keys}", f"--key-bytes={load.key_bytes}",
               f"--value-bytes={load.value_bytes}", f"--seconds={seconds}"]
    if client == SPINNING:
        command.append(f"--spin-us={_SPIN_US}")
    done = subprocess.run(
        programs.pinned(0, command), capture_output=True, text=True, timeout=seconds + 60
    )
    if done.returncode != 0:
        raise programs.Failure(f"{client} at {load.name}:\n{done.stderr}")
    report = json.loads(done.stdout)
    if report["failures"]:
        raise programs.Failure(f"{client} at {load.name}: {report['failures']} operations failed")
    return report


def measure(load, options):
    """{client: [(operations per second, CPU in us per operation) of each round]}."""
    figures = {client: [] for client in CLIENTS}
    for number in range(options.rounds):
        for client in rounds.rotated(CLIENTS, number):
            def command(port, client=client):
                return [_FLOOR, f"--listen=127.0.0.1:{port}", *load.exchange(client)]

            with programs.Server("floor", 1, command) as floor:
                report = run_client(client, load, floor.target, options.seconds)
            operations = report["operations"]
            figures[client].append(
                (operations / report["seconds"], report["cpu_seconds"] * 1e6 / operations)
            )
    return figures


def rows(load, figures):
    """One for each client; ratios are to libmemcached."""
    theirs = figures[LIBMEMCACHED]
    for client in CLIENTS:
        ours = figures[client]
        cells = [load.name, client]
        for field, digits in ((0, 0), (1, 2)):
            median = rounds.Quartiles.of([figure[field] for figure in ours]).median
            ratios = rounds.ratios([f[field] for f in ours], [f[field] for f in theirs])
            ratio = table.with_spread(rounds.Quartiles.of(ratios), 2)
            cells += [f"{median:.{digits}f}", "" if client == LIBMEMCACHED else ratio]
        yield tuple(cells)


def main(arguments):
    parser = argparse.ArgumentParser(prog="compare_clients", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each load (5)")
    parser.add_argument("--seconds", type=int, default=1, help="length of a run (1)")
    parser.add_argument("--loads", default="", help="names, separated by commas (all)")
    options = parser.parse_args(arguments)
    if not 1 <= options.rounds <= 1000 or not 1 <= options.seconds <= 600:
        parser.error("--rounds is 1 to 1000, --seconds 1 to 600")
    wanted = [name for name in options.loads.split(",") if name]
    known = [load.name for load in LOADS]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        parser.error(f"there is no load {unknown[0]}; there are {', '.join(known)}")
    lines = [("load", "client", "operations/s", "ratio", "CPU us/operation", "ratio")]
    try:
        for load in LOADS:
            if not wanted or load.name in wanted:
                lines += rows(load, measure(load, options))
    except programs.Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    print(table.aligned(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
