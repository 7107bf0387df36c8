"""Runs the comparison on few keys for tenths of seconds: all starts, answers and ends."""

import contextlib
import io
import json
import os
import shutil
import tempfile
import unittest

from tools.compare import compare

_PROGRAM = "/usr/bin/memcached"


@unittest.skipUnless(os.access(_PROGRAM, os.X_OK), "memcached is not installed")
@unittest.skipUnless(shutil.which("taskset"), "taskset is not installed")
@unittest.skipUnless(len(os.sched_getaffinity(0)) >= 2, "needs two cores")
class CompareTest(unittest.TestCase):
    def run_compare(self, *arguments):
        generator_core, server_core = sorted(os.sched_getaffinity(0))[:2]
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(
            io.StringIO()
        ) as output:
            file = os.path.join(folder, "report.json")
            status = compare.main([
                "--rounds=1", "--burst-seconds=0.1", "--warmup-seconds=0.05", "--key-share=0.002",
                f"--server-core={server_core}", f"--generator-core={generator_core}",
                f"--json={file}", *arguments,
            ])
            self.assertEqual(status, 0)
            with open(file, encoding="utf-8") as report:
                return output.getvalue(), json.load(report)

    def test_every_load_runs_on_every_server(self):
        text, report = self.run_compare()
        self.assertEqual(len(report["closed_loop"]), 10)
        for load, servers in report["closed_loop"].items():
            self.assertLessEqual({"ringcache", "memcached"}, set(servers), load)
            for kind, bursts in servers.items():
                self.assertGreater(bursts[0]["cpu_us"], 0, f"{load}, {kind}")
                self.assertEqual(bursts[0]["misses"], 0, f"{load}, {kind}")
        self.assertIn("of 1.6.45", text)

    def test_an_open_loop_runs(self):
        text, report = self.run_compare("--open-loop", "--loads=get-1")
        self.assertEqual(set(report["open_loop"]["get-1"]), {"ringcache", "memcached"})
        self.assertIn("p99 to memcached", text)

    def test_wrong_options_end_at_once(self):
        for arguments in (["--rounds=0"], ["--loads=get-2"], ["--key-share=2"]):
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                compare.main(arguments)

    def test_what_cannot_start_is_said_and_nothing_is_left(self):
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            status = compare.main(["--ringcache=/bin/false", "--loads=get-1"])
        self.assertEqual(status, 1)
        self.assertIn("Ringcache ended at its start", errors.getvalue())


if __name__ == "__main__":
    unittest.main()
