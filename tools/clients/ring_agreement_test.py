"""Each client stores its keys on the servers that the ring names for them: `ring locate` is asked,
and then the servers themselves."""

import subprocess
import unittest
from collections.abc import Callable

from tools.clients import installed
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import HOST, start_server

pymemcache = installed.python_module("pymemcache", "python3-pymemcache")
pylibmc = installed.python_module("pylibmc", "python3-pylibmc")
memcache = installed.python_module("memcache", "python3-memcache")

_RING = "tools/ring/ring"
_KEYS = [f"user:{number}" for number in range(500)]
_PATIENCE_MS = 30_000

_PHP = """
$servers = array_map(fn($s) => [explode(':', $s)[0], (int) explode(':', $s)[1]],
                     array_slice($argv, 2));
$client = new Memcached();
$client->setOption(Memcached::OPT_LIBKETAMA_COMPATIBLE, $argv[1] == 'ketama');
$client->addServers($servers);
while (($key = fgets(STDIN)) !== false) {
    if (!$client->set(trim($key), 1)) exit(1);
}
"""

_PERL = """
use Cache::Memcached;
my $client = Cache::Memcached->new({servers => \\@ARGV, connect_timeout => 30});
while (my $key = <STDIN>) {
    chomp $key;
    $client->set($key, 1) or exit 1;
}
"""


class RingAgreement(unittest.TestCase):
    def setUp(self) -> None:
        self.servers = [start_server(self) for _ in range(4)]
        self.names = [server.host_and_port for server in self.servers]

    def stored(self) -> dict[str, str]:
        """Which server has each key, asked of the servers."""
        found: dict[str, str] = {}
        for server in self.servers:
            with RawConnection(server.address) as connection:
                for key in _KEYS:
                    if connection.fetch(key.encode()) is not None:
                        self.assertNotIn(key, found)
                        found[key] = server.host_and_port
        self.assertEqual(len(found), len(_KEYS))
        return found

    def located(self, *options: str) -> dict[str, str]:
        """Which server each key belongs to, asked of the ring."""
        command = [_RING, "locate", f"--servers={','.join(self.names)}", *options, *_KEYS]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        table = text.split("owner ", 1)[1].splitlines()[1:]
        rows = [line.split() for line in table if not line.startswith(("note:", " ")) and line]
        return {key: owner for owner, key in rows}

    def check(self, store: Callable[[str], object], *options: str) -> None:
        for key in _KEYS:
            store(key)
        self.assertEqual(self.stored(), self.located(*options))

    def feed(self, *command: str) -> None:
        """Runs a program that stores the keys of its standard input."""
        result = subprocess.run(
            command, input="\n".join(_KEYS) + "\n", capture_output=True, text=True, check=False
        )
        hint = "is the client's Debian package of third_party/packages.txt installed?"
        self.assertEqual(result.returncode, 0, f"{hint}\n{result.stdout}{result.stderr}")

    def pylibmc(self, weights: str = "", **behaviors: object) -> Callable[[str], object]:
        names = self.names
        if weights:
            names = [f"{name}:{weight}" for name, weight in zip(names, weights.split(","))]
        client = pylibmc.Client(
            names,
            behaviors={"connect_timeout": _PATIENCE_MS, "_poll_timeout": _PATIENCE_MS, **behaviors},
        )
        self.addCleanup(client.disconnect_all)
        return lambda key: client.set(key, "1")

    def test_pymemcache(self) -> None:
        client = pymemcache.HashClient(
            [(HOST, server.port) for server in self.servers], timeout=30, connect_timeout=30
        )
        self.addCleanup(client.close)
        self.check(lambda key: client.set(key, "1", noreply=False), "--placement=rendezvous")

    def test_pylibmc(self) -> None:
        self.check(self.pylibmc(), "--placement=modulo", "--ordering=listed")

    def test_pylibmc_with_another_hash(self) -> None:
        for name in ("md5", "fnv1_64", "fnv1a_64", "fnv1_32", "fnv1a_32", "crc32"):
            with self.subTest(name):
                behavior = "crc" if name == "crc32" else name
                options = ("--placement=modulo", "--ordering=listed", f"--key-hash={name}")
                self.check(self.pylibmc(hash=behavior), *options)
                for server in self.servers:
                    with RawConnection(server.address) as connection:
                        connection.ask(b"flush_all")

    def test_pylibmc_with_weighted_ketama(self) -> None:
        self.check(self.pylibmc(ketama_weighted=True), "--placement=ketama")

    def test_pylibmc_with_weights(self) -> None:
        weights = "1,5,2,7"
        store = self.pylibmc(weights, ketama_weighted=True)
        self.check(store, "--placement=ketama", f"--weights={weights}")

    def test_php(self) -> None:
        self.feed(installed.program("php", "php-cli"), "-r", _PHP, "modulo", *self.names)
        self.assertEqual(self.stored(), self.located("--placement=modulo", "--ordering=listed"))

    def test_php_with_ketama(self) -> None:
        self.feed(installed.program("php", "php-cli"), "-r", _PHP, "ketama", *self.names)
        self.assertEqual(self.stored(), self.located("--placement=ketama"))

    def test_python_memcached(self) -> None:
        client = memcache.Client(self.names, socket_timeout=30)
        self.addCleanup(client.disconnect_all)
        options = ("--placement=modulo", "--key-hash=crc32", "--ordering=listed")
        self.check(lambda key: client.set(key, "1"), *options)

    def test_perl(self) -> None:
        self.feed(installed.program("perl", "perl"), "-e", _PERL, *self.names)
        options = ("--placement=modulo", "--key-hash=crc32", "--ordering=listed")
        self.assertEqual(self.stored(), self.located(*options))


if __name__ == "__main__":
    unittest.main()
