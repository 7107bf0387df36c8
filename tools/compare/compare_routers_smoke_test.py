"""Runs the comparison of routers on few keys for tenths of seconds: all starts, runs and ends."""

import contextlib
import io
import json
import os
import shutil
import tempfile
import unittest

from tools.compare import command_line, compare_routers, overload, programs

_NUTCRACKER = "/usr/sbin/nutcracker"
_ROUTER = command_line.runfile("router/router")
_ROUTERS = {"ringcache", "nutcracker"}


@unittest.skipUnless(os.access(_NUTCRACKER, os.X_OK), "nutcracker is not installed")
@unittest.skipUnless(shutil.which("taskset"), "taskset is not installed")
@unittest.skipUnless(len(os.sched_getaffinity(0)) >= 2, "needs two cores")
class CompareRoutersTest(unittest.TestCase):
    def setUp(self):
        self.generator_core, self.server_core = sorted(os.sched_getaffinity(0))[:2]

    def run_compare(self, *arguments):
        # Where there is no router, nutcracker stands in for it.
        router = _ROUTER if os.access(_ROUTER, os.X_OK) else _NUTCRACKER
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(
            io.StringIO()
        ) as output:
            file = os.path.join(folder, "report.json")
            status = compare_routers.main([
                f"--router={router}", "--rounds=1", "--burst-seconds=0.1", "--warmup-seconds=0.05",
                "--key-share=0.002", f"--server-core={self.server_core}",
                f"--generator-core={self.generator_core}", f"--json={file}", *arguments,
            ])
            self.assertEqual(status, 0)
            with open(file, encoding="utf-8") as report:
                return output.getvalue(), json.load(report)

    def test_every_load_runs_on_both_routers_and_finds_every_key(self):
        text, report = self.run_compare("--overload-seconds=0")
        self.assertEqual(len(report["closed_loop"]), 7)
        for load, routers in report["closed_loop"].items():
            alone = {"direct"} if load == "get-alone" else set()
            self.assertEqual(set(routers), _ROUTERS | alone, load)
            for kind, bursts in routers.items():
                self.assertGreater(bursts[0]["cpu_us"], 0, f"{load}, {kind}")
                self.assertEqual(bursts[0]["misses"], 0, f"{load}, {kind}")
        self.assertIn("of nutcracker", text)
        self.assertIn("added us", text)
        self.assertNotIn("overload", report)

    def test_memcached_can_stand_behind_the_routers(self):
        _, report = self.run_compare("--servers=memcached", "--loads=multiget-50",
                                     "--overload-seconds=0")
        for kind, bursts in report["closed_loop"]["multiget-50"].items():
            self.assertEqual(bursts[0]["misses"], 0, kind)

    def test_a_router_past_the_limit_of_memory_is_killed(self):
        text, report = self.run_compare("--loads=get-1", "--overload-limit-mib=64")
        self.assertEqual(set(report["overload"]), _ROUTERS)
        nutcracker = report["overload"]["nutcracker"]
        self.assertTrue(nutcracker["stopped"])
        self.assertGreater(nutcracker["peak_mib"], 64)
        self.assertIn("killed past 64 MiB", text)

    def test_what_keeps_within_the_limit_ends_by_itself_and_still_answers(self):
        command = programs.ringcache_command(command_line.runfile("server/server"))
        with programs.Server("Ringcache", self.server_core, command) as server:
            outcome = overload.measure(server, seconds=0.5, limit_mib=1024)
            server.check_alive()
        self.assertFalse(outcome.stopped)
        self.assertEqual(int(outcome.asked_mib), overload.MAX_ASKED_MIB)
        self.assertGreaterEqual(outcome.peak_mib, outcome.before_mib)
        self.assertIsNotNone(outcome.answer_ms)

    def test_wrong_options_end_at_once(self):
        for argument in ("--rounds=0", "--loads=set-1", "--overload-seconds=61",
                         "--overload-limit-mib=15",
                         f"--overload-limit-mib={overload.MAX_ASKED_MIB}"):
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                compare_routers.main([argument])

    def test_a_router_that_is_missing_is_named(self):
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            status = compare_routers.main([
                "--router=/nonexistent", f"--server-core={self.server_core}",
                f"--generator-core={self.generator_core}",
            ])
        self.assertEqual(status, 1)
        self.assertIn("there is no program /nonexistent", errors.getvalue())

    def test_a_router_that_ends_at_its_start_is_said(self):
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            status = compare_routers.main([
                "--router=/bin/false", f"--server-core={self.server_core}",
                f"--generator-core={self.generator_core}",
            ])
        self.assertEqual(status, 1)
        self.assertIn("ringcache's router ended at its start", errors.getvalue())


if __name__ == "__main__":
    unittest.main()
