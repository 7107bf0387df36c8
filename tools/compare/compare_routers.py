"""Compares Ringcache's router with nutcracker, before the same servers: docs/benchmarks.md."""

import contextlib
import dataclasses
import sys
import tempfile

from tools.compare import (bursts, command_line, overload, programs, router_loads, router_table,
                           routers, table)
from tools.compare.command_line import say

MIN_LIMIT_MIB = 16


def read_options(arguments):
    parser = command_line.parser("compare_routers", __doc__)
    add = parser.add_argument
    add("--servers", choices=("ringcache", "memcached"), default="ringcache",
        help="what stands behind the routers, on the generator's core (ringcache)")
    add("--router", default=command_line.runfile("router/router"), metavar="PATH",
        help="Ringcache's; nutcracker can stand in for it")
    add("--nutcracker", default="/usr/sbin/nutcracker", metavar="PATH")
    add("--overload-seconds", type=float, default=3.0,
        help="length of the burst of clients that read nothing; 0: none (3)")
    add("--overload-limit-mib", type=int, default=1024,
        help="a router is killed that takes more memory in it (1024)")
    options = command_line.read_options(parser, arguments, router_loads.LOADS)
    if not 0 <= options.overload_seconds <= 60:
        parser.error("--overload-seconds is 0 to 60")
    if not MIN_LIMIT_MIB <= options.overload_limit_mib < overload.MAX_ASKED_MIB:
        parser.error(f"--overload-limit-mib is {MIN_LIMIT_MIB} to {overload.MAX_ASKED_MIB - 1}")
    # The same few keys as of the other loads, when trying out.
    options.latency = dataclasses.replace(router_loads.LATENCY, data=options.chosen[0].data)
    return options


def start_server(stack, options, core):
    commands = {
        "ringcache": lambda: programs.ringcache_command(options.ringcache),
        "memcached": lambda: programs.memcached_command(options.memcached),
    }
    return stack.enter_context(
        programs.Server(options.servers, core, commands[options.servers]())
    )


class Routers:
    """Starts routers before servers that run already."""

    def __init__(self, options, core, servers):
        self._options = options
        self._core = core
        self._targets = [server.target for server in servers]

    def start(self, stack):
        """[(kind, router)] until `stack` ends."""
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="routers_"))
        paths = {bursts.RINGCACHE: self._options.router,
                 bursts.NUTCRACKER: self._options.nutcracker}
        return [
            (kind, stack.enter_context(programs.Server(
                f"{kind}'s router", self._core, routers.command(path, folder, self._targets))))
            for kind, path in paths.items()
        ]


def prefill(generator, starter, server_alone, data):
    """Stores `data` behind the routers and in the server without one.

    Keys are placed alike: what is stored through one router, the other finds, and misses would
    tell.
    """
    with contextlib.ExitStack() as stack:
        nutcracker = dict(starter.start(stack))[bursts.NUTCRACKER]
        for where, server in (("behind nutcracker", nutcracker), ("without it", server_alone)):
            seconds = generator.prefill(server, data)
            say(f"{data.keys} keys of {data.value_bytes} B stored {where} in {seconds:.1f} s")


def run_rounds(options, generator, starter, server_alone):
    """Both routers under all loads, and the server beside them for the latency.

    Routers are started for every round. Of two nutcrackers that lived through eight rounds, one
    spent less in each with 1,000 connections, 0.89 of the other: one pair is one sample.
    """
    results = bursts.Results()
    loads = [*options.chosen, options.latency]
    for round_number in range(options.rounds):
        say(f"round {round_number + 1} of {options.rounds}")
        with contextlib.ExitStack() as stack:
            started = starter.start(stack)

            def targets_for(load, started=started):
                alone = [(bursts.DIRECT, server_alone)] if load == options.latency else []
                return started + alone

            bursts.run_round(generator, targets_for, loads, options, round_number, results)
    return results


def run_overload(options, starter):
    """Each router started anew, since its memory is the greatest since its start."""
    outcomes = {}
    for kind in (bursts.RINGCACHE, bursts.NUTCRACKER):
        with contextlib.ExitStack() as stack:
            router = dict(starter.start(stack))[kind]
            say(f"{kind}: {overload.CLIENTS} clients that read nothing")
            outcomes[kind] = overload.measure(router, options.overload_seconds,
                                              options.overload_limit_mib)
    return outcomes


def compare(options):
    cores = programs.Cores(options.server_core, options.generator_core)
    cores.check()
    command_line.check_executable(options.router, options.nutcracker, options.loadgen,
                                  getattr(options, options.servers))
    report = {"servers": options.servers, "router": options.router, "rounds": options.rounds,
              "burst_s": options.burst_seconds}
    with contextlib.ExitStack() as stack:
        servers = [start_server(stack, options, cores.generator) for _ in range(routers.SERVERS)]
        # Alone, it is as far from its clients as a router is.
        server_alone = start_server(stack, options, cores.server)
        starter = Routers(options, cores.server, servers)
        generator = programs.Generator(options.loadgen, cores.generator)
        prefill(generator, starter, server_alone, options.latency.data)
        results = run_rounds(options, generator, starter, server_alone)
        report["closed_loop"] = results.as_json()
        print(table.per_server(results, options.chosen), end="\n\n")
        print(router_table.against_targets(results, options.chosen), end="\n\n")
        print(router_table.latency(results, options.latency))
        if options.overload_seconds:
            outcomes = run_overload(options, starter)
            report["overload"] = {
                kind: dataclasses.asdict(outcome) for kind, outcome in outcomes.items()
            }
            print()
            print(router_table.overload(outcomes, options.overload_limit_mib))
    for warning in table.warnings(results, [*options.chosen, options.latency]):
        print("WARNING", warning)
    return report


def main(arguments):
    return command_line.run("compare_routers", read_options(arguments), router_loads.LOADS, compare)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
