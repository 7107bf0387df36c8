"""pylibmc, the Python face of libmemcached: one server, and three with ketama's ring."""

import unittest
from typing import Any

from tools.clients import installed
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess, start_server

pylibmc = installed.python_module("pylibmc", "python3-pylibmc")

_KEYS = [f"user:{number}" for number in range(2000)]
_PATIENCE_MS = 30_000


def new_client(servers: list[ServerProcess], **behaviors: Any) -> Any:
    return pylibmc.Client(
        [server.host_and_port for server in servers],
        behaviors={"connect_timeout": _PATIENCE_MS, "_poll_timeout": _PATIENCE_MS, **behaviors},
    )


class OneServer(unittest.TestCase):
    def setUp(self) -> None:
        self.client = new_client([start_server(self)], cas=True, tcp_nodelay=True)
        self.addCleanup(self.client.disconnect_all)

    def test_values_of_each_type(self) -> None:
        for value in ("text", b"bytes", 42, True, {"a": [1, None]}, "x" * 500_000):
            self.assertTrue(self.client.set("key", value))
            self.assertEqual(self.client.get("key"), value)
        self.assertIsNone(self.client.get("none"))
        self.assertIn("key", self.client)

    def test_compressed_values(self) -> None:
        self.assertTrue(self.client.set("key", "abc" * 100_000, min_compress_len=100))
        self.assertEqual(self.client.get("key"), "abc" * 100_000)

    def test_add_replace_append_prepend(self) -> None:
        self.assertFalse(self.client.replace("key", "a"))
        self.assertTrue(self.client.add("key", "b"))
        self.assertFalse(self.client.add("key", "c"))
        self.assertTrue(self.client.append("key", "c"))
        self.assertTrue(self.client.prepend("key", "a"))
        self.assertEqual(self.client.get("key"), "abc")

    def test_cas(self) -> None:
        self.client.set("key", "a")
        value, cas = self.client.gets("key")
        self.assertEqual(value, "a")
        self.assertTrue(self.client.cas("key", "b", cas))
        self.assertFalse(self.client.cas("key", "c", cas))
        self.assertEqual(self.client.get("key"), "b")

    def test_incr_and_decr(self) -> None:
        self.assertRaises(pylibmc.NotFound, self.client.incr, "key")
        self.client.set("key", 10)
        self.assertEqual(self.client.incr("key", 5), 15)
        self.assertEqual(self.client.decr("key", 1), 14)
        self.client.set("other", 1)
        self.client.incr_multi(["key", "other"], delta=2)
        self.assertEqual(self.client.get_multi(["key", "other"]), {"key": 16, "other": 3})

    def test_many_at_once(self) -> None:
        values = {key: key * 3 for key in _KEYS}
        self.assertEqual(self.client.set_multi(values), [])
        self.assertEqual(self.client.get_multi([*_KEYS, "none"]), values)
        self.assertEqual(self.client.add_multi({"new": 1}), [])
        self.assertTrue(self.client.delete_multi(_KEYS))
        self.assertEqual(self.client.get_multi(_KEYS), {})

    def test_delete_touch_flush_and_statistics(self) -> None:
        self.assertFalse(self.client.delete("key"))
        self.client.set("key", "value", time=100)
        self.assertTrue(self.client.touch("key", 200))
        self.assertFalse(self.client.touch("none", 200))
        self.assertTrue(self.client.delete("key"))
        self.client.set("key", "value")
        self.assertTrue(self.client.flush_all())
        self.assertIsNone(self.client.get("key"))
        ((_, statistics),) = self.client.get_stats()
        self.assertRegex(statistics["version"].decode(), r"^1\.6\.\d+")

    def test_requests_without_replies(self) -> None:
        self.client.behaviors["_noreply"] = True
        for key in _KEYS:
            self.client.set(key, key)
        self.assertEqual(len(self.client.get_multi(_KEYS)), len(_KEYS))


class ThreeServers(unittest.TestCase):
    def setUp(self) -> None:
        self.servers = [start_server(self) for _ in range(3)]

    def counts(self) -> list[int]:
        counts = []
        for server in self.servers:
            counts.append(0)
            for cache in server.caches:
                with RawConnection(cache.address) as connection:
                    counts[-1] += int(connection.statistics()["curr_items"])
        return counts

    def check_spread(self, smallest_share: float, **behaviors: Any) -> None:
        client = new_client(self.servers, **behaviors)
        values = {key: key for key in _KEYS}
        self.assertEqual(client.set_multi(values), [])
        self.assertEqual(client.get_multi(_KEYS), values)
        counts = self.counts()
        self.assertEqual(sum(counts), len(_KEYS))
        self.assertGreater(min(counts), len(_KEYS) * smallest_share, counts)
        # Another client finds each key one by one where the first one left it.
        other = new_client(self.servers, **behaviors)
        self.assertEqual([other.get(key) for key in _KEYS], _KEYS)

    def test_ketama(self) -> None:
        self.check_spread(0.15, ketama=True)

    def test_weighted_ketama(self) -> None:
        self.check_spread(0.15, ketama_weighted=True)

    def test_modulo(self) -> None:
        self.check_spread(0.25, hash="md5")


if __name__ == "__main__":
    unittest.main()
