"""What the programs that compare have in common: their flags, their way in and their ways out."""

import argparse
import json
import os
import signal
import sys

from tools.compare import loads, programs

_RUNFILES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def runfile(path):
    return os.path.join(_RUNFILES, path)


def say(text):
    print(text, file=sys.stderr, flush=True)


def parser(name, what):
    """With the flags of every comparison; the caller adds its own."""
    made = argparse.ArgumentParser(prog=name, description=what)
    add = made.add_argument
    add("--rounds", type=int, default=8, help="bursts of each load on each side (8)")
    add("--burst-seconds", type=float, default=1.0, help="measured length of a burst (1)")
    add("--warmup-seconds", type=float, default=0.2, help="of each burst, before measuring (0.2)")
    add("--loads", default="", help="names, separated by commas (all); --list shows them")
    add("--list", action="store_true", help="list the loads and end")
    add("--key-share", type=float, default=1.0,
        help="share of the keys to store; less than 1 is for trying out (1)")
    add("--json", default="", metavar="FILE", help="write every burst there")
    add("--server-core", type=int, default=1, help="where what is measured runs (1)")
    add("--generator-core", type=int, default=0, help="where the load generator runs (0)")
    add("--ringcache", default=runfile("server/server"), metavar="PATH")
    add("--memcached", default="/usr/bin/memcached", metavar="PATH")
    add("--loadgen", default=runfile("tools/loadgen/loadgen"), metavar="PATH")
    return made


def read_options(made, arguments, table):
    """The options, with `chosen` as the loads of `table` that were named. Wrong ones end here."""
    options = made.parse_args(arguments)
    if options.rounds < 1:
        made.error("--rounds must be at least 1")
    if not 0.05 <= options.burst_seconds <= 600 or not 0 <= options.warmup_seconds <= 60:
        made.error("a burst is 0.05 to 600 seconds long, its warm-up 0 to 60")
    if not 0 < options.key_share <= 1:
        made.error("--key-share is above 0 and at most 1")
    try:
        chosen = loads.select(options.loads, table)
    except ValueError as error:
        made.error(str(error))
    options.chosen = loads.with_share_of_keys(chosen, options.key_share)
    return options


def check_executable(*paths):
    for path in paths:
        if not os.access(path, os.X_OK):
            raise programs.Failure(f"there is no program {path}; use bazel run, or name it")


def run(name, options, table, compare):
    """Lists the loads or runs `compare(options)`, which returns the report. The exit status."""
    if options.list:
        for load in table:
            print(f"{load.name:12} {load.what}")
        return 0
    # So that servers are ended on every way out.
    signal.signal(signal.SIGTERM, lambda *unused: sys.exit(143))
    try:
        report = compare(options)
    except programs.Failure as failure:
        say(f"{name}: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    if options.json:
        # `bazel run` starts programs elsewhere.
        folder = os.environ.get("BUILD_WORKING_DIRECTORY", ".")
        with open(os.path.join(folder, options.json), "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    return 0
