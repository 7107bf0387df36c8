"""Compares Ringcache with memcached and with the floor that the kernel sets: docs/benchmarks.md."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys

from tools.compare import bursts, loads, programs, table

_RUNFILES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read_options(arguments):
    parser = argparse.ArgumentParser(prog="compare", description=__doc__)
    add = parser.add_argument
    add("--rounds", type=int, default=8, help="bursts of each load on each server (8)")
    add("--burst-seconds", type=float, default=1.0, help="measured length of a burst (1)")
    add("--warmup-seconds", type=float, default=0.2, help="of each burst, before measuring (0.2)")
    add("--loads", default="", help="names, separated by commas (all); --list shows them")
    add("--list", action="store_true", help="list the loads and end")
    add("--key-share", type=float, default=1.0,
        help="share of the keys to store; less than 1 is for trying out (1)")
    add("--json", default="", metavar="FILE", help="write every burst there")
    add("--open-loop", action="store_true",
        help="latency at a share of memcached's saturation instead of CPU per request")
    add("--open-loop-share", type=float, default=0.6, help="that share (0.6)")
    add("--server-core", type=int, default=1, help="where every server runs (1)")
    add("--generator-core", type=int, default=0, help="where the load generator runs (0)")
    add("--ringcache", default=os.path.join(_RUNFILES, "server/server"), metavar="PATH")
    add("--memcached", default="/usr/bin/memcached", metavar="PATH")
    add("--floor", default=os.path.join(_RUNFILES, "tools/floor/floor"), metavar="PATH")
    add("--loadgen", default=os.path.join(_RUNFILES, "tools/loadgen/loadgen"), metavar="PATH")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if not 0.05 <= options.burst_seconds <= 600 or not 0 <= options.warmup_seconds <= 60:
        parser.error("a burst is 0.05 to 600 seconds long, its warm-up 0 to 60")
    if not 0 < options.open_loop_share < 1:
        parser.error("--open-loop-share is between 0 and 1")
    if not 0 < options.key_share <= 1:
        parser.error("--key-share is above 0 and at most 1")
    try:
        options.chosen = loads.with_share_of_keys(loads.select(options.loads), options.key_share)
    except ValueError as error:
        parser.error(str(error))
    return options


def say(text):
    print(text, file=sys.stderr, flush=True)


def memcached_version(program):
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        return done.stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise programs.Failure(f"{program} does not run: {error}") from error


def check_programs(options):
    for path in (options.ringcache, options.loadgen):
        if not os.access(path, os.X_OK):
            raise programs.Failure(f"there is no program {path}; use bazel run, or name it")
    if not os.access(options.floor, os.X_OK):
        say(f"there is no program {options.floor}: measuring without the floor; --floor names it")
        options.floor = None


def start_servers(stack, options, cores):
    """Starts all servers; returns servers_for(load), a list of (kind, server)."""

    def start(name, command_for_port):
        return stack.enter_context(programs.Server(name, cores.server, command_for_port))

    ringcache = start("Ringcache", programs.ringcache_command(options.ringcache))
    memcached = start("memcached", programs.memcached_command(options.memcached))
    floors = {}
    with_floor = options.floor is not None and not options.open_loop
    for load in options.chosen:
        if with_floor and load.floor_reply and load.floor_name not in floors:
            command = programs.floor_command(options.floor, load)
            floors[load.floor_name] = start(f"the {load.floor_name}", command)

    def servers_for(load):
        servers = [(bursts.RINGCACHE, ringcache), (bursts.MEMCACHED, memcached)]
        if load.floor_name in floors:
            servers.append((bursts.FLOOR, floors[load.floor_name]))
        return servers

    return servers_for


def prefill(generator, servers_for, chosen):
    for data in sorted({load.data for load in chosen}, key=lambda data: data.prefix):
        load = next(load for load in chosen if load.data == data)
        for kind, server in servers_for(load):
            if kind != bursts.FLOOR:
                seconds = generator.prefill(server, data)
                say(f"{kind}: {data.keys} keys of {data.value_bytes} B stored in {seconds:.1f} s")


def compare(options):
    cores = programs.Cores(options.server_core, options.generator_core)
    cores.check()
    check_programs(options)
    version = memcached_version(options.memcached)
    if not version.endswith(" 1.6.18"):
        say(f"{version} is not 1.6.18: the column 'of 1.6.45' does not apply")
    report = {"memcached": version, "rounds": options.rounds, "burst_s": options.burst_seconds}
    with contextlib.ExitStack() as stack:
        servers_for = start_servers(stack, options, cores)
        generator = programs.Generator(options.loadgen, cores.generator)
        prefill(generator, servers_for, options.chosen)
        results = bursts.run_closed(generator, servers_for, options.chosen, options, say)
        report["closed_loop"] = results.as_json()
        print(table.per_server(results, options.chosen))
        print()
        if options.open_loop:
            results = run_open_loop(generator, servers_for, options, results, report)
        else:
            print(table.against_targets(results, options.chosen))
    for warning in table.warnings(results, options.chosen):
        print("WARNING", warning)
    return report


def run_open_loop(generator, servers_for, options, closed, report):
    saturation = {
        load.name: closed.quartiles(load, bursts.MEMCACHED, "requests_per_s").median
        for load in options.chosen
    }
    results = bursts.run_open(generator, servers_for, options.chosen, options, saturation, say)
    report["saturation"] = saturation
    report["open_loop"] = results.as_json()
    print(table.open_loop(results, options.chosen, saturation, options.open_loop_share))
    return results


def main(arguments):
    options = read_options(arguments)
    if options.list:
        for load in loads.LOADS:
            print(f"{load.name:12} {load.what}")
        return 0
    # So that servers are ended on every way out.
    signal.signal(signal.SIGTERM, lambda *unused: sys.exit(143))
    try:
        report = compare(options)
    except programs.Failure as failure:
        say(f"compare: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    if options.json:
        # `bazel run` starts programs elsewhere.
        folder = os.environ.get("BUILD_WORKING_DIRECTORY", ".")
        with open(os.path.join(folder, options.json), "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
