"""Perl's two clients, each over three servers. The checks are in cache_memcached.pl."""

import unittest

from tools.clients import installed
from tools.clients.server_process import start_server

_SCRIPT = "tools/clients/cache_memcached.pl"


class PerlClients(unittest.TestCase):
    def check(self, module: str) -> None:
        perl = installed.program("perl", "perl")
        servers = [start_server(self).host_and_port for _ in range(3)]
        output = installed.run_successfully([perl, _SCRIPT, module, *servers])
        self.assertGreaterEqual(output.count("ok "), 30, output)

    def test_cache_memcached(self) -> None:
        self.check("Cache::Memcached")

    def test_cache_memcached_fast(self) -> None:
        self.check("Cache::Memcached::Fast")


if __name__ == "__main__":
    unittest.main()
