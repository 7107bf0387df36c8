"""Sets of a mebibyte that trickle in, ten bytes at a time, on many connections."""

import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import IS_MEMCACHED, check_memory, start_server

_MEBIBYTE = 1 << 20
_LENGTH = 1_000_000
_STEPS = 500


class SlowSet(unittest.TestCase):
    def test_a_few_take_only_their_place(self) -> None:
        server = start_server(self, "-m", "64")
        with Neighbour(server):
            peers = [RawConnection(server.address) for _ in range(20)]
            for number, peer in enumerate(peers):
                self.addCleanup(peer.close)
                peer.send(b"set slow%d 0 0 %d\r\n" % (number, _LENGTH))
            for _ in range(_STEPS):
                for peer in peers:
                    peer.send(b"0123456789")
            # Patience is rewarded, impatience does no harm.
            for peer in peers[::2]:
                peer.send(b"x" * (_LENGTH - 10 * _STEPS) + b"\r\n")
                self.assertEqual(peer.receive_line(), b"STORED")
            for peer in peers[1::2]:
                peer.close()
            with RawConnection(server.address) as connection:
                value = connection.fetch(b"slow0")
                self.assertIsNotNone(value)
                self.assertEqual(value, b"0123456789" * _STEPS + b"x" * (_LENGTH - 10 * _STEPS))
                self.assertIsNone(connection.fetch(b"slow1"))

    def test_more_than_the_memory_holds(self) -> None:
        """-m 64 has no place for 300 unfinished mebibytes; others still have theirs."""
        server = start_server(self, "-m", "64")
        with Neighbour(server):
            peers = [RawConnection(server.address) for _ in range(300)]
            for number, peer in enumerate(peers):
                self.addCleanup(peer.close)
                peer.send(b"set slow%d 0 0 %d\r\n" % (number, _LENGTH))
            for _ in range(20):
                for peer in peers:
                    peer.send(b"0123456789" * 100)
            resident = server.resident_bytes()
            check_memory(self, "resident with -m 64 and 300 MB begun", resident, 112 * _MEBIBYTE)
            if not IS_MEMCACHED:
                with RawConnection(server.address) as connection:
                    for number in range(1000):
                        key = b"small%d" % number
                        self.assertEqual(connection.store(key, b"v" * 100), b"STORED")
            for peer in peers:
                peer.reset()
        # All of it comes back.
        with RawConnection(server.address) as connection:
            for number in range(100):
                stored = connection.store(b"large%d" % number, b"v" * 900_000)
                self.assertEqual(stored, b"STORED", number)
            self.assertEqual(connection.fetch(b"large99"), b"v" * 900_000)


if __name__ == "__main__":
    unittest.main()
