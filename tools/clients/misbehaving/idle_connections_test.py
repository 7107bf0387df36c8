"""Ten thousand clients that connect, say one word and then nothing."""

import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import allow_many_files, check_memory, start_server

_WANTED = 10_000
# Files that this process and the server need besides, generously.
_OTHER_FILES = 500
# Of the server's own memory, with one worker: the session and its place in the worker's table. What
# the first request makes the store touch, a huge page each for index and items, is the neighbour's.
_MOST_BYTES_EACH = 600


class IdleConnections(unittest.TestCase):
    def test_they_cost_little_and_disturb_nobody(self) -> None:
        count = min(_WANTED, allow_many_files() - _OTHER_FILES)
        server = start_server(self, "-c", str(count + 100), "-t", "1")
        with Neighbour(server):
            before = server.resident_bytes()
            idle: list[RawConnection] = []
            for number in range(count):
                # Several source addresses, so as not to use up one address' ports.
                source = f"127.0.1.{1 + number % 8}"
                connection = RawConnection(server.address, source_host=source)
                self.addCleanup(connection.reset)
                idle.append(connection)
            for connection in idle:
                connection.send(b"mn\r\n")
            for connection in idle:
                self.assertEqual(connection.receive_exactly(4), b"MN\r\n")
            grown = server.resident_bytes() - before
            print(f"each idle connection occupies {grown / count:.0f} bytes")
            check_memory(self, f"growth with {count} of them", grown, count * _MOST_BYTES_EACH)
            with RawConnection(server.address) as observer:
                self.assertGreaterEqual(int(observer.statistics()["curr_connections"]), count)
        # Each is still there.
        for connection in idle[:: count // 100]:
            self.assertEqual(connection.ask(b"mn"), b"MN")


if __name__ == "__main__":
    unittest.main()
