"""A connection that sends exactly the given bytes, for checks of what goes over the wire."""

import socket
import struct
import time

# Fails a check that waits for something that never comes; not a bound on the server's speed.
WAIT_LIMIT_S = 120.0


class RawConnection:
    """Wraps a socket. Receiving keeps what was read beyond the wanted bytes."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        source_host: str | None = None,
        receive_buffer_bytes: int | None = None,
        limit_s: float = WAIT_LIMIT_S,
    ) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.settimeout(limit_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer_bytes is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        if source_host is not None:
            self.socket.bind((source_host, 0))
        self._received = bytearray()
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def _receive_more(self) -> bool:
        """False at the end of the stream."""
        data = self.socket.recv(1 << 18)
        self._received += data
        return bool(data)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def receive_exactly(self, size: int) -> bytes:
        while len(self._received) < size:
            if not self._receive_more():
                raise EOFError(f"the server closed after {bytes(self._received[-200:])!r}")
        return self._take(size)

    def receive_until(self, ending: bytes) -> bytes:
        """Everything up to and with `ending`."""
        searched = 0
        while (found := self._received.find(ending, searched)) < 0:
            searched = max(0, len(self._received) - len(ending) + 1)
            if not self._receive_more():
                raise EOFError(f"the server closed after {bytes(self._received[-200:])!r}")
        return self._take(found + len(ending))

    def receive_line(self) -> bytes:
        """One line without its \\r\\n."""
        return self.receive_until(b"\r\n")[:-2]

    def receive_to_end(self) -> bytes:
        """Everything until the server closes."""
        while self._receive_more():
            pass
        return self._take(len(self._received))

    def ask(self, command: bytes) -> bytes:
        """Sends a command whose reply is one line; returns the line without \\r\\n."""
        self.send(command + b"\r\n")
        return self.receive_line()

    def store(self, key: bytes, value: bytes, exptime: int = 0) -> bytes:
        return self.ask(b"set %s 0 %d %d\r\n%s" % (key, exptime, len(value), value))

    def fetch(self, key: bytes) -> bytes | None:
        """The value, or None on a miss."""
        line = self.ask(b"get " + key)
        if line == b"END":
            return None
        word, returned_key, _, size = line.split(b" ")
        if (word, returned_key) != (b"VALUE", key):
            raise AssertionError(f"an odd reply: {line!r}")
        value = self.receive_exactly(int(size))
        ending = self.receive_exactly(7)
        if ending != b"\r\nEND\r\n":
            raise AssertionError(f"an odd end of a value: {ending!r}")
        return value

    def statistics(self, arguments: bytes = b"") -> dict[str, str]:
        """The reply of `stats`."""
        self.send(b"stats %s\r\n" % arguments if arguments else b"stats\r\n")
        text = self.receive_until(b"END\r\n").decode()
        lines = [line.split(" ", 2) for line in text.split("\r\n")[:-2]]
        for line in lines:
            if line[0] != "STAT" or len(line) != 3:
                raise AssertionError(f"an odd line of statistics: {line}")
        return {name: value for _, name, value in lines}

    def is_closed_by_server(self, limit_s: float = WAIT_LIMIT_S) -> bool:
        """Whether the server ends the connection within the limit, after whatever it sends."""
        deadline = time.monotonic() + limit_s
        try:
            while (left := deadline - time.monotonic()) > 0:
                self.socket.settimeout(left)
                if not self.socket.recv(1 << 18):
                    return True
        except ConnectionError:
            return True
        except TimeoutError:
            pass
        return False

    def reset(self) -> None:
        """Vanishes: the kernel sends RST and forgets the rest."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> "RawConnection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
