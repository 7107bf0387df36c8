"""Clients that ask for very many keys at once send them in one line, however long it gets."""

import unittest

from tools.clients import installed
from tools.clients.server_process import ServerProcess, start_server

pylibmc = installed.python_module("pylibmc", "python3-pylibmc")
pymemcache = installed.python_module("pymemcache", "python3-pymemcache")

_PATIENCE_MS = 60_000


class LargeMultiget(unittest.TestCase):
    def fill(self, server: ServerProcess, count: int) -> dict[str, bytes]:
        client = pymemcache.Client(server.address, timeout=60)
        self.addCleanup(client.close)
        values = {f"session:of:user:{number}": b"%d" % number for number in range(count)}
        self.assertEqual(client.set_many(values, noreply=False), [])
        return values

    def test_pymemcache(self) -> None:
        server = start_server(self)
        values = self.fill(server, 20_000)
        client = pymemcache.Client(server.address, timeout=60)
        self.addCleanup(client.close)
        self.assertEqual(client.get_many(list(values)), values)
        self.assertEqual(len(client.gets_many(list(values))), len(values))

    def test_pylibmc(self) -> None:
        server = start_server(self)
        values = self.fill(server, 20_000)
        client = pylibmc.Client(
            [server.host_and_port],
            behaviors={"connect_timeout": _PATIENCE_MS, "_poll_timeout": _PATIENCE_MS},
        )
        self.assertEqual(len(client.get_multi(list(values))), len(values))


if __name__ == "__main__":
    unittest.main()
