"""TERM while clients are at work: what was read is answered, then the connections end in order."""

import contextlib
import threading
import time
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess, new_server, not_with_memcached

_CLIENTS = 16
_BATCH = 50
# Until the server has ended although a client takes nothing: its own limit is 5 s.
_LIMIT_S = 120.0


class Worker(threading.Thread):
    """Sends batches of numbered requests and checks that each reply is the next one."""

    def __init__(self, server: ServerProcess, name: bytes) -> None:
        super().__init__()
        self._connection = RawConnection(server.address)
        self._name = name
        self.batches = 0
        # Set once a batch was answered, or there is a problem.
        self.at_work = threading.Event()
        self.problem: str | None = None
        self.ended = False
        # How many replies of the last batch came.
        self.last_replies = 0

    def run(self) -> None:
        try:
            while self._work():
                self.batches += 1
                self.at_work.set()
        except (OSError, AssertionError) as problem:
            self.problem = f"batch {self.batches}: {problem!r}"
        finally:
            self.at_work.set()
            self._connection.close()

    def _work(self) -> bool:
        """One batch. False once the server has closed."""
        requests = [
            b"ms %s-%d 4 O%d-%d k\r\ndata\r\n" % (self._name, number, self.batches, number)
            for number in range(_BATCH)
        ]
        try:
            self._connection.send(b"".join(requests))
        except (BrokenPipeError, ConnectionResetError):
            # The server had said goodbye before this batch; nothing of it was read.
            self.ended = True
            return False
        self.last_replies = 0
        for number in range(_BATCH):
            try:
                line = self._connection.receive_line()
            except EOFError as end:
                # An unfinished line would be a reply cut in two.
                if str(end) != "the server closed after b''":
                    raise AssertionError(str(end)) from end
                self.ended = True
                return False
            flags = line.split(b" ")
            expected = {b"O%d-%d" % (self.batches, number), b"k%s-%d" % (self._name, number)}
            if flags[0] != b"HD" or set(flags[1:]) != expected:
                raise AssertionError(f"{line!r} instead of {expected}")
            self.last_replies += 1
        return True


class TerminateUnderLoad(unittest.TestCase):
    @not_with_memcached("it ends at once; only SIGUSR1 lets it finish")
    def test_replies_are_whole_and_connections_end_in_order(self) -> None:
        with new_server() as server:
            workers = [Worker(server, b"worker%d" % number) for number in range(_CLIENTS)]
            for worker in workers:
                worker.start()
            for worker in workers:
                self.assertTrue(worker.at_work.wait(_LIMIT_S), worker.problem)
            started = time.monotonic()
            server.terminate()
            status = server.wait(_LIMIT_S)
            took = time.monotonic() - started
            for worker in workers:
                worker.join()
            print(
                f"ended {took * 1e3:.0f} ms after TERM with {_CLIENTS} clients at work; "
                f"{sum(worker.batches for worker in workers)} batches had been answered"
            )
            self.assertEqual(status, 0, server.log())
            for worker in workers:
                self.assertIsNone(worker.problem)
                self.assertTrue(worker.ended)
                self.assertGreater(worker.batches, 0)

    @not_with_memcached("it ends at once")
    def test_requests_that_arrived_before_are_answered(self) -> None:
        with new_server() as server:
            connections = [RawConnection(server.address) for _ in range(_CLIENTS)]
            for connection in connections:
                self.assertEqual(connection.ask(b"mn"), b"MN")
            for connection in connections:
                connection.send(b"set key 0 0 5\r\nhello\r\nget key\r\n")
            # Loopback delivers before send() returns: they are in the server's hands.
            server.terminate()
            for connection in connections:
                self.assertEqual(
                    connection.receive_to_end(),
                    b"STORED\r\nVALUE key 0 5\r\nhello\r\nEND\r\n",
                )
                connection.close()
            self.assertEqual(server.wait(_LIMIT_S), 0, server.log())

    @not_with_memcached("it ends at once")
    def test_large_replies_under_way_are_delivered_whole(self) -> None:
        value = bytes(range(256)) * 2048
        with new_server() as server:
            with RawConnection(server.address) as connection:
                self.assertEqual(connection.store(b"big", value), b"STORED")
            reader = RawConnection(server.address, receive_buffer_bytes=8192)
            reader.send(b"get big big\r\n")
            begin = reader.receive_exactly(1000)
            server.terminate()
            time.sleep(0.2)
            whole = b"VALUE big 0 %d\r\n%s\r\n" % (len(value), value) * 2 + b"END\r\n"
            self.assertEqual(begin + reader.receive_to_end(), whole)
            reader.close()
            self.assertEqual(server.wait(_LIMIT_S), 0, server.log())

    @not_with_memcached("it ends at once")
    def test_idle_and_half_sent_clients_see_the_end(self) -> None:
        with new_server() as server:
            idle = RawConnection(server.address)
            self.assertEqual(idle.ask(b"mn"), b"MN")
            half = RawConnection(server.address)
            half.send(b"set half 0 0 100\r\nabc")
            server.terminate()
            self.assertEqual(idle.receive_to_end(), b"")
            self.assertEqual(half.receive_to_end(), b"")
            idle.close()
            half.close()
            self.assertEqual(server.wait(_LIMIT_S), 0, server.log())

    @not_with_memcached("it ends at once")
    def test_no_new_client_is_taken_while_another_is_waited_for(self) -> None:
        with new_server() as server:
            with RawConnection(server.address) as connection:
                self.assertEqual(connection.store(b"big", b"x" * (512 * 1024)), b"STORED")
            slow = RawConnection(server.address, receive_buffer_bytes=8192)
            slow.send(b"get big\r\n" * 20)
            slow.receive_exactly(100)
            server.terminate()
            deadline = time.monotonic() + _LIMIT_S
            with self.assertRaises(ConnectionRefusedError):
                while time.monotonic() < deadline:
                    # One that waited to be accepted is reset.
                    with contextlib.suppress(ConnectionResetError):
                        RawConnection(server.address).close()
            self.assertTrue(server.is_running())
            slow.receive_to_end()
            slow.close()
            self.assertEqual(server.wait(_LIMIT_S), 0, server.log())

    def test_a_client_that_reads_nothing_cannot_prevent_it(self) -> None:
        with new_server() as server:
            with RawConnection(server.address) as connection:
                self.assertEqual(connection.store(b"big", b"x" * (512 * 1024)), b"STORED")
            stubborn = RawConnection(server.address, receive_buffer_bytes=8192)
            stubborn.send(b"get big\r\n" * 100)
            stubborn.receive_exactly(100)
            started = time.monotonic()
            server.terminate()
            self.assertEqual(server.wait(_LIMIT_S), 0, server.log())
            print(f"ended {time.monotonic() - started:.2f} s after TERM with a client that blocks")
            stubborn.close()


if __name__ == "__main__":
    unittest.main()
