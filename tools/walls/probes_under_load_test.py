"""A health probe every 100 ms is answered within a second, whatever the data path has to do.

As the kubelet asks: over a new connection each time, from a process that has to share the cores.
"""

import subprocess
import sys
import threading
import time
import unittest

from tools.admin.admin_process import address_of
from tools.walls import loaded_process

_LOADGEN = "tools/loadgen/loadgen"
_SERVER = "server/server"
_PERIOD_S = 0.1
# Kubernetes' default; a probe that takes longer has failed.
_LIMIT_S = 1.0
_LOAD_S = 5
_DRAIN_S = 4


class Probes:
    """Asks from a thread of its own, until stop()."""

    def __init__(self, address, service):
        self._health = loaded_process.Health(address)
        self._service = service
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.seconds = []
        self.replies = []
        self.problems = []
        self._thread.start()

    def _run(self):
        while not self._over.is_set():
            started = time.monotonic()
            try:
                self.replies.append(self._health.check(self._service))
            except loaded_process.grpc.RpcError as error:
                self.problems.append(f"{self._service}: {error.code()} {error.details()}")
            took = time.monotonic() - started
            self.seconds.append(took)
            self._over.wait(max(0.0, _PERIOD_S - took))

    def stop(self):
        self._over.set()
        self._thread.join()


class ProbesUnderLoad(unittest.TestCase):
    def _start(self, *arguments):
        server = loaded_process.start(_SERVER, "-t", "4", *arguments)
        self.addCleanup(server.kill)
        return server

    def _probe(self, server, *services):
        address = address_of(server, "gRPC")
        probes = [Probes(address, service) for service in services]
        for probe in probes:
            self.addCleanup(probe.stop)
        return probes

    def _load(self, server, *arguments):
        command = [_LOADGEN, f"--target={server.host_and_port}", "--quiet", *arguments]
        # On its standard error, as nobody reads the report.
        return subprocess.run(command, check=True, stdout=sys.stderr, timeout=120)

    def _expect_prompt(self, probes, reply):
        for probe in probes:
            probe.stop()
            print(f"{len(probe.seconds)} probes, the slowest {max(probe.seconds) * 1000:.0f} ms")
            self.assertEqual(probe.problems, [])
            self.assertGreater(len(probe.seconds), 5)
            self.assertLess(max(probe.seconds), _LIMIT_S)
            self.assertEqual(set(probe.replies), {reply})

    def test_under_full_load(self):
        server = self._start()
        probes = self._probe(server, "liveness", "readiness", "startup")
        self._load(
            server, "--connections=64", "--threads=2", "--depth=16", f"--duration={_LOAD_S}"
        )
        self._expect_prompt(probes, loaded_process.SERVING)

    def test_under_more_load_than_can_be_served(self):
        server = self._start()
        probes = self._probe(server, "liveness", "readiness")
        # More than comes back: requests wait, connections are refused.
        self._load(
            server, "--connections=1000", "--threads=2", "--depth=64", "--mix=get=1,set=1",
            "--value-size=10-4000", f"--duration={_LOAD_S}",
        )
        self._expect_prompt(probes, loaded_process.SERVING)

    def test_while_it_drains(self):
        server = self._start(f"--drain-wait={_DRAIN_S}")
        load = threading.Thread(
            target=subprocess.run,
            args=([_LOADGEN, f"--target={server.host_and_port}", "--quiet", "--connections=32",
                   "--depth=16", f"--duration={_DRAIN_S - 1}"],),
            kwargs={"stdout": sys.stderr, "check": False, "timeout": 120},
        )
        load.start()
        self.addCleanup(load.join)
        (alive,) = self._probe(server, "liveness")
        server.terminate()
        # Readiness goes with the signal; the process sees that within a wake-up.
        health = loaded_process.Health(address_of(server, "gRPC"))
        give_up = time.monotonic() + _LIMIT_S
        while health.check("readiness") != loaded_process.NOT_SERVING:
            self.assertLess(time.monotonic(), give_up, "readiness is still there")
        (ready,) = self._probe(server, "readiness")
        load.join()
        self._expect_prompt([alive], loaded_process.SERVING)
        self._expect_prompt([ready], loaded_process.NOT_SERVING)
        self.assertEqual(server.wait(), 0, server.log())


if __name__ == "__main__":
    unittest.main()
