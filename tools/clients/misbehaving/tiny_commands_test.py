"""A million tiny commands on one connection, sent without waiting for a single reply."""

import threading
import time
import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import check_memory, start_server

_COMMANDS = b"mn\r\nget k\r\nget none\r\nmg none\r\nset k 0 0 1\r\nx\r\n"
_REPLIES = b"MN\r\nVALUE k 0 1\r\nx\r\nEND\r\nEND\r\nEN\r\nSTORED\r\n"
_ROUNDS = 200_000  # of five commands
_ROUNDS_AT_ONCE = 5000
_MOST_GROWTH = 16 << 20


class TinyCommands(unittest.TestCase):
    def test_a_million_are_answered_in_order(self) -> None:
        server = start_server(self)
        with Neighbour(server), RawConnection(server.address) as connection:
            self.assertEqual(connection.store(b"k", b"x"), b"STORED")
            before = server.reset_peak()

            def send() -> None:
                for _ in range(_ROUNDS // _ROUNDS_AT_ONCE):
                    connection.send(_COMMANDS * _ROUNDS_AT_ONCE)

            sender = threading.Thread(target=send)
            started = time.monotonic()
            sender.start()
            expected = _REPLIES * _ROUNDS_AT_ONCE
            for _ in range(_ROUNDS // _ROUNDS_AT_ONCE):
                self.assertEqual(connection.receive_exactly(len(expected)), expected)
            sender.join()
            took = time.monotonic() - started
            grown = server.peak_resident_bytes() - before
            print(f"{5 * _ROUNDS} commands in {took:.2f} s")
            check_memory(self, "growth meanwhile", grown, _MOST_GROWTH)


if __name__ == "__main__":
    unittest.main()
