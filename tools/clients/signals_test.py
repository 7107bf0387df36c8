"""TERM at an unlucky moment: right after the start, and twice."""

import contextlib
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess, not_with_memcached


class Signals(unittest.TestCase):
    @not_with_memcached("it says that it listens before it takes signals")
    def test_a_server_that_listens_ends_well(self) -> None:
        for _ in range(40):
            with ServerProcess() as server:
                server.terminate()
                self.assertEqual(server.wait(), 0, server.log())

    def test_a_second_term_changes_nothing(self) -> None:
        for _ in range(5):
            with ServerProcess() as server:
                with RawConnection(server.address) as connection:
                    self.assertEqual(connection.store(b"key", b"value"), b"STORED")
                    with contextlib.suppress(ProcessLookupError):
                        server.terminate()
                        server.terminate()
                self.assertEqual(server.wait(), 0, server.log())


if __name__ == "__main__":
    unittest.main()
