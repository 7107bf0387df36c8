"""Ten thousand clients of one router: what each costs, idle and at work, and what the servers see
of them."""

import signal
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import (
    RouterProcess,
    ServerProcess,
    allow_many_files,
    check_memory,
)

_WANTED = 10_000
# Files that this process and the router need besides, generously.
_OTHER_FILES = 500
_SERVERS = 3
_PROXIES = 2
_VALUE_BYTES = 100
_REQUESTS_EACH = 4
# No server is to be taken for a dead one.
_PATIENCE_MS = 120_000
_ROUNDS = 5
# Of the router's own memory. An idle client is a session and its place in tables; one at work has,
# besides, its requests and their replies under way.
_MOST_BYTES_IDLE = 600
_MOST_BYTES_ACTIVE = 6000


class ManyClients(unittest.TestCase):
    def setUp(self) -> None:
        self.count = min(_WANTED, allow_many_files() - _OTHER_FILES)
        if self.count < _WANTED:
            print(f"the limit of open files allows {self.count} clients, not {_WANTED}")
        self.servers = [ServerProcess("-t", "1") for _ in range(_SERVERS)]
        for server in self.servers:
            self.addCleanup(server.stop)
        names = ",".join(server.host_and_port for server in self.servers)
        self.router = RouterProcess(
            f"--servers={names}", f"--num-proxies={_PROXIES}", f"--server-timeout={_PATIENCE_MS}"
        )
        self.addCleanup(self.router.kill)
        # What the first requests make the router touch is of no client.
        with RawConnection(self.router.address) as connection:
            for number in range(100):
                stored = connection.store(b"key%d" % number, b"v" * _VALUE_BYTES)
                self.assertEqual(stored, b"STORED")
        self.before = self.router.resident_bytes()
        self.clients: list[RawConnection] = []

    def connect_all(self) -> None:
        for number in range(self.count):
            # Several source addresses, so as not to use up one address' ports.
            source = f"127.0.1.{1 + number % 8}"
            connection = RawConnection(self.router.address, source_host=source)
            self.addCleanup(connection.reset)
            self.clients.append(connection)

    def ask_all(self, requests: int) -> None:
        """The servers stand still until each client has sent its requests, so that all are under
        way at once."""
        for server in self.servers:
            server.signal(signal.SIGSTOP)
        for number, client in enumerate(self.clients):
            lines = (b"get key%d\r\n" % ((number + i) % 100) for i in range(requests))
            client.send(b"".join(lines))
        for server in self.servers:
            server.signal(signal.SIGCONT)
        for number, client in enumerate(self.clients):
            for i in range(requests):
                head = b"VALUE key%d 0 %d\r\n" % ((number + i) % 100, _VALUE_BYTES)
                reply = head + b"v" * _VALUE_BYTES + b"\r\nEND\r\n"
                self.assertEqual(client.receive_exactly(len(reply)), reply)

    def server_connections(self) -> list[int]:
        """Of each server, without the one that asks."""
        counts = []
        for server in self.servers:
            with RawConnection(server.address) as connection:
                counts.append(int(connection.statistics()["curr_connections"]) - 1)
        return counts

    def check_cost(self, what: str, most_each: int) -> None:
        grown = self.router.peak_resident_bytes() - self.before
        print(f"each {what} client occupies {grown / self.count:.0f} bytes")
        check_memory(self, f"growth with {self.count} of them", grown, self.count * most_each)
        counts = self.server_connections()
        print(f"connections to each server: {counts}")
        for count in counts:
            self.assertLessEqual(count, _PROXIES)

    def test_idle_clients_cost_little(self) -> None:
        self.connect_all()
        for client in self.clients:
            self.assertEqual(client.ask(b"mn"), b"MN")
        self.check_cost("idle", _MOST_BYTES_IDLE)
        self.router.stop()

    def test_clients_at_work_cost_little(self) -> None:
        self.connect_all()
        for _ in range(_ROUNDS):
            self.ask_all(_REQUESTS_EACH)
        self.check_cost("active", _MOST_BYTES_ACTIVE)
        self.router.stop()


if __name__ == "__main__":
    unittest.main()
