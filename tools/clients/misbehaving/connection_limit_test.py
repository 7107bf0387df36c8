"""More connections than -c allows: the excess is told so, and is served once there is room."""

import time
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import IS_MEMCACHED, start_server

_LIMIT = 40
_PATIENCE_S = 120.0


class ConnectionLimit(unittest.TestCase):
    def setUp(self) -> None:
        # memcached counts its listeners and pipes, too.
        self.server = start_server(self, "-c", str(_LIMIT), "-t", "2")
        self.served: list[RawConnection] = []

    def connect(self) -> tuple[RawConnection, bytes]:
        """A new connection and the first line that it gets for a request."""
        connection = RawConnection(self.server.address)
        self.addCleanup(connection.close)
        try:
            line = connection.ask(b"mn")
        except ConnectionError:  # It was closed before the request was sent.
            line = b""
        return connection, line

    def fill(self) -> bytes:
        """Connects until one is refused. Returns what that one was told."""
        for _ in range(_LIMIT + 1):
            connection, line = self.connect()
            if line != b"MN":
                return line
            self.served.append(connection)
        raise AssertionError(f"{len(self.served)} connections with -c {_LIMIT}")

    def refusal(self) -> bytes:
        """What a connection is told that asks nothing."""
        connection = RawConnection(self.server.address)
        self.addCleanup(connection.close)
        return connection.receive_to_end()

    def test_the_excess_is_refused_and_the_others_are_served(self) -> None:
        self.fill()
        if not IS_MEMCACHED:
            self.assertEqual(len(self.served), _LIMIT)
        for _ in range(100):
            self.assertEqual(self.refusal(), b"ERROR Too many open connections\r\n")
        for connection in self.served:
            self.assertEqual(connection.ask(b"mn"), b"MN")
        self.assertGreaterEqual(int(self.served[0].statistics()["rejected_connections"]), 100)

    def test_there_is_room_after_one_leaves(self) -> None:
        self.fill()
        for _ in range(10):
            self.served.pop().close()
            deadline = time.monotonic() + _PATIENCE_S
            while (found := self.connect())[1] != b"MN":
                self.assertLess(time.monotonic(), deadline, "no room after one left")
                time.sleep(0.01)
            self.served.append(found[0])


if __name__ == "__main__":
    unittest.main()
