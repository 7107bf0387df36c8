"""Clients that send a part of a command and then nothing: they cost little and may go on later."""

import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import check_memory, start_server

_COPIES = 50
_MEBIBYTE = 1 << 20

# What is sent first, what much later, and the reply to both together.
_HALVES = [
    (b"s", b"et half 0 0 1\r\nx\r\n", b"STORED\r\n"),
    (b"get hal", b"f-miss\r\n", b"END\r\n"),
    (b"get half-miss\r", b"\n", b"END\r\n"),
    (b"set half 0 0 5 norep", b"ly\r\nhello\r\nmn\r\n", b"MN\r\n"),
    (b"set half 0 0 10\r\nhel", b"lohello\r\n", b"STORED\r\n"),
    (b"set half 0 0 5\r\nhello\r", b"\n", b"STORED\r\n"),
    (b"set half 0 0 5\r\nhello", b"XXmn\r\n", b"CLIENT_ERROR bad data chunk\r\n"),
    (b"set half 0 0 1000000\r\nhel", b"l" * 999_997 + b"\r\n", b"STORED\r\n"),
    (b"mg half-miss v t ", b"f s\r\nmn\r\n", b"EN\r\nMN\r\n"),
    (b"ms half 5 T0 F1\r\nhe", b"llo\r\n", b"HD\r\n"),
    (b"incr half-miss ", b"1\r\n", b"NOT_FOUND\r\n"),
    (b"version\r\nget half-miss half-", b"miss\r\n", b"END\r\n"),
]


class HalfSentCommands(unittest.TestCase):
    def test_they_wait_without_harm_and_go_on(self) -> None:
        server = start_server(self, "-m", "64")
        with Neighbour(server):
            before = server.resident_bytes()
            waiting: list[tuple[RawConnection, bytes, bytes]] = []
            for _ in range(_COPIES):
                for first, second, reply in _HALVES:
                    connection = RawConnection(server.address)
                    self.addCleanup(connection.close)
                    connection.send(first)
                    if first.startswith(b"version"):
                        connection.receive_line()
                    waiting.append((connection, second, reply))
            grown = server.resident_bytes() - before
            # A begun value may hold its item, within -m. Beside it, kilobytes each.
            bound = 64 * _MEBIBYTE + len(waiting) * 16 * 1024
            check_memory(self, f"growth with {len(waiting)} half commands", grown, bound)
            for connection, second, reply in waiting:
                connection.send(second)
                self.assertEqual(connection.receive_exactly(len(reply)), reply)


if __name__ == "__main__":
    unittest.main()
