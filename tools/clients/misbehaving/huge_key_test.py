"""Keys of one byte too many and of a mebibyte, in each command."""

import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import IS_MEMCACHED, check_memory, start_server

_BAD_LINE = b"CLIENT_ERROR bad command line format"
_COMMANDS = [
    b"get %s\r\n",
    b"gets %s\r\n",
    b"gat 0 %s\r\n",
    b"set %s 0 0 1\r\nx\r\n",
    b"add %s 0 0 1\r\nx\r\n",
    b"append %s 0 0 1\r\nx\r\n",
    b"cas %s 0 0 1 1\r\nx\r\n",
    b"incr %s 1\r\n",
    b"delete %s\r\n",
    b"touch %s 0\r\n",
    b"mg %s v\r\n",
    b"ms %s 1\r\nx\r\n",
    b"md %s\r\n",
    b"ma %s\r\n",
]


class HugeKey(unittest.TestCase):
    def setUp(self) -> None:
        self.server = start_server(self)

    def test_one_byte_too_many_is_refused_and_the_connection_goes_on(self) -> None:
        with RawConnection(self.server.address) as connection:
            for command in _COMMANDS:
                with self.subTest(command):
                    connection.send(command % (b"k" * 251) + b"version\r\n")
                    self.assertEqual(connection.receive_line(), _BAD_LINE)
                    # The data block of a refused set is not taken for a command.
                    if IS_MEMCACHED and command.endswith(b"\r\nx\r\n"):  # Debian's does.
                        self.assertEqual(connection.receive_line(), b"ERROR")
                    self.assertTrue(connection.receive_line().startswith(b"VERSION "))

    def test_a_mebibyte_costs_the_connection_at_most(self) -> None:
        with Neighbour(self.server):
            before = self.server.reset_peak()
            for command in _COMMANDS:
                with self.subTest(command), RawConnection(self.server.address) as peer:
                    try:
                        peer.send(command % (b"k" * (1 << 20)))
                        reply = peer.socket.recv(1000)
                    except ConnectionError:
                        reply = b""
                    self.assertIn(reply, (b"", _BAD_LINE + b"\r\n"))
            grown = self.server.peak_resident_bytes() - before
            check_memory(self, "growth meanwhile", grown, 8 << 20)


if __name__ == "__main__":
    unittest.main()
