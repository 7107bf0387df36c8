"""Lines that never end: the server closes, or goes on within bounded memory."""

import contextlib
import time
import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import check_memory, not_with_memcached, start_server

_MEBIBYTE = 1 << 20
_LENGTH = 32 * _MEBIBYTE
_MOST_GROWTH = 8 * _MEBIBYTE


class EndlessLine(unittest.TestCase):
    def check(self, begin: bytes, piece: bytes) -> None:
        """Sends begin and then pieces without end: the server closes, or goes on reading."""
        server = start_server(self)
        with Neighbour(server), RawConnection(server.address) as peer:
            before = server.reset_peak()
            with contextlib.suppress(ConnectionError):
                peer.send(begin)
                block = piece * (65536 // len(piece))
                for _ in range(_LENGTH // len(block)):
                    peer.send(block)
            grown = server.peak_resident_bytes() - before
            check_memory(self, f"growth with {begin + piece!r}...", grown, _MOST_GROWTH)

    def check_is_closed(self, begin: bytes, piece: bytes) -> None:
        self.check(begin, piece)
        server = start_server(self)
        with RawConnection(server.address) as peer:
            with contextlib.suppress(ConnectionError):
                peer.send(begin + piece * (4 * _MEBIBYTE // len(piece)))
            self.assertTrue(peer.is_closed_by_server())

    def test_who_goes_on_after_the_end_is_cut_off(self) -> None:
        """A closing server may read on for a while, so that its last reply is not lost."""
        server = start_server(self)
        with RawConnection(server.address) as peer:
            deadline = time.monotonic() + 120
            with self.assertRaises(ConnectionError):
                while time.monotonic() < deadline:
                    peer.send(b"a" * 65536)

    def test_of_one_letter(self) -> None:
        self.check_is_closed(b"", b"a")

    def test_of_spaces(self) -> None:
        self.check_is_closed(b"", b" ")

    def test_of_carriage_returns(self) -> None:
        self.check_is_closed(b"", b"\r")

    def test_of_zeros(self) -> None:
        self.check_is_closed(b"", b"\0")

    def test_of_a_meta_command(self) -> None:
        self.check_is_closed(b"mg key", b" v")

    def test_of_a_set(self) -> None:
        self.check_is_closed(b"set key 0 0 ", b"1")

    @not_with_memcached("the buffer of a retrieval's line grows with it")
    def test_of_a_retrieval_with_one_key(self) -> None:
        self.check(b"get ", b"a")

    @not_with_memcached("the buffer of a retrieval's line grows with it")
    def test_of_a_retrieval_with_many_keys(self) -> None:
        self.check(b"get", b" none")

    @not_with_memcached("the buffer of a retrieval's line grows with it")
    def test_of_a_retrieval_with_spaces(self) -> None:
        self.check(b"get", b" ")


if __name__ == "__main__":
    unittest.main()
