"""Starts and ends the servers and the load generator, each on its core."""

import dataclasses
import json
import os
import signal
import socket
import subprocess
import tempfile
import time

from tools.compare import loads

START_TIMEOUT_S = 60
# A port that was free may be another program's by the time that the server takes it.
MAX_PORT_ATTEMPTS = 5
STOP_TIMEOUT_S = 60
# Prefilling takes seconds; a burst little more than its length.
PREFILL_TIMEOUT_S = 300
BURST_MARGIN_S = 60


class Failure(Exception):
    """Says which program failed at what; shown to the person."""


@dataclasses.dataclass(frozen=True)
class Cores:
    """Where servers and generator run. All servers share one: only one is loaded at a time."""

    server: int
    generator: int

    def check(self):
        usable = os.sched_getaffinity(0)
        for name, core in (("--server-core", self.server), ("--generator-core", self.generator)):
            if core not in usable:
                raise Failure(f"{name}={core}: the cores to be used here are {sorted(usable)}")
        if self.server == self.generator:
            raise Failure("server and generator need a core each")


def pinned(core, command):
    return ["taskset", "-c", str(core)] + command


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server; `with` ends it."""

    def __init__(self, name, core, command_for_port):
        self.name = name
        self._core = core
        self._command_for_port = command_for_port
        self._log = tempfile.TemporaryFile()
        self._start()

    def _start(self):
        self.port = free_port()
        # A process group of its own: an interrupt from the terminal reaches this program alone,
        # which then ends its servers by pid.
        self._process = subprocess.Popen(
            pinned(self._core, self._command_for_port(self.port)),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def pid(self):
        return self._process.pid  # taskset became the server

    @property
    def target(self):
        return f"127.0.0.1:{self.port}"

    def __enter__(self):
        try:
            self._await_port()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _await_port(self):
        deadline = time.monotonic() + START_TIMEOUT_S
        attempts = 1
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                if attempts == MAX_PORT_ATTEMPTS:
                    raise Failure(f"{self.name} ended at its start:\n{self._log_text()}")
                attempts += 1
                self._start()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise Failure(f"{self.name} did not listen within {START_TIMEOUT_S} s:\n{self._log_text()}")

    def check_alive(self):
        if self._process.poll() is not None:
            raise Failure(f"{self.name} ended unexpectedly:\n{self._log_text()}")

    def kill(self):
        """Ends it at once, whatever it is doing."""
        self._process.kill()
        self._process.wait()

    def _log_text(self):
        self._log.seek(0)
        return self._log.read()[-2000:].decode(errors="replace")

    def __exit__(self, *unused):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()


def memcached_command(program):
    def for_port(port):
        # memcached refuses to run as root without being told whom to become.
        user = ["-u", "root"] if os.geteuid() == 0 else []
        return [program, *user, "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-t", "1",
                "-m", str(loads.MEMORY_MB), "-c", "2048"]

    return for_port


def ringcache_command(program):
    def for_port(port):
        return [program, "--admin-port=off", "--metrics-port=off", "-l", "127.0.0.1",
                "-p", str(port), "-t", "1", "-m", str(loads.MEMORY_MB), "-c", "2048"]

    return for_port


def floor_command(program, load):
    def for_port(port):
        return [program, f"--listen=127.0.0.1:{port}", f"--reply={load.floor_reply}",
                f"--key-bytes={loads.KEY_BYTES}", f"--value-bytes={load.data.value_bytes}"]

    return for_port


class Generator:
    """Runs //tools/loadgen and reads its report."""

    def __init__(self, program, core):
        self._program = program
        self._core = core

    def run(self, options, timeout_s):
        """Returns the report. Raises Failure unless every request was answered without an error."""
        command = pinned(self._core, [self._program, *options, "--quiet", "--json=-"])
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            raise Failure(f"the generator did not end: {' '.join(command)}") from expired
        try:
            report = json.loads(done.stdout)
        except ValueError:
            report = {}
        if done.returncode != 0 or not report:
            why = report.get("problem") or done.stderr.decode(errors="replace").strip()
            raise Failure(f"{' '.join(command)} failed: {why or report.get('counts')}")
        return report

    def prefill(self, server, data):
        options = [f"--target={server.target}", *data.options(), "--prefill=only"]
        return self.run(options, PREFILL_TIMEOUT_S)["prefill_s"]

    def burst(self, server, load, timing, extra=()):
        options = [
            f"--target={server.target}",
            f"--server-pid={server.pid}",
            *load.data.options(),
            *load.options,
            f"--duration={timing.burst_s}",
            f"--warmup={timing.warmup_s}",
            f"--seed={timing.seed}",
            *extra,
        ]
        report = self.run(options, timing.burst_s + timing.warmup_s + BURST_MARGIN_S)
        server.check_alive()
        return report


@dataclasses.dataclass(frozen=True)
class Timing:
    """Of one burst."""

    burst_s: float
    warmup_s: float
    seed: int
