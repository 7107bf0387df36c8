"""Clients that vanish (RST) in the middle of a value, in either direction."""

import time
import unittest
from collections.abc import Callable

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess, check_memory, start_server

_TIMES = 200
_MEBIBYTE = 1 << 20
_LIMIT_S = 120.0


class VanishingPeer(unittest.TestCase):
    def setUp(self) -> None:
        self.server = start_server(self, "-m", "64")

    def check(self, misbehave: Callable[[RawConnection, int], None]) -> None:
        """Many connections misbehave and are reset; nothing of them is left."""
        with RawConnection(self.server.address) as observer:
            observer.store(b"big", b"x" * 512 * 1024)
            with Neighbour(self.server):
                for number in range(_TIMES):
                    peer = RawConnection(self.server.address)
                    misbehave(peer, number)
                    peer.reset()
            self.check_only_the_observer_is_left(self.server, observer)
            # Bytes of unfinished values went back: the whole limit can be filled with new ones.
            for number in range(80):
                stored = observer.store(b"after%d" % number, b"y" * 512 * 1024)
                self.assertEqual(stored, b"STORED")
        resident = self.server.resident_bytes()
        check_memory(self, "resident with -m 64 afterwards", resident, 112 * _MEBIBYTE)

    def check_only_the_observer_is_left(
        self, server: ServerProcess, observer: RawConnection
    ) -> None:
        deadline = time.monotonic() + _LIMIT_S
        while int(observer.statistics()["curr_connections"]) > 2:
            self.assertLess(time.monotonic(), deadline, "connections of vanished peers stay")
            time.sleep(0.02)
        self.assertLess(server.open_files(), 100)

    def test_in_the_middle_of_a_value_that_it_sends(self) -> None:
        def misbehave(peer: RawConnection, number: int) -> None:
            peer.send(b"set half%d 0 0 1000000\r\n%s" % (number, b"x" * (1 + number * 4000)))

        self.check(misbehave)
        with RawConnection(self.server.address) as connection:
            for number in range(_TIMES):
                self.assertIsNone(connection.fetch(b"half%d" % number))

    def test_in_the_middle_of_a_value_that_it_receives(self) -> None:
        def misbehave(peer: RawConnection, number: int) -> None:
            peer.send(b"get big\r\n" * 20)
            peer.receive_exactly(1 + number * 1000)

        self.check(misbehave)

    def test_without_a_word(self) -> None:
        self.check(lambda peer, number: None)

    def test_with_requests_that_nobody_will_hear_answered(self) -> None:
        self.check(lambda peer, number: peer.send(b"get big big big\r\nversion\r\n" * 50))


if __name__ == "__main__":
    unittest.main()
