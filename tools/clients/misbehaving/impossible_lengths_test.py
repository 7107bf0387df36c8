"""Values with lengths that are negative, too large, no numbers, or not what is sent."""

import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import IS_MEMCACHED, check_memory, start_server

_BAD_LINE = b"CLIENT_ERROR bad command line format"
_LENGTHS = [
    b"-1",
    b"-2",
    b"-2147483648",
    b"2147483646",
    b"2147483647",
    b"2147483648",
    b"4294967295",
    b"18446744073709551615",
    b"18446744073709551616",
    b"99999999999999999999999999",
    b"abc",
    b"1x",
    b"0x10",
    b"+",
    b"-",
]
# Debian's memcached keeps only the lower 32 bits of these.
_LENGTHS_THAT_WRAP = [] if IS_MEMCACHED else [b"4294967296", b"-9223372036854775808"]


class ImpossibleLengths(unittest.TestCase):
    def setUp(self) -> None:
        self.server = start_server(self)

    def test_they_are_refused_and_nobody_is_harmed(self) -> None:
        """Each on its own connection, as it is open what follows such a line."""
        with Neighbour(self.server):
            before = self.server.reset_peak()
            for template in (b"set key 0 0 %s\r\n", b"ms key %s\r\n", b"cas key 0 0 %s 1\r\n"):
                for length in _LENGTHS + _LENGTHS_THAT_WRAP:
                    line = template % length
                    with self.subTest(line), RawConnection(self.server.address) as connection:
                        reply = connection.ask(line[:-2])
                        self.assertRegex(reply, rb"^(CLIENT_ERROR|SERVER_ERROR|ERROR)")
            grown = self.server.peak_resident_bytes() - before
            check_memory(self, "growth meanwhile", grown, 8 << 20)
        with RawConnection(self.server.address) as connection:
            self.assertIsNone(connection.fetch(b"key"))

    def test_a_negative_length_leaves_no_data_block_to_skip(self) -> None:
        with RawConnection(self.server.address) as connection:
            connection.send(b"set key 0 0 -1\r\nversion\r\n")
            self.assertEqual(connection.receive_line(), _BAD_LINE)
            self.assertTrue(connection.receive_line().startswith(b"VERSION "))

    def test_more_than_an_item_may_have_is_skipped(self) -> None:
        with RawConnection(self.server.address) as connection:
            self.assertEqual(connection.store(b"key", b"old"), b"STORED")
            size = 8 << 20
            connection.send(b"set key 0 0 %d\r\n" % size)
            for _ in range(size >> 16):
                connection.send(b"get key\r\n"[:8] * (1 << 13))
            connection.send(b"\r\nmn\r\n")
            self.assertEqual(
                connection.receive_until(b"MN\r\n"),
                b"SERVER_ERROR object too large for cache\r\nMN\r\n",
            )
            # The old value would be stale.
            self.assertIsNone(connection.fetch(b"key"))

    def test_a_value_that_is_longer_or_shorter_than_announced(self) -> None:
        with RawConnection(self.server.address) as connection:
            for block in (b"too long\r\n", b"longer than that\r\n"):
                connection.send(b"set key 0 0 3\r\n" + block)
                self.assertEqual(connection.receive_line(), b"CLIENT_ERROR bad data chunk")
                # What is left of it is a line of its own, or was skipped with it.
                connection.send(b"\r\nmn\r\n")
                rest = connection.receive_until(b"MN\r\n")
                self.assertRegex(rest, rb"^(ERROR\r\n){0,2}MN\r\n$")
            self.assertIsNone(connection.fetch(b"key"))


if __name__ == "__main__":
    unittest.main()
