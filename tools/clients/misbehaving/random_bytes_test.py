"""Random bytes, random lines and damaged commands on many connections.

The seed is printed; CLIENTS_SEED repeats a run.
"""

import os
import random
import select
import time
import unittest
from collections.abc import Callable

from tools.clients.misbehaving.neighbour import Neighbour
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import check_memory, start_server

_CONNECTIONS = 50
_BYTES_EACH = 30_000
_AT_ONCE = 8
_MEBIBYTE = 1 << 20
# Of one connection: a peer that is closed or has taken a large value for granted goes on waiting.
_QUIET_S = 0.05

# Nothing here removes or hides the neighbour's item.
_COMMANDS = [
    b"get a b c\r\n",
    b"gets a\r\n",
    b"gat 10 a\r\n",
    b"set a 0 0 5\r\nhello\r\n",
    b"set a 0 0 5 noreply\r\nhello\r\n",
    b"add b 1 10 3\r\nabc\r\n",
    b"append a 0 0 1\r\nx\r\n",
    b"cas a 0 0 1 12\r\ny\r\n",
    b"incr a 1\r\n",
    b"decr c 18446744073709551615\r\n",
    b"touch a 100\r\n",
    b"delete a\r\n",
    b"mg a v t f k O1 q\r\n",
    b"ms a 3 T10 F3 c k\r\nabc\r\n",
    b"ms YQ== 3 b I MA\r\nabc\r\n",
    b"md a q\r\n",
    b"ma c N10 J5 D2 v t\r\n",
    b"me a\r\n",
    b"mn\r\n",
    b"stats\r\n",
    b"stats items\r\n",
    b"stats slabs\r\n",
    b"stats conns\r\n",
    b"version\r\n",
    b"lru_crawler metadump all\r\n",
    b"set large 0 0 200000\r\n" + b"z" * 2000,
]


def random_bytes(source: random.Random) -> bytes:
    return source.randbytes(_BYTES_EACH)


def random_lines(source: random.Random) -> bytes:
    """Printable words in lines: more of them reach the commands' own parsers."""
    letters = b"abgikmnqstvx0123456789-= \t\x00\xff"
    lines = []
    for _ in range(_BYTES_EACH // 40):
        command = source.choice(_COMMANDS).split(b" ", 1)[0].strip()
        rest = bytes(source.choices(letters, k=source.randrange(60)))
        lines.append(command + b" " + rest + source.choice([b"\r\n", b"\n", b"\r", b""]))
    return b"".join(lines)


def damaged_commands(source: random.Random) -> bytes:
    """Commands with bytes flipped, lost, doubled or added here and there."""
    text = bytearray()
    while len(text) < _BYTES_EACH:
        command = bytearray(source.choice(_COMMANDS))
        for _ in range(source.choice([0, 0, 0, 1, 1, 2, 5])):
            at = source.randrange(len(command)) if command else 0
            damage = source.randrange(4)
            if damage == 0 and command:
                command[at] = source.randrange(256)
            elif damage == 1 and command:
                del command[at]
            elif damage == 2:
                command[at:at] = command[at : at + source.randrange(20)]
            else:
                command.insert(at, source.choice(b" \r\n\x000-9\xff"))
        text += command
    return bytes(text)


def exchange(peer: RawConnection, data: bytes) -> None:
    """Sends all and reads whatever comes, until it is quiet or the server closes."""
    peer.socket.setblocking(False)
    sent = 0
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        writers = [peer.socket] if sent < len(data) else []
        readable, writable, _ = select.select([peer.socket], writers, [], _QUIET_S)
        try:
            if readable and not peer.socket.recv(1 << 18):
                return
            if writable:
                sent += peer.socket.send(data[sent : sent + 65536])
        except ConnectionError:
            return
        if not readable and not writable:
            return


class RandomBytes(unittest.TestCase):
    def check(self, generate: Callable[[random.Random], bytes]) -> None:
        seed = int(os.environ.get("CLIENTS_SEED", random.SystemRandom().randrange(1 << 32)))
        print(f"CLIENTS_SEED={seed}")
        source = random.Random(seed)
        server = start_server(self, "-m", "64")
        with Neighbour(server, b"neighbour:of:random:bytes"):
            peers: list[RawConnection] = []
            for _ in range(_CONNECTIONS):
                peer = RawConnection(server.address)
                exchange(peer, generate(source))
                # Some stay in the state that they got into.
                peers.append(peer)
                if len(peers) > _AT_ONCE:
                    leaving = peers.pop(source.randrange(len(peers)))
                    leaving.reset() if source.random() < 0.5 else leaving.close()
            for peer in peers:
                peer.close()
        resident = server.resident_bytes()
        check_memory(self, "resident with -m 64 afterwards", resident, 112 * _MEBIBYTE)
        with RawConnection(server.address) as connection:
            self.assertEqual(connection.store(b"key", b"value"), b"STORED")
            self.assertEqual(connection.fetch(b"key"), b"value")

    def test_random_bytes(self) -> None:
        self.check(random_bytes)

    def test_random_lines(self) -> None:
        self.check(random_lines)

    def test_damaged_commands(self) -> None:
        self.check(damaged_commands)


if __name__ == "__main__":
    unittest.main()
