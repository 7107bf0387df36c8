"""A client that sends each byte in a packet of its own gets the replies of one that does not."""

import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import start_server

_SESSION = (
    b"set key 7 0 5\r\nhello\r\n"
    b"get key none key\r\n"
    b"append key 0 0 6 noreply\r\n world\r\n"
    b"gets none\r\n"
    b"set number 0 0 2\n10\r\nincr number 5\r\ndecr number 20\r\n"
    b"bogus\r\nget\r\nset key 0 0 abc\r\n"
    b"mg key v f s k\r\nmn\r\n"
    b"ms meta 3 c T0\r\nabc\r\nmd meta q\r\nmn\r\n"
    b"touch key 0\r\ndelete number\r\nverbosity 0\r\n"
    b"add " + b"k" * 250 + b" 0 0 0\r\n\r\n"
    b"get key\r\n"
)


class OneByteAtATime(unittest.TestCase):
    def replies(self, step: int) -> bytes:
        """To the session, sent in pieces of `step` bytes to a fresh server."""
        server = start_server(self)
        with Neighbour(server), RawConnection(server.address) as connection:
            for start in range(0, len(_SESSION), step):
                connection.send(_SESSION[start : start + step])
            connection.send(b"quit\r\n")
            # The CAS id is the one thing that differs between servers.
            text = connection.receive_to_end()
            return b"\n".join(
                b"HD c" if line.startswith(b"HD c") else line for line in text.split(b"\n")
            )

    def test_the_replies_are_the_same(self) -> None:
        at_once = self.replies(len(_SESSION))
        self.assertIn(b"VALUE key 7 11\r\nhello world\r\n", at_once)
        for step in (1, 2, 7):
            self.assertEqual(self.replies(step), at_once)


if __name__ == "__main__":
    unittest.main()
