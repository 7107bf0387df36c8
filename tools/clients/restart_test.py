"""A restart in the same place: no CAS id of the earlier server means anything to the new one."""

import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess, not_with_memcached

_KEYS = [b"key%d" % number for number in range(1000)]


def cas_ids(connection: RawConnection) -> dict[bytes, bytes]:
    """Sets every key and asks for the ids."""
    connection.send(b"".join(b"set %s 0 0 1 noreply\r\nx\r\n" % key for key in _KEYS))
    connection.send(b"gets " + b" ".join(_KEYS) + b"\r\n")
    lines = connection.receive_until(b"END\r\n").split(b"\r\n")
    return {line.split()[1]: line.split()[4] for line in lines if line.startswith(b"VALUE ")}


class Restart(unittest.TestCase):
    @not_with_memcached("its ids count from 1 after each start")
    def test_cas_ids_are_not_repeated(self) -> None:
        port, earlier = 0, {}
        for start in range(4):
            with ServerProcess(port=port) as server:
                port = server.port
                with RawConnection(server.address) as connection:
                    ids = cas_ids(connection)
                    self.assertEqual(len(ids), len(_KEYS))
                    self.assertFalse(set(ids.values()) & set(earlier.values()), f"start {start}")
                    # A client that read before the restart must not win after it.
                    for key, cas in list(earlier.items())[::100]:
                        reply = connection.ask(b"cas %s 0 0 1 %s\r\ny" % (key, cas))
                        self.assertEqual(reply, b"EXISTS")
                    earlier.update(ids)
                server.stop()

    def test_nothing_of_the_earlier_server_is_left(self) -> None:
        with ServerProcess() as server:
            port = server.port
            with RawConnection(server.address) as connection:
                self.assertEqual(connection.store(b"key", b"value"), b"STORED")
            server.stop()
        with ServerProcess(port=port) as server:
            with RawConnection(server.address) as connection:
                self.assertIsNone(connection.fetch(b"key"))
                self.assertEqual(connection.statistics()["total_items"], "0")
            server.stop()


if __name__ == "__main__":
    unittest.main()
