"""What -d, -k and -r do to the server's process."""

import contextlib
import os
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import time
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import (
    HOST,
    IS_MEMCACHED,
    NO_ADMIN,
    STOP_LIMIT_S,
    ServerProcess,
    not_with_memcached,
    program,
)


def process_file(pid: int, name: str) -> str:
    return pathlib.Path(f"/proc/{pid}/{name}").read_text()


class Background(unittest.TestCase):
    def start(self, folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Runs the program until what was started has returned."""
        no_admin = () if IS_MEMCACHED else NO_ADMIN
        return subprocess.run(
            [program(), *no_admin, "-d", "-l", HOST, "-P", f"{folder}/pid", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=STOP_LIMIT_S,
            env={**os.environ, "MEMCACHED_PORT_FILENAME": f"{folder}/port"},
            check=False,
        )

    def end(self, pid: int) -> None:
        """It is nobody's child here, so its end is seen in /proc."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_LIMIT_S
        while os.path.exists(f"/proc/{pid}/exe"):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                self.fail("the server in the background does not end")
            time.sleep(0.01)

    @not_with_memcached("its pid file comes after its parent has gone")
    def test_all_is_there_when_the_start_returns(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            result = self.start(folder, "-p", "0")
            self.assertEqual(result.returncode, 0, result.stderr)
            pid = int(pathlib.Path(folder, "pid").read_text())
            try:
                port = re.search(r"INET: (\d+)", pathlib.Path(folder, "port").read_text())
                assert port
                with RawConnection((HOST, int(port[1]))) as connection:
                    self.assertEqual(connection.ask(b"mn"), b"MN")
                    self.assertEqual(connection.statistics()["pid"], str(pid))
                self.assertEqual(os.getsid(pid), pid, "it leads a session of its own")
                for stream in range(3):
                    self.assertEqual(os.readlink(f"/proc/{pid}/fd/{stream}"), "/dev/null")
            finally:
                self.end(pid)
            self.assertFalse(os.path.exists(f"{folder}/pid"))

    def test_a_start_that_fails_says_so(self) -> None:
        with tempfile.TemporaryDirectory() as folder, ServerProcess() as other:
            result = self.start(folder, "-p", str(other.port))
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(b"bind", result.stderr)
            self.assertFalse(os.path.exists(f"{folder}/pid"))


class Limits(unittest.TestCase):
    @not_with_memcached("it locks before it serves, and ends where it may not")
    def test_k_locks_memory_or_says_that_it_cannot(self) -> None:
        with ServerProcess("-k") as server:
            with RawConnection(server.address) as connection:
                self.assertEqual(connection.store(b"key", b"value"), b"STORED")
            found = re.search(r"^VmLck:\s+(\d+) kB$", process_file(server.pid, "status"), re.M)
            assert found
            if "memory could not be locked" in server.log():
                self.assertEqual(int(found[1]), 0)
            else:
                self.assertGreater(int(found[1]), 0)
            server.stop()

    def test_r_raises_the_limit_on_core_files(self) -> None:
        before = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, before)
        for arguments, raised in (((), False), (("-r",), True)):
            with ServerProcess(*arguments) as server:
                with RawConnection(server.address) as connection:
                    self.assertEqual(connection.ask(b"mn"), b"MN")
                limits = process_file(server.pid, "limits")
                found = re.search(r"^Max core file size\s+(\S+)\s+(\S+)", limits, re.M)
                assert found
                self.assertEqual(found[1], found[2] if raised else "0")
                server.stop()


if __name__ == "__main__":
    unittest.main()
