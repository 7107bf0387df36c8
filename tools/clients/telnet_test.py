"""A person at a terminal: the tutorial's session through a real telnet, and netcat's way."""

import os
import pty
import select
import socket
import time
import unittest

from tools.clients import installed
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import start_server

_LIMIT_S = 30.0


class Terminal:
    """A program whose terminal is ours."""

    def __init__(self, command: list[str]) -> None:
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            try:
                os.execv(command[0], command)
            finally:
                os._exit(127)
        self.shown = b""

    def type(self, line: bytes) -> None:
        os.write(self._descriptor, line + b"\n")

    def _read_more(self, deadline: float) -> bool:
        """False at the end."""
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self._descriptor], [], [], left)[0]:
            raise AssertionError(f"nothing more after {self.shown!r}")
        try:
            data = os.read(self._descriptor, 4096)
        except OSError:  # Linux' way to say that the other end of a terminal is closed.
            return False
        self.shown += data
        return bool(data)

    def wait_for(self, text: bytes) -> None:
        deadline = time.monotonic() + _LIMIT_S
        while text not in self.shown:
            if not self._read_more(deadline):
                raise AssertionError(f"ended without {text!r}: {self.shown!r}")

    def wait_for_end(self) -> None:
        deadline = time.monotonic() + _LIMIT_S
        while self._read_more(deadline):
            pass
        os.close(self._descriptor)
        os.waitpid(self.pid, 0)


class Telnet(unittest.TestCase):
    def setUp(self) -> None:
        self.server = start_server(self)

    def test_the_tutorials_session(self) -> None:
        program = installed.program("telnet", "inetutils-telnet")
        terminal = Terminal([program, "127.0.0.1", str(self.server.port)])
        terminal.wait_for(b"Escape character is '^]'.\r\n")
        terminal.shown = b""
        # The terminal echoes what is typed, so that the whole screen is known byte for byte.
        terminal.type(b"set mykey 0 0 5")
        terminal.wait_for(b"set mykey 0 0 5\r\n")
        terminal.type(b"hello")
        terminal.wait_for(b"STORED\r\n")
        terminal.type(b"get mykey")
        terminal.wait_for(b"END\r\n")
        terminal.type(b"quit")
        terminal.wait_for_end()
        self.assertEqual(
            terminal.shown,
            b"set mykey 0 0 5\r\nhello\r\nSTORED\r\n"
            b"get mykey\r\nVALUE mykey 0 5\r\nhello\r\nEND\r\n"
            b"quit\r\nConnection closed by foreign host.\r\n",
        )

    def test_the_same_session_as_bytes(self) -> None:
        with RawConnection(self.server.address) as connection:
            connection.send(b"set mykey 0 0 5\r\nhello\r\nget mykey\r\nquit\r\n")
            self.assertEqual(
                connection.receive_to_end(),
                b"STORED\r\nVALUE mykey 0 5\r\nhello\r\nEND\r\n",
            )

    def test_lines_may_end_without_carriage_return(self) -> None:
        with RawConnection(self.server.address) as connection:
            connection.send(b"set mykey 0 0 5\nhello\r\nget mykey\nversion\nquit\n")
            reply = connection.receive_to_end()
            self.assertTrue(
                reply.startswith(b"STORED\r\nVALUE mykey 0 5\r\nhello\r\nEND\r\nVERSION "), reply
            )

    def test_a_script_that_closes_its_side_gets_its_answers(self) -> None:
        """`printf 'get mykey\\r\\n' | nc host port`: the end of input comes with the request."""
        with RawConnection(self.server.address) as connection:
            connection.send(b"set mykey 0 0 5\r\nhello\r\nget mykey\r\nstats\r\n")
            connection.socket.shutdown(socket.SHUT_WR)
            reply = connection.receive_to_end()
            self.assertTrue(reply.startswith(b"STORED\r\nVALUE mykey 0 5\r\nhello\r\nEND\r\nSTAT "))
            self.assertTrue(reply.endswith(b"\r\nEND\r\n"), reply[-100:])


if __name__ == "__main__":
    unittest.main()
