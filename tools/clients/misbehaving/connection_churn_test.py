"""A client that opens a connection for each request, ten thousand times; some ask nothing."""

import time
import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import check_memory, start_server

_CONNECTIONS = 10_000
_MEBIBYTE = 1 << 20
_PATIENCE_S = 120.0


class ConnectionChurn(unittest.TestCase):
    def test_nothing_is_left_of_them(self) -> None:
        server = start_server(self)
        with RawConnection(server.address) as observer, Neighbour(server):
            before, files = server.resident_bytes(), server.open_files()
            for number in range(_CONNECTIONS):
                peer = RawConnection(server.address, source_host=f"127.0.2.{1 + number % 8}")
                if number % 3:
                    self.assertEqual(peer.ask(b"mn"), b"MN")
                peer.reset() if number % 2 else peer.close()
            grown = server.resident_bytes() - before
            check_memory(self, f"growth after {_CONNECTIONS} connections", grown, 8 * _MEBIBYTE)
            deadline = time.monotonic() + _PATIENCE_S
            while int(observer.statistics()["curr_connections"]) > 2:
                self.assertLess(time.monotonic(), deadline, "closed connections stay")
                time.sleep(0.02)
            self.assertLess(server.open_files(), files + 10)
            total = int(observer.statistics()["total_connections"])
            self.assertGreaterEqual(total, _CONNECTIONS)


if __name__ == "__main__":
    unittest.main()
