"""Every call of the admin contract, by a client that is not ours, against a running program."""

import tempfile
import time
import unittest
import urllib.request

import grpc

from tools.admin import contract
from tools.admin.admin_process import IS_FAKE, IS_ROUTER, IS_SIDECAR, KNOWS_RING, AdminProcess

_LOCATED = [b"key", b"\x00\xff", b"k" * 250]


class AdminTest(unittest.TestCase):
    """A program that was started for the whole class, and a client of it."""

    contracts = contract.Contracts()
    program: AdminProcess
    client: contract.Client

    def setUp(self) -> None:
        self.program = AdminProcess(self)
        self.client = self.connect(self.program.grpc_address)
        self.await_readiness(self.client)

    @staticmethod
    def await_readiness(client: contract.Client) -> None:
        """A sidecar is ready once its memcached has answered, a router once it knows members."""
        until = time.monotonic() + contract.LIMIT_S
        while client.check() != "SERVING" and time.monotonic() < until:
            time.sleep(0.01)

    def connect(self, address: str) -> contract.Client:
        client = contract.Client(self.contracts, address)
        self.addCleanup(client.close)
        return client

    def fail_with(self, code: grpc.StatusCode, method: str, **fields: object) -> str:
        """Why the call fails, which is with `code`."""
        with self.assertRaises(grpc.RpcError) as caught:
            if method.startswith("Watch"):
                next(self.client.watch(method, **fields))
            else:
                self.client.call(method, **fields)
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        self.assertTrue(caught.exception.details())
        return str(caught.exception.details())

    def drain(self) -> object:
        """Begins a drain that lasts longer than the test, which takes it back at its end."""
        self.addCleanup(self.client.call, "Undrain")
        return self.client.call("Drain", wait={"seconds": 3600})

    def ask(self, method: str, **fields: object) -> object:
        """The reply to a call that a program may have no answer to, and says so."""
        try:
            return self.client.call(method, **fields)
        except grpc.RpcError as error:
            if IS_FAKE or error.code() != grpc.StatusCode.FAILED_PRECONDITION:
                raise
            self.assertTrue(error.details())
            return None


class AdminCallsTest(AdminTest):
    """test_<call> is what the call does."""

    def test_every_call_of_the_contract_is_tested(self) -> None:
        for call in self.contracts.methods(contract.ADMIN):
            self.assertTrue(hasattr(self, f"test_{call}"), f"{call} is not tested")

    def test_GetProgram(self) -> None:
        program = self.client.call("GetProgram")
        kind = "ROUTER" if IS_ROUTER else "SIDECAR" if IS_SIDECAR else "SERVER"
        self.assertEqual(program.Kind.Name(program.kind), kind)
        self.assertTrue(program.version)
        self.assertTrue(program.serves)
        self.assertTrue(program.host)
        if not IS_FAKE:
            self.assertEqual(program.pid, self.program.process.pid)

    def test_GetHealth(self) -> None:
        health = self.client.call("GetHealth")
        for verdict in (health.liveness, health.readiness, health.startup):
            self.assertTrue(verdict.serving, health)
            self.assertEqual(verdict.reason, "")

    def test_GetStats(self) -> None:
        self.program.serve_somebody()
        stats = self.client.call("GetStats")
        self.assertTrue(stats.general.HasField("uptime"))
        self.assertGreater(stats.general.cmd_get, 0)
        self.assertEqual(len(stats.workers) == 0, IS_SIDECAR)
        if not IS_ROUTER:
            self.assertGreater(stats.general.limit_maxbytes, 0)
            self.assertGreater(len(stats.slabs), 0)
        if not IS_FAKE:
            self.assertEqual(stats.HasField("router"), IS_ROUTER)
            self.assertEqual(len(stats.members), 3 if IS_ROUTER else 0)

    def test_WatchStats(self) -> None:
        replies = self.client.watch("WatchStats", interval={"nanos": 100_000_000})
        for _ in range(3):
            self.assertTrue(next(replies).general.HasField("uptime"))
        replies.cancel()
        self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "WatchStats", interval={"nanos": 1})
        self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "WatchStats", interval={"seconds": 3601})

    def test_GetLatencies(self) -> None:
        self.program.serve_somebody()
        if IS_SIDECAR:
            self.fail_with(grpc.StatusCode.FAILED_PRECONDITION, "GetLatencies")
            return
        series = self.client.call("GetLatencies").series
        self.assertIn("get", [one.name for one in series])
        for one in series:
            self.assertEqual(len(one.percentiles), 5)
            seconds = [percentile.seconds for percentile in one.percentiles]
            self.assertEqual(seconds, sorted(seconds))
        get = next(one for one in series if one.name == "get")
        self.assertGreater(get.count, 0)
        self.assertGreater(get.max_seconds, 0)
        series = self.client.call("GetLatencies", percentiles=[75]).series
        self.assertEqual([one.percent for one in series[0].percentiles], [75])
        for wrong in (-1, 101, float("nan")):
            self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "GetLatencies", percentiles=[wrong])

    def test_GetSettings(self) -> None:
        settings = self.client.call("GetSettings").settings
        self.assertGreater(len(settings), 1)
        self.assertTrue(all(setting.name for setting in settings))

    def test_GetHotKeys(self) -> None:
        for count, most in ((0, 40), (1, 2)):
            reply = self.ask("GetHotKeys", count=count)
            self.assertLessEqual(len(reply.keys) if reply else 0, most)
        why = self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "GetHotKeys", count=1001)
        self.assertEqual(why, "count is 1001; give at most 1000")

    def need_ring(self, method: str, **fields: object) -> None:
        """Awaits the ring; where none is known, skips the rest once the call has said so."""
        if not KNOWS_RING:
            why = self.fail_with(grpc.StatusCode.FAILED_PRECONDITION, method, **fields)
            self.assertIn("--discovery", why)
            self.skipTest("the program is told of no ring")
        until = time.monotonic() + contract.LIMIT_S
        while time.monotonic() < until:
            try:
                self.client.call("GetRing")
                return
            except grpc.RpcError as error:
                # What it says as long as the members are not known.
                self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE, error.details())
            time.sleep(0.01)

    def test_GetRing(self) -> None:
        self.need_ring("GetRing")
        rings = self.client.call("GetRing").rings
        self.assertEqual(len(rings), 1)
        self.assertEqual(len(rings[0].members), 3)
        self.assertAlmostEqual(sum(member.share for member in rings[0].members), 1, delta=1e-3)

    def test_WatchRing(self) -> None:
        self.need_ring("WatchRing")
        replies = self.client.watch("WatchRing")
        self.assertEqual(len(next(replies).rings), 1)
        replies.cancel()

    def test_LocateKeys(self) -> None:
        self.need_ring("LocateKeys", keys=[b"k"])
        locations = self.client.call("LocateKeys", keys=_LOCATED, members=2)
        self.assertEqual([one.key for one in locations.locations], _LOCATED)
        names = {member.name for member in self.client.call("GetRing").rings[0].members}
        for location in locations.locations:
            self.assertGreaterEqual(len(location.members), 1)
            self.assertLessEqual(set(location.members), names)
        many = self.client.call("LocateKeys", keys=[b"k" * 250] * 1000, pool=locations.pool)
        self.assertEqual(len(many.locations), 1000)
        for keys in ([b""], [b"k" * 251], [b"k"] * 1001):
            self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "LocateKeys", keys=keys)
        self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "LocateKeys", keys=[b"k"], members=101)
        why = self.fail_with(grpc.StatusCode.NOT_FOUND, "LocateKeys", keys=[b"k"], pool="gone")
        self.assertIn(locations.pool, why)

    def test_PlanChange(self) -> None:
        self.need_ring("PlanChange", count=5)
        members = [member.name for member in self.client.call("GetRing").rings[0].members]
        plan = self.client.call("PlanChange", remove=members[:1])
        self.assertEqual(len(plan.before.members), 3)
        self.assertEqual(len(plan.after.members), 2)
        self.assertGreater(plan.moved, 0)
        self.assertLessEqual(plan.moved, 1)
        for wrong in ({}, {"count": 10_001}, {"add": [""]}, {"remove": ["not.there:1"]}):
            self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "PlanChange", **wrong)
        self.fail_with(grpc.StatusCode.NOT_FOUND, "PlanChange", count=5, pool="gone")

    def test_GetDrain(self) -> None:
        progress = self.client.call("GetDrain")
        self.assertFalse(progress.draining)
        self.assertEqual(progress.phase, "")

    def test_Drain(self) -> None:
        self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "Drain", wait={"seconds": -1})
        progress = self.drain()
        self.assertTrue(progress.draining)
        self.assertEqual(progress.phase, "announcing")
        self.assertGreater(progress.left.seconds, 1800)
        self.assertTrue(self.client.call("GetDrain").draining)
        self.assertEqual(self.client.check("readiness"), "NOT_SERVING")
        self.assertEqual(self.client.check(""), "NOT_SERVING")
        self.assertEqual(self.client.check("liveness"), "SERVING")
        self.assertTrue(self.client.call("GetHealth").readiness.reason)

    def test_Undrain(self) -> None:
        self.drain()
        self.assertFalse(self.client.call("Undrain").draining)
        self.assertEqual(self.client.check("readiness"), "SERVING")

    def test_SetVerbosity(self) -> None:
        for level in (3, 0):
            self.client.call("SetVerbosity", level=level)
        why = self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "SetVerbosity", level=4)
        self.assertEqual(why, "level is 4; give 0 to 3")

    def test_Reload(self) -> None:
        self.ask("Reload")

    def test_ResetStats(self) -> None:
        self.program.serve_somebody()
        self.ask("ResetStats")

    def test_Flush(self) -> None:
        self.fail_with(grpc.StatusCode.INVALID_ARGUMENT, "Flush", delay={"seconds": -1})
        self.program.serve_somebody()
        self.ask("Flush")
        self.ask("Flush", delay={"seconds": 10})


class ServiceTest(AdminTest):
    """What is there besides the calls."""

    def test_health_is_told_for_each_service(self) -> None:
        for service in ("", "liveness", "readiness", "startup"):
            self.assertEqual(self.client.check(service), "SERVING", service)
        with self.assertRaises(grpc.RpcError) as caught:
            self.client.check("other")
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_a_watch_of_health_hears_of_a_drain(self) -> None:
        watch = self.client.watch_health("readiness")
        self.assertEqual(next(watch).status, 1)
        self.drain()
        self.assertEqual(next(watch).status, 2)
        self.client.call("Undrain")
        self.assertEqual(next(watch).status, 1)
        watch.cancel()

    def test_reflection_lists_the_services(self) -> None:
        services = self.client.services()
        for service in (contract.ADMIN, contract.HEALTH, contract.REFLECTION):
            self.assertIn(service, services)

    def test_bytes_that_are_no_message_harm_nothing(self) -> None:
        for method in self.contracts.methods(contract.ADMIN):
            # A field that ends too early.
            with self.assertRaises(grpc.RpcError, msg=method):
                self.client.send(method, b"\x0a\xff\xff\xff\xff\x0f")
        self.assertEqual(self.client.check(), "SERVING")

    def test_metrics_are_served(self) -> None:
        url = f"http://{self.program.metrics_address}/metrics"
        with urllib.request.urlopen(url, timeout=contract.LIMIT_S) as reply:
            self.assertIn(b"memcached_up 1", reply.read())

    def test_the_end_waits_for_no_client(self) -> None:
        program = AdminProcess(self, ends_itself=True)
        watch = self.connect(program.grpc_address).watch("WatchStats")
        next(watch)
        program.process.terminate()
        self.assertEqual(program.process.wait(), 0)


class LocalPeersTest(AdminTest):
    """Unix sockets and other machines' addresses."""

    def setUp(self) -> None:
        """Each test starts its own program."""

    def test_a_unix_socket_is_served(self) -> None:
        # Not below the test's own folder, whose name is too long for a socket.
        folder = tempfile.TemporaryDirectory(dir="/tmp", prefix="admin_calls_")
        self.addCleanup(folder.cleanup)
        path = f"{folder.name}/admin.sock"
        AdminProcess(self, f"--admin-socket={path}", "--admin-port=off", "--metrics-port=off")
        client = self.connect(f"unix:{path}")
        grpc.channel_ready_future(client.channel).result(contract.LIMIT_S)
        self.await_readiness(client)
        self.assertEqual(client.check(), "SERVING")
        client.call("SetVerbosity", level=0)


if __name__ == "__main__":
    unittest.main()
