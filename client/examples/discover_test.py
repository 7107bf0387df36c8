"""The two discovery programs against three servers: each finds its value, on the same server."""

import subprocess
import unittest
from unittest import mock

from tools.clients import installed
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess

_PROGRAM = "client/examples/discover"
_HOSTS = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]


class DiscoverTest(unittest.TestCase):
    def setUp(self) -> None:
        # As pods have it: addresses of their own, and one port.
        first = self.start(_HOSTS[0])
        self.servers = [first] + [self.start(host, first.port) for host in _HOSTS[1:]]

    def start(self, host: str, port: int = 0) -> ServerProcess:
        server = ServerProcess(host=host, port=port)
        self.addCleanup(server.stop)
        return server

    def holders(self) -> list[str]:
        """The servers that have the programs' key."""
        found = []
        for server in self.servers:
            with RawConnection(server.address) as connection:
                if connection.fetch(b"mykey") is not None:
                    found.append(server.host)
        return found

    def run_program(self) -> subprocess.CompletedProcess[str]:
        addresses = ",".join(server.host_and_port for server in self.servers)
        return subprocess.run(
            [_PROGRAM, addresses], capture_output=True, text=True, timeout=60, check=False
        )

    def test_a_value_is_kept_and_read_back(self) -> None:
        result = self.run_program()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "hello\n", ""))
        self.assertEqual(len(self.holders()), 1)

    def test_the_python_twin_uses_the_same_server(self) -> None:
        installed.python_module("pymemcache", "python3-pymemcache")
        from client.examples import discover

        answer = ("", [], _HOSTS)
        with mock.patch("socket.gethostbyname_ex", return_value=answer), mock.patch(
            "builtins.print"
        ) as printed:
            discover.main(port=self.servers[0].port)
        printed.assert_called_once_with("hello")
        of_python = self.holders()
        self.assertEqual(len(of_python), 1)
        self.assertEqual(self.run_program().stdout, "hello\n")
        self.assertEqual(self.holders(), of_python)

    def test_an_address_that_is_none_is_told(self) -> None:
        result = subprocess.run(
            [_PROGRAM, "nothing+here:x"], capture_output=True, text=True, timeout=60, check=False
        )
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("nothing+here", result.stderr)


if __name__ == "__main__":
    unittest.main()
