"""The program and pymemcache's HashClient find each other's keys, as the documents promise."""

import subprocess
import unittest

from tools.clients import installed
from tools.clients.server_process import start_server

pymemcache = installed.python_module("pymemcache", "python3-pymemcache")

_LIKE_PYMEMCACHE = ("--placement=rendezvous", "--identity=address", "--timeout=60")
_KEYS = [f"user:{number}" for number in range(300)]


class PymemcacheTest(unittest.TestCase):
    def setUp(self) -> None:
        servers = [start_server(self) for _ in range(3)]
        self.pool = "--servers=" + ",".join(server.host_and_port for server in servers)
        self.python = pymemcache.HashClient(
            [server.address for server in servers], timeout=60, connect_timeout=60
        )
        self.addCleanup(self.python.close)

    def run_program(self, *arguments: str, stdin: str = "") -> str:
        result = subprocess.run(
            ["tools/cli/cli", *arguments, self.pool, *_LIKE_PYMEMCACHE],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_the_program_reads_what_pymemcache_wrote(self) -> None:
        for key in _KEYS:
            # With its reply: without, the program may read before the server has it.
            self.python.set(key, f"of {key}", noreply=False)
        expected = "".join(f"{key} of {key}\n" for key in _KEYS)
        self.assertEqual(self.run_program("get", "-", stdin="\n".join(_KEYS)), expected)

    def test_pymemcache_reads_what_the_program_wrote(self) -> None:
        self.run_program("set", "-", stdin="".join(f"{key} of {key}\n" for key in _KEYS))
        expected = {key: f"of {key}".encode() for key in _KEYS}
        self.assertEqual(self.python.get_many(_KEYS), expected)


if __name__ == "__main__":
    unittest.main()
