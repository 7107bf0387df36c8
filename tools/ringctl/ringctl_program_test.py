"""The program against a real server: its exit status, what goes to which stream, and a drain."""

import json
import os
import signal
import subprocess
import tempfile
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess

_PROGRAM = "tools/ringctl/ringctl"
_LIMIT_S = 120.0
# A server that is busy with other tests is not to be taken for a dead one.
_PATIENCE = "--timeout=60"

_DONE, _NOT_SERVING, _UNREACHABLE, _REFUSED, _USAGE, _STREAMS = range(6)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_PROGRAM, *arguments], capture_output=True, text=True, timeout=_LIMIT_S, check=False
    )


class RingctlProgramTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="ringctl_")
        self.addCleanup(folder.cleanup)
        socket = os.path.join(folder.name, "admin")
        self.server = ServerProcess(f"--admin-socket={socket}")
        self.addCleanup(self.server.kill)
        self.address = f"--address=unix:{socket}"
        # The admin interface is there a little later than the cache's port.
        while run("health", self.address, _PATIENCE).returncode != _DONE:
            self.assertTrue(self.server.is_running(), self.server.log())

    def gives(self, *arguments: str, status: int = _DONE) -> str:
        """Runs a command that ends with `status`. Returns what it prints."""
        result = run(*arguments, self.address, _PATIENCE)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertEqual(result.stderr, "")
        return result.stdout

    def test_a_server_is_well_and_has_figures(self) -> None:
        connection = RawConnection(self.server.address)
        self.addCleanup(connection.close)
        connection.store(b"a", b"1")
        self.assertEqual((connection.fetch(b"a"), connection.fetch(b"b")), (b"1", None))
        self.assertEqual(self.gives("health", "liveness"), "serving\n")
        self.assertIn("50.0 %", self.gives("stats"))
        general = json.loads(self.gives("stats", "--json"))["general"]
        self.assertEqual((general["cmd_get"], general["get_hits"]), ("2", "1"))
        self.assertIn("program  server\n", self.gives("program"))

    def test_wishes_come_true(self) -> None:
        connection = RawConnection(self.server.address)
        self.addCleanup(connection.close)
        connection.store(b"a", b"1")
        self.gives("flush")
        self.assertIsNone(connection.fetch(b"a"))
        self.gives("reset")
        general = json.loads(self.gives("stats", "--json"))["general"]
        self.assertEqual(general["cmd_get"], "0")

    def test_a_drain_is_over_when_the_process_has_gone(self) -> None:
        out = self.gives("drain", "--wait=0.5")
        self.assertRegex(out, r"(?s)^announcing, .*(has gone|connections are closed)\n$")
        self.assertEqual(self.server.wait(), 0)
        result = run("health", self.address)
        self.assertEqual((result.returncode, result.stdout), (_UNREACHABLE, ""))
        self.assertIn("ringctl: cannot connect to unix:", result.stderr)

    def test_a_drain_that_is_announced_can_be_taken_back(self) -> None:
        self.gives("drain", "--wait=3600", "--limit=0")
        said = self.gives("health", status=_NOT_SERVING)
        self.assertEqual(said, "not serving: the server drains: announcing\n")
        self.assertEqual(self.gives("undrain"), "does not drain\n")
        while run("health", self.address, _PATIENCE).returncode != _DONE:
            self.assertTrue(self.server.is_running())

    def test_a_watch_goes_on_until_it_is_interrupted(self) -> None:
        watch = subprocess.Popen(
            [_PROGRAM, "stats", "--watch=0.1", "--json", self.address], stdout=subprocess.PIPE
        )
        assert watch.stdout is not None
        for _ in range(3):
            self.assertIn("general", json.loads(watch.stdout.readline()))
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(_LIMIT_S), -signal.SIGINT)
        watch.stdout.close()

    def test_what_the_server_does_not_have_is_refused_in_its_words(self) -> None:
        result = run("ring", self.address, _PATIENCE)
        self.assertEqual((result.returncode, result.stdout), (_REFUSED, ""))
        self.assertIn("--discovery", result.stderr)

    def test_wrong_usage_says_what_would_be_right(self) -> None:
        for arguments, expected in (
            ((), "a command is missing"),
            (("stat",), "do you mean stats?"),
            (("stats", "--wach"), "--watch"),
        ):
            result = run(*arguments)
            self.assertEqual((result.returncode, result.stdout), (_USAGE, ""), arguments)
            self.assertIn(expected, result.stderr)
        self.assertIn("ringctl drain --wait=5", run("--help").stdout)

    def test_output_that_cannot_be_written_is_an_error(self) -> None:
        with open("/dev/full", "w") as full:
            result = subprocess.run(
                [_PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, check=False
            )
        self.assertEqual(result.returncode, _STREAMS)


if __name__ == "__main__":
    unittest.main()
