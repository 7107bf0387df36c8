"""Compares Ringcache with memcached and with the floor that the kernel sets: docs/benchmarks.md."""

import contextlib
import os
import subprocess
import sys

from tools.compare import bursts, command_line, loads, programs, table
from tools.compare.command_line import say


def read_options(arguments):
    parser = command_line.parser("compare", __doc__)
    add = parser.add_argument
    add("--open-loop", action="store_true",
        help="latency at a share of memcached's saturation instead of CPU per request")
    add("--open-loop-share", type=float, default=0.6, help="that share (0.6)")
    add("--floor", default=command_line.runfile("tools/floor/floor"), metavar="PATH")
    options = command_line.read_options(parser, arguments, loads.LOADS)
    if not 0 < options.open_loop_share < 1:
        parser.error("--open-loop-share is between 0 and 1")
    return options


def memcached_version(program):
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        return done.stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise programs.Failure(f"{program} does not run: {error}") from error


def check_programs(options):
    command_line.check_executable(options.ringcache, options.loadgen)
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
    return command_line.run("compare", read_options(arguments), loads.LOADS, compare)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
