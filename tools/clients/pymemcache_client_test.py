"""pymemcache's Client and PooledClient: every method, with and without replies."""

import concurrent.futures
import unittest
from typing import Any

from tools.clients import installed
from tools.clients.router_differences import differs_with_router
from tools.clients.server_process import IS_MEMCACHED, ServerProcess, start_server

pymemcache = installed.python_module("pymemcache", "python3-pymemcache")

_LARGE = b"0123456789" * 100_000


class ClientChecks:
    """The checks; a subclass says which client makes them."""

    client: Any

    def test_set_and_get(self) -> None:
        self.assertIsNone(self.client.get("key"))
        self.assertEqual(self.client.get("key", "default"), "default")
        self.assertTrue(self.client.set("key", "value"))
        self.assertEqual(self.client.get("key"), b"value")
        self.client["key"] = "other"
        self.assertEqual(self.client["key"], b"other")
        del self.client["key"]
        self.assertRaises(KeyError, lambda: self.client["key"])

    def test_values_come_back_unchanged(self) -> None:
        for value in (b"", b"\r\n", b"END\r\n", bytes(range(256)) * 50, _LARGE):
            self.assertTrue(self.client.set("key", value, noreply=False))
            self.assertEqual(self.client.get("key"), value)

    def test_add_and_replace(self) -> None:
        self.assertFalse(self.client.replace("key", "a", noreply=False))
        self.assertTrue(self.client.add("key", "b", noreply=False))
        self.assertFalse(self.client.add("key", "c", noreply=False))
        self.assertTrue(self.client.replace("key", "d", noreply=False))
        self.assertEqual(self.client.get("key"), b"d")

    def test_append_and_prepend(self) -> None:
        self.assertFalse(self.client.append("key", "a", noreply=False))
        self.client.set("key", "b", noreply=False)
        self.assertTrue(self.client.append("key", "c", noreply=False))
        self.assertTrue(self.client.prepend("key", "a", noreply=False))
        self.assertEqual(self.client.get("key"), b"abc")

    def test_gets_and_cas(self) -> None:
        self.assertEqual(self.client.gets("key"), (None, None))
        self.assertIsNone(self.client.cas("key", "a", b"1", noreply=False))
        self.client.set("key", "b", noreply=False)
        value, cas = self.client.gets("key")
        self.assertEqual(value, b"b")
        self.assertTrue(self.client.cas("key", "c", cas, noreply=False))
        self.assertFalse(self.client.cas("key", "d", cas, noreply=False))
        self.assertEqual(self.client.get("key"), b"c")

    def test_incr_and_decr(self) -> None:
        self.assertIsNone(self.client.incr("key", 1, noreply=False))
        self.assertIsNone(self.client.decr("key", 1, noreply=False))
        self.client.set("key", "10", noreply=False)
        self.assertEqual(self.client.incr("key", 5, noreply=False), 15)
        self.assertEqual(self.client.decr("key", 20, noreply=False), 0)
        self.client.set("key", str(2**64 - 1), noreply=False)
        self.assertEqual(self.client.incr("key", 2, noreply=False), 1)

    def test_incr_of_a_text_is_the_clients_error(self) -> None:
        self.client.set("key", "text", noreply=False)
        with self.assertRaises(pymemcache.exceptions.MemcacheClientError):
            self.client.incr("key", 1, noreply=False)

    def test_touch_and_expiry(self) -> None:
        self.assertFalse(self.client.touch("key", 100, noreply=False))
        self.client.set("key", "value", expire=100, noreply=False)
        self.assertTrue(self.client.touch("key", 200, noreply=False))
        self.assertEqual(self.client.get("key"), b"value")
        self.assertTrue(self.client.touch("key", -1, noreply=False))
        self.assertIsNone(self.client.get("key"))

    def test_delete(self) -> None:
        self.assertFalse(self.client.delete("key", noreply=False))
        self.client.set("key", "value", noreply=False)
        self.assertTrue(self.client.delete("key", noreply=False))
        self.assertIsNone(self.client.get("key"))

    def test_many_at_once(self) -> None:
        values = {f"key{number}": b"%d" % number for number in range(500)}
        for set_many, get_many, delete_many in (
            (self.client.set_many, self.client.get_many, self.client.delete_many),
            (self.client.set_multi, self.client.get_multi, self.client.delete_multi),
        ):
            self.assertEqual(set_many(values, noreply=False), [])
            self.assertEqual(get_many([*values, "none"]), values)
            found = self.client.gets_many([*values, "none"])
            self.assertEqual({key: value for key, (value, _) in found.items()}, values)
            self.assertEqual(len({cas for _, cas in found.values()}), len(values))
            self.assertTrue(delete_many(list(values), noreply=False))
            self.assertEqual(get_many(list(values)), {})

    def test_without_replies(self) -> None:
        """Each leaves nothing on the wire: the get after it must see its own answer."""
        client = self.client
        client.set("key", "5", noreply=True)
        self.assertEqual(client.get("key"), b"5")
        client.add("key", "6", noreply=True)
        client.replace("key", "7", noreply=True)
        client.append("key", "0", noreply=True)
        client.prepend("key", "1", noreply=True)
        self.assertEqual(client.get("key"), b"170")
        client.incr("key", 5, noreply=True)
        client.decr("key", 3, noreply=True)
        client.touch("key", 100, noreply=True)
        value, cas = client.gets("key")
        self.assertEqual(value, b"172")
        client.cas("key", "8", cas, noreply=True)
        self.assertEqual(client.get("key"), b"8")
        client.set_many({"a": "1", "b": "2"}, noreply=True)
        client.delete("a", noreply=True)
        client.delete_many(["key", "none"], noreply=True)
        self.assertEqual(client.get_many(["a", "b", "key"]), {"b": b"2"})
        client.flush_all(noreply=True)
        self.assertIsNone(client.get("b"))

    def test_flush_all(self) -> None:
        self.client.set("key", "value", noreply=False)
        self.assertTrue(self.client.flush_all(delay=1000, noreply=False))
        self.assertEqual(self.client.get("key"), b"value")
        self.assertTrue(self.client.flush_all(noreply=False))
        self.assertIsNone(self.client.get("key"))

    def test_stats_have_the_types_that_the_client_knows(self) -> None:
        stats = self.client.stats()
        self.assertEqual(stats[b"pid"], self.server.pid)
        self.assertIsInstance(stats[b"rusage_user"], float)
        settings = self.client.stats("settings")
        self.assertEqual(settings[b"maxconns"], 1024)
        self.assertIsInstance(settings[b"growth_factor"], float)
        self.assertEqual(settings[b"cas_enabled"], b"yes")
        self.assertEqual(settings[b"evictions"], b"on")
        for kind in ("items", "slabs", "sizes"):
            self.assertIsInstance(self.client.stats(kind), dict)

    @differs_with_router("stats conns")
    def test_stats_of_connections(self) -> None:
        self.assertIsInstance(self.client.stats("conns"), dict)

    @differs_with_router("stats")
    def test_stats_of_the_hash_table_have_their_types(self) -> None:
        self.assertIsInstance(self.client.stats()[b"hash_is_expanding"], bool)

    def test_version(self) -> None:
        self.assertRegex(self.client.version().decode(), r"^1\.6\.\d+")

    def test_quit_and_come_back(self) -> None:
        self.client.set("key", "value", noreply=False)
        self.client.quit()
        self.assertEqual(self.client.get("key"), b"value")

    def test_too_large_a_value_is_the_servers_error(self) -> None:
        with self.assertRaises(pymemcache.exceptions.MemcacheServerError):
            self.client.set("key", b"x" * (2 << 20), noreply=False)
        self.client.set("key", "value", noreply=False)
        self.assertEqual(self.client.get("key"), b"value")

    def test_a_key_of_250_bytes_and_unicode_keys(self) -> None:
        for key in ("k" * 250, "schlüssel", "ключ", "鍵"):
            self.assertTrue(self.client.set(key, key.encode(), noreply=False))
            self.assertEqual(self.client.get(key), key.encode())


class ClientTest(ClientChecks, unittest.TestCase):
    def setUp(self) -> None:
        self.server = start_server(self)
        self.client = pymemcache.Client(
            self.server.address, timeout=30, connect_timeout=30, allow_unicode_keys=True
        )
        self.addCleanup(self.client.close)

    @differs_with_router("cache_memlimit")
    def test_cache_memlimit(self) -> None:
        self.assertTrue(self.client.cache_memlimit(128))
        self.assertEqual(self.client.stats("settings")[b"maxbytes"], 128 << 20)
        self.assertEqual(self.client.stats()[b"limit_maxbytes"], 128 << 20)

    def test_key_prefix(self) -> None:
        prefixed = pymemcache.Client(self.server.address, key_prefix=b"prefix:", timeout=30)
        self.addCleanup(prefixed.close)
        prefixed.set("key", "value", noreply=False)
        self.assertEqual(self.client.get("prefix:key"), b"value")
        self.assertEqual(prefixed.get_many(["key"]), {"key": b"value"})

    def test_objects_and_their_flags(self) -> None:
        client = pymemcache.Client(
            self.server.address, serde=pymemcache.serde.pickle_serde, timeout=30
        )
        self.addCleanup(client.close)
        for value in ("text", 42, {"a": [1, 2.5, None]}, b"bytes"):
            client.set("key", value, noreply=False)
            self.assertEqual(client.get("key"), value)

    def test_shutdown_is_refused_unless_enabled(self) -> None:
        with self.assertRaises(pymemcache.exceptions.MemcacheError):
            self.client._misc_cmd([b"shutdown\r\n"], b"shutdown", False)
        self.assertTrue(self.server.is_running())


class PooledClientTest(ClientChecks, unittest.TestCase):
    def setUp(self) -> None:
        self.server = start_server(self)
        self.client = pymemcache.PooledClient(
            self.server.address,
            timeout=30,
            connect_timeout=30,
            max_pool_size=8,
            allow_unicode_keys=True,
        )
        self.addCleanup(self.client.close)

    def test_many_threads_share_the_pool(self) -> None:
        self.client.set("counter", "0", noreply=False)

        def work(number: int) -> None:
            for _ in range(100):
                self.client.incr("counter", 1, noreply=False)
            self.client.set(f"key{number}", str(number), noreply=False)

        with concurrent.futures.ThreadPoolExecutor(8) as executor:
            list(executor.map(work, range(16)))
        self.assertEqual(self.client.get("counter"), b"1600")
        self.assertEqual(len(self.client.get_many([f"key{n}" for n in range(16)])), 16)


class ShutdownTest(unittest.TestCase):
    def test_shutdown_ends_the_server_when_enabled(self) -> None:
        for graceful in (False, True):
            with ServerProcess("-A") as server:
                client = pymemcache.Client(server.address, timeout=30)
                client.shutdown(graceful=graceful)
                status = server.wait()
                if not IS_MEMCACHED:  # It ends by a signal that it raises.
                    self.assertEqual(status, 0, server.log())
                client.close()


if __name__ == "__main__":
    unittest.main()
