"""Ringcache's client shares a pool with others: what one stores, the other finds, for every one of
10,000 keys, in both directions. twemproxy is one of them, as a proxy before the servers."""

import contextlib
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest

from tools.clients import installed
from tools.clients.server_process import HOST, START_LIMIT_S, start_server

pymemcache = installed.python_module("pymemcache", "python3-pymemcache")
pylibmc = installed.python_module("pylibmc", "python3-pylibmc")

_CLI = "tools/cli/cli"
_KEYS = 10_000
_PATIENCE_S = 60

_TWEMPROXY_POOL = """pool:
  listen: {listen}
  hash: {key_hash}
  distribution: ketama
  timeout: 30000
  servers:
{servers}
"""


def _values(writer: str) -> dict[str, str]:
    """The keys of a writer, each with a value that names it."""
    return {f"{writer}:{number}": f"{writer}:{number} is here" for number in range(_KEYS)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class SharedPoolTest(unittest.TestCase):
    def setUp(self) -> None:
        self.servers = [start_server(self) for _ in range(3)]
        self.names = [server.host_and_port for server in self.servers]

    def run_cli(self, command: str, lines: list[str], *options: str) -> str:
        """What the client writes when it is given these lines."""
        done = subprocess.run(
            [_CLI, command, "-", f"--servers={','.join(self.names)}", *options],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def ringcache_stores(self, *options: str) -> dict[str, str]:
        values = _values("ringcache")
        self.run_cli("set", [f"{key} {value}" for key, value in values.items()], *options)
        return values

    def ringcache_finds(self, values: dict[str, str], *options: str) -> None:
        found = self.run_cli("get", list(values), *options)
        pairs = dict(line.split(" ", 1) for line in found.splitlines())
        self.equal(pairs, values)

    def equal(self, found: dict[str, str], values: dict[str, str]) -> None:
        """As assertEqual, which would look for a long time for what two dictionaries share."""
        different = [key for key in values if found.get(key) != values[key]]
        missing = [key for key in different if key not in found]
        self.assertFalse(different, f"{len(different)} differ, of them {len(missing)} are missing")
        self.assertEqual(len(found), len(values))

    def every_server_has_some(self) -> None:
        for server in self.servers:
            with contextlib.closing(pymemcache.Client(server.address)) as client:
                self.assertGreater(int(client.stats()[b"curr_items"]), _KEYS // 10)

    def test_pymemcache(self) -> None:
        client = pymemcache.HashClient(
            [server.address for server in self.servers], timeout=30, connect_timeout=30
        )
        self.addCleanup(client.close)
        theirs = _values("pymemcache")
        for key, value in theirs.items():
            client.set(key, value, noreply=False)
        self.ringcache_finds(theirs, "--placement=rendezvous")
        ours = self.ringcache_stores("--placement=rendezvous")
        found = client.get_many(list(ours))
        self.equal({key: value.decode() for key, value in found.items()}, ours)
        self.every_server_has_some()

    def test_pylibmc_with_ketama(self) -> None:
        client = pylibmc.Client(
            self.names, behaviors={"ketama_weighted": True, "_poll_timeout": 30_000}
        )
        self.addCleanup(client.disconnect_all)
        theirs = _values("pylibmc")
        for key, value in theirs.items():
            client.set(key, value)
        self.ringcache_finds(theirs, "--placement=ketama")
        ours = self.ringcache_stores("--placement=ketama")
        found = client.get_multi(list(ours))
        self.equal({key: value.decode() for key, value in found.items()}, ours)
        self.every_server_has_some()

    def start_twemproxy(self, key_hash: str) -> tuple[str, int]:
        """Its address."""
        folder = tempfile.TemporaryDirectory(prefix="twemproxy_")
        self.addCleanup(folder.cleanup)
        port = _free_port()
        configuration = pathlib.Path(folder.name, "pool.yml")
        log = pathlib.Path(folder.name, "log")
        servers = "\n".join(f"   - {name}:1" for name in self.names)
        configuration.write_text(
            _TWEMPROXY_POOL.format(listen=f"{HOST}:{port}", key_hash=key_hash, servers=servers)
        )
        command = [
            installed.program("nutcracker", "nutcracker"),
            f"--conf-file={configuration}",
            f"--output={log}",
            f"--pid-file={folder.name}/pid",
            f"--stats-port={_free_port()}",
            f"--stats-addr={HOST}",
        ]
        proxy = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(proxy.wait)
        self.addCleanup(proxy.kill)
        give_up = time.monotonic() + START_LIMIT_S
        while time.monotonic() < give_up:
            if proxy.poll() is not None:
                self.fail(f"twemproxy ended:\n{log.read_text()}")
            with socket.socket() as probe:
                if probe.connect_ex((HOST, port)) == 0:
                    return (HOST, port)
            time.sleep(0.01)
        raise AssertionError(f"twemproxy does not listen after {START_LIMIT_S} s")

    def check_behind_twemproxy(self, key_hash: str) -> None:
        options = ("--placement=ketama", f"--key-hash={key_hash}")
        address = self.start_twemproxy(key_hash)
        with contextlib.closing(pymemcache.Client(address, timeout=30)) as client:
            theirs = _values("twemproxy")
            for key, value in theirs.items():
                client.set(key, value, noreply=False)
            self.ringcache_finds(theirs, *options)
            ours = self.ringcache_stores(*options)
            self.equal({key: client.get(key, b"").decode() for key in ours}, ours)
        self.every_server_has_some()

    def test_twemproxy_with_its_default_hash(self) -> None:
        self.check_behind_twemproxy("fnv1a_64")

    def test_twemproxy_with_md5(self) -> None:
        self.check_behind_twemproxy("md5")


if __name__ == "__main__":
    unittest.main()
