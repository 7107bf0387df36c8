"""What the admin interface costs the data path when it is flooded, and when its calls are stuck.

A server is loaded at half of what it can serve, in an open loop, while nobody asks its admin
interface, while that is flooded, and while its calls do not come back and are flooded all the same.
Who floods shares the core of the load generator, so what that costs latencies is seen by itself:
while another server, there as well, is flooded. The conditions take turns within each round. CPU is
that of the threads of the data path alone.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys

from tools.admin.admin_process import address_of
from tools.clients import server_process
from tools.compare.rounds import Quartiles, ratios, rotated
from tools.walls import loaded_process

_SERVER = "server/server"
_BLOCKED = "tools/walls/blocked_server"
_LOADGEN = "tools/loadgen/loadgen"
_FLOOD = "tools/walls/admin_flood"
_CONNECTIONS = 50
CONDITIONS = ("quiet", "elsewhere", "flooded", "blocked")
MARGIN_S = 60


@dataclasses.dataclass(frozen=True)
class Burst:
    """One run under one condition."""

    cpu_ns: float  # of the data path, per request
    p99_us: float
    requests: int
    flood: dict


def pinned(core, command):
    return ["taskset", "-c", str(core), *command]


def load(cores, target, seconds, rate):
    """The load generator's report; rate 0 is as fast as it goes."""
    command = [
        _LOADGEN, f"--target={target}", f"--connections={_CONNECTIONS}", "--threads=1", "--depth=1",
        "--keys=10000", "--prefill=yes", "--warmup=0.3", f"--duration={seconds}",
        f"--rate={rate:.0f}", "--quiet", "--json=-",
    ]
    done = subprocess.run(
        pinned(cores[1], command), check=True, capture_output=True, timeout=seconds + MARGIN_S
    )
    return json.loads(done.stdout)


def start_flood(cores, server, seconds):
    command = [
        _FLOOD, f"--address={address_of(server, 'gRPC')}",
        f"--metrics={address_of(server, '/metrics')}", f"--seconds={seconds}",
    ]
    return subprocess.Popen(pinned(cores[1], command), stdout=subprocess.PIPE)


def burst(condition, servers, cores, seconds, rate):
    server = servers["blocked" if condition == "blocked" else "served"]
    target = servers["elsewhere"] if condition == "elsewhere" else server
    with contextlib.ExitStack() as stack:
        flood = None
        if condition != "quiet":
            flood = stack.enter_context(start_flood(cores, target, seconds + 1.5))
        before = loaded_process.worker_cpu_ns(server.pid)
        report = load(cores, server.host_and_port, seconds, rate)
        used = loaded_process.worker_cpu_ns(server.pid) - before
        counts = json.loads(flood.communicate(timeout=MARGIN_S)[0]) if flood else {}
    if not report["clean"]:
        raise SystemExit(f"{condition}: the load was not served well: {report['problem']}")
    # Prefill and warm-up are the same in all conditions and are in all of them.
    requests = report["counts"]["requests"]
    return Burst(used / requests, report["latency_us"]["p99"], requests, counts)


def measure(options):
    """Bursts by condition, round by round, and the rate."""
    cores = (options.server_core, options.generator_core)
    bursts = {condition: [] for condition in CONDITIONS}
    with contextlib.ExitStack() as stack:
        servers = {}
        programs = (("served", _SERVER, 0), ("elsewhere", _SERVER, 1), ("blocked", _BLOCKED, 0))
        for name, program, core in programs:
            server = stack.enter_context(loaded_process.start(program, "-t", "1"))
            for task in os.listdir(f"/proc/{server.pid}/task"):
                os.sched_setaffinity(int(task), {cores[core]})
            servers[name] = server
        most = load(cores, servers["served"].host_and_port, options.seconds, 0)["requests_per_s"]
        rate = most / 2
        for number in range(options.rounds):
            for condition in rotated(CONDITIONS, number):
                bursts[condition].append(burst(condition, servers, cores, options.seconds, rate))
        for server in servers.values():
            server.end_well()
    return bursts, rate


def report(bursts, rate):
    lines = [f"open loop, {rate:.0f} requests/s, half of the most; {len(bursts['quiet'])} rounds"]
    quiet = bursts["quiet"]
    spread = Quartiles.of([each.p99_us for each in quiet])
    for condition in CONDITIONS:
        own = bursts[condition]
        cpu = Quartiles.of([each.cpu_ns for each in own])
        p99 = Quartiles.of([each.p99_us for each in own])
        ratio = Quartiles.of(ratios([b.cpu_ns for b in own], [b.cpu_ns for b in quiet]))
        lines.append(
            f"{condition:9} CPU {cpu.median / 1000:6.2f} us a request, {ratio.median:.3f} of quiet"
            f" [{ratio.low:.3f} {ratio.high:.3f}]; p99 {p99.median:7.1f} us"
            f" [{p99.low:.1f} {p99.high:.1f}]"
        )
        totals = {}
        for each in own:
            for name, count in each.flood.items():
                totals[name] = totals.get(name, 0) + count
        if totals:
            lines.append("          " + ", ".join(f"{n} {c}" for n, c in sorted(totals.items())))
    lines.append(f"p99 of quiet rounds: {spread.low:.1f} to {spread.high:.1f} us")
    return "\n".join(lines)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each burst")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--generator-core", type=int, default=1)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    server_process.allow_many_files()
    print(report(*measure(options)))


if __name__ == "__main__":
    main()
