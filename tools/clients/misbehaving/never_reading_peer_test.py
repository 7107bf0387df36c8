"""Clients that ask for gigabytes and read nothing: back-pressure holds them, not memory."""

import time
import unittest

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess, check_memory, start_server

_MEBIBYTE = 1 << 20
_VALUE = bytes(range(256)) * 2048
_PEERS = 8
_REQUESTS_PER_PEER = 4000
# Of the server's own memory; what waits in the kernel's socket buffers is not counted there.
_MOST_GROWTH = 24 * _MEBIBYTE


def push(peer: RawConnection, data: bytes, quiet_s: float) -> int:
    """Sends until the server takes nothing for `quiet_s`. Returns how much it took."""
    peer.socket.settimeout(quiet_s)
    sent = 0
    try:
        while sent < len(data):
            sent += peer.socket.send(data[sent : sent + 65536])
    except TimeoutError:
        pass
    return sent


class NeverReadingPeer(unittest.TestCase):
    def check(self, server: ServerProcess, requests: bytes) -> None:
        with RawConnection(server.address) as connection:
            self.assertEqual(connection.store(b"big", _VALUE), b"STORED")
            connection.fetch(b"big")
        with Neighbour(server):
            before = server.reset_peak()
            peers = [
                RawConnection(server.address, receive_buffer_bytes=8192) for _ in range(_PEERS)
            ]
            for peer in peers:
                self.addCleanup(peer.close)
                push(peer, requests, quiet_s=0.2)
            # They stay for a while, with others at work.
            time.sleep(1.0)
            grown = server.peak_resident_bytes() - before
            check_memory(self, f"growth with {_PEERS} peers that never read", grown, _MOST_GROWTH)
            # One changes its mind, and gets what it asked for.
            patient = peers[0]
            patient.socket.settimeout(30)
            whole = b"VALUE big 0 %d\r\n%s\r\n" % (len(_VALUE), _VALUE)
            for number in range(20):
                if requests.startswith(b"get big\r\n"):
                    self.assertEqual(patient.receive_exactly(len(whole) + 5), whole + b"END\r\n")
                else:
                    self.assertEqual(patient.receive_exactly(len(whole)), whole, number)
            for peer in peers[::2]:
                peer.reset()
            for peer in peers[1::2]:
                peer.close()
        with RawConnection(server.address) as connection:
            # No reference to the item was lost or kept: it can be replaced and removed.
            self.assertEqual(connection.store(b"big", b"small"), b"STORED")
            self.assertEqual(connection.fetch(b"big"), b"small")

    def test_many_requests(self) -> None:
        self.check(start_server(self), b"get big\r\n" * _REQUESTS_PER_PEER)

    def test_few_requests_of_many_keys(self) -> None:
        self.check(start_server(self), (b"get" + b" big" * 400 + b"\r\n") * 10)

    def test_many_small_replies(self) -> None:
        """A reply that is much larger than its request, until the server takes no more requests."""
        server = start_server(self)
        with RawConnection(server.address) as connection:
            self.assertEqual(connection.store(b"k", b"v" * 1000), b"STORED")
        with Neighbour(server):
            before = server.reset_peak()
            for _ in range(_PEERS):
                peer = RawConnection(server.address, receive_buffer_bytes=8192)
                self.addCleanup(peer.close)
                push(peer, b"get k\r\n" * 1_000_000, quiet_s=0.2)
            grown = server.peak_resident_bytes() - before
            check_memory(self, f"growth with {_PEERS} peers that never read", grown, _MOST_GROWTH)


if __name__ == "__main__":
    unittest.main()
