"""Runs the rounds: every load on every server in short bursts, interleaved."""

import dataclasses

from tools.compare import rounds
from tools.compare.programs import Timing

RINGCACHE = "ringcache"
MEMCACHED = "memcached"
FLOOR = "floor"
NUTCRACKER = "nutcracker"
DIRECT = "direct"  # a server without a router before it


@dataclasses.dataclass(frozen=True)
class Burst:
    """What is kept of one burst on one server."""

    requests_per_s: float
    p50_us: float
    p99_us: float
    p99_9_us: float
    cpu_us: float  # of the server, per request
    busy: float  # share of the window that the server was on a CPU
    misses: int
    unsent: int

    @staticmethod
    def of(report):
        latency, cpu = report["latency_us"], report["server_cpu"]
        return Burst(
            requests_per_s=report["requests_per_s"],
            p50_us=latency["p50"],
            p99_us=latency["p99"],
            p99_9_us=latency["p99_9"],
            cpu_us=cpu["us_per_request"],
            busy=cpu["total_s"] / report["window_s"],
            misses=report["counts"]["misses"],
            unsent=report["counts"]["unsent"],
        )


class Results:
    """Bursts by load and server, one for each round."""

    def __init__(self):
        self._bursts = {}

    def add(self, load, server_kind, burst):
        self._bursts.setdefault(load.name, {}).setdefault(server_kind, []).append(burst)

    def kinds(self, load):
        """In the order in which they were first measured."""
        return list(self._bursts.get(load.name, {}))

    def values(self, load, server_kind, field):
        return [getattr(burst, field) for burst in self._bursts[load.name][server_kind]]

    def quartiles(self, load, server_kind, field):
        return rounds.Quartiles.of(self.values(load, server_kind, field))

    def ratios(self, load, kind, to_kind, field="cpu_us"):
        """One for each round, or none where either was not measured."""
        return self._paired(rounds.ratios, load, kind, to_kind, field)

    def differences(self, load, kind, to_kind, field="cpu_us"):
        """As ratios."""
        return self._paired(rounds.differences, load, kind, to_kind, field)

    def _paired(self, formula, load, kind, to_kind, field):
        if not {kind, to_kind} <= set(self.kinds(load)):
            return []
        return formula(self.values(load, kind, field), self.values(load, to_kind, field))

    def ratio(self, load, kind, to_kind, field="cpu_us"):
        """Quartiles of the rounds' ratios, or None where there are none."""
        values = self.ratios(load, kind, to_kind, field)
        return rounds.Quartiles.of(values) if values else None

    def difference(self, load, kind, to_kind, field="cpu_us"):
        values = self.differences(load, kind, to_kind, field)
        return rounds.Quartiles.of(values) if values else None

    def as_json(self):
        return {
            load: {
                kind: [dataclasses.asdict(burst) for burst in bursts]
                for kind, bursts in kinds.items()
            }
            for load, kinds in self._bursts.items()
        }


def run_closed(generator, servers_for, chosen, options, say):
    """Every load `options.rounds` times on each of its servers.

    `servers_for(load)` is a list of (kind, server).
    """
    results = Results()
    for round_number in range(options.rounds):
        say(f"round {round_number + 1} of {options.rounds}")
        run_round(generator, servers_for, chosen, options, round_number, results)
    return results


def run_round(generator, servers_for, chosen, options, round_number, results):
    """Adds to `results` a burst of every load on each of its servers.

    The floor looks at no request, so of its replies only the bytes are counted.
    """
    for load in chosen:
        for kind, server in rounds.rotated(servers_for(load), round_number):
            timing = Timing(options.burst_seconds, options.warmup_seconds, round_number + 1)
            extra = ("--check=size",) if kind == FLOOR else ()
            report = generator.burst(server, load, timing, extra)
            results.add(load, kind, Burst.of(report))


def run_open(generator, servers_for, chosen, options, saturation, say):
    """As run_closed without the floor, at options.open_loop_share of `saturation[load.name]`."""
    results = Results()
    for round_number in range(options.rounds):
        say(f"open loop, round {round_number + 1} of {options.rounds}")
        for load in chosen:
            servers = [pair for pair in servers_for(load) if pair[0] != FLOOR]
            rate = options.open_loop_share * saturation[load.name]
            for kind, server in rounds.rotated(servers, round_number):
                timing = Timing(options.burst_seconds, options.warmup_seconds, round_number + 1)
                report = generator.burst(server, load, timing, (f"--rate={rate:.0f}",))
                results.add(load, kind, Burst.of(report))
    return results
