"""python-memcached, the oldest Python client, which Django's projects still use."""

import unittest

from tools.clients import installed
from tools.clients.server_process import start_server

memcache = installed.python_module("memcache", "python3-memcache")


class PythonMemcached(unittest.TestCase):
    def setUp(self) -> None:
        servers = [start_server(self) for _ in range(3)]
        self.client = memcache.Client(
            [server.host_and_port for server in servers], socket_timeout=30, cache_cas=True
        )
        self.addCleanup(self.client.disconnect_all)

    def test_values_of_each_type(self) -> None:
        for value in ("text", b"bytes", 42, {"a": [1, None]}, "", b"x" * 900_000):
            self.assertTrue(self.client.set("key", value))
            self.assertEqual(self.client.get("key"), value)
        self.assertIsNone(self.client.get("none"))

    def test_storage_commands(self) -> None:
        self.assertFalse(self.client.replace("key", "a"))
        self.assertTrue(self.client.add("key", "b"))
        self.assertFalse(self.client.add("key", "c"))
        self.assertTrue(self.client.append("key", "c"))
        self.assertTrue(self.client.prepend("key", "a"))
        self.assertEqual(self.client.get("key"), "abc")
        self.assertTrue(self.client.touch("key", 100))
        self.assertTrue(self.client.delete("key"))
        self.assertIsNone(self.client.get("key"))

    def test_cas(self) -> None:
        self.client.set("key", "a")
        self.assertEqual(self.client.gets("key"), "a")
        self.assertTrue(self.client.cas("key", "b"))
        self.client.gets("key")
        self.client.set("key", "c")
        self.assertFalse(self.client.cas("key", "d"))
        self.assertEqual(self.client.get("key"), "c")

    def test_counters(self) -> None:
        self.assertIsNone(self.client.incr("counter"))
        self.client.set("counter", 10)
        self.assertEqual(self.client.incr("counter", 5), 15)
        self.assertEqual(self.client.decr("counter", 20), 0)

    def test_many_at_once(self) -> None:
        values = {f"user:{number}": f"value {number}" for number in range(1000)}
        self.assertEqual(self.client.set_multi(values), [])
        self.assertEqual(self.client.get_multi(list(values)), values)
        self.assertTrue(self.client.delete_multi(list(values)))
        self.assertEqual(self.client.get_multi(list(values)), {})

    def test_statistics_and_flush(self) -> None:
        self.client.set("key", "value")
        self.assertEqual(len(self.client.get_stats()), 3)
        self.client.flush_all()
        self.assertIsNone(self.client.get("key"))


if __name__ == "__main__":
    unittest.main()
