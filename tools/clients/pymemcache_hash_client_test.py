"""pymemcache's HashClient over three servers, as the tutorial uses it: with pooled connections."""

import collections
import concurrent.futures
import unittest

from tools.clients import installed
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import new_server, start_server

pymemcache = installed.python_module("pymemcache", "python3-pymemcache")

_KEYS = [f"user:{number}" for number in range(3000)]


class HashClient(unittest.TestCase):
    def setUp(self) -> None:
        self.servers = [start_server(self) for _ in range(2)]
        # Ended by the tests themselves.
        self.third = new_server()
        self.addCleanup(self.third.kill)
        self.servers.append(self.third)
        self.client = self.new_client()

    def new_client(self, **arguments: object) -> "pymemcache.HashClient":
        client = pymemcache.HashClient(
            [server.address for server in self.servers],
            use_pooling=True,
            timeout=30,
            connect_timeout=30,
            **arguments,
        )
        self.addCleanup(client.close)
        return client

    def owners(self) -> dict[str, int]:
        """Which server has each key, asked of the servers themselves."""
        found: dict[str, int] = {}
        for index, server in enumerate(self.servers):
            if not server.is_running():
                continue
            with RawConnection(server.address) as connection:
                for key in _KEYS:
                    if connection.fetch(key.encode()) is not None:
                        self.assertNotIn(key, found)
                        found[key] = index
        return found

    def test_keys_are_spread_evenly_and_stay_where_they_are(self) -> None:
        for key in _KEYS:
            self.client.set(key, key)
        for key in _KEYS[:100]:
            self.assertEqual(self.client.get(key), key.encode())
        owners = self.owners()
        counts = collections.Counter(owners.values())
        self.assertEqual(sum(counts.values()), len(_KEYS))
        for index in range(3):
            self.assertGreater(counts[index], len(_KEYS) * 0.28, counts)
        # Another client, told the servers in the same order, goes to the same ones.
        self.assertEqual(len(self.new_client().get_many(_KEYS)), len(_KEYS))

    def test_many_at_once(self) -> None:
        values = {key: key.encode() for key in _KEYS}
        self.assertEqual(self.client.set_many(values, noreply=False), [])
        self.assertEqual(self.client.get_many(_KEYS), values)
        found = self.client.gets_many(_KEYS[:50])
        self.assertEqual(len(found), 50)
        self.assertTrue(self.client.delete_many(_KEYS, noreply=False))
        self.assertEqual(self.client.get_many(_KEYS), {})

    def test_every_other_command(self) -> None:
        client = self.client
        for key in _KEYS[:30]:
            self.assertTrue(client.add(key, "1", noreply=False))
            self.assertTrue(client.replace(key, "2", noreply=False))
            self.assertTrue(client.append(key, "3", noreply=False))
            self.assertTrue(client.prepend(key, "1", noreply=False))
            self.assertEqual(client.incr(key, 1, noreply=False), 124)
            self.assertEqual(client.decr(key, 24, noreply=False), 100)
            self.assertTrue(client.touch(key, 100, noreply=False))
            value, cas = client.gets(key)
            self.assertEqual(value, b"100")
            self.assertTrue(client.cas(key, "x", cas, noreply=False))
            self.assertTrue(client.delete(key, noreply=False))
        client.set("key", "value", noreply=False)
        client.flush_all(noreply=False)
        self.assertIsNone(client.get("key"))

    def test_threads_share_it(self) -> None:
        def work(number: int) -> int:
            for key in _KEYS[number::16]:
                self.client.set(key, key, noreply=False)
            found = self.client.get_many(_KEYS[number::16])
            return sum(value.decode() == key for key, value in found.items())

        with concurrent.futures.ThreadPoolExecutor(16) as executor:
            self.assertEqual(sum(executor.map(work, range(16))), len(_KEYS))

    def test_one_server_down_costs_only_its_keys(self) -> None:
        """Its keys go to the others, once the client has given it up; the rest stays."""
        self.client.set_many({key: key for key in _KEYS}, noreply=False)
        owners = self.owners()
        self.third.stop()
        client = self.new_client(ignore_exc=True, retry_attempts=0, dead_timeout=600)
        found = {key for key in _KEYS if client.get(key) is not None}
        self.assertEqual(found, {key for key, owner in owners.items() if owner != 2})
        for key in _KEYS:
            client.set(key, "again", noreply=False)
        self.assertEqual(len(client.get_many(_KEYS)), len(_KEYS))

    def test_a_server_that_comes_back_is_used_again(self) -> None:
        client = self.new_client(ignore_exc=True, retry_attempts=0, dead_timeout=0)
        port = self.third.port
        self.third.stop()
        for key in _KEYS[:60]:
            client.get(key)
        self.servers[2] = self.third = new_server(port=port)
        self.addCleanup(self.third.kill)
        for key in _KEYS:
            client.set(key, key, noreply=False)
        self.assertGreater(collections.Counter(self.owners().values())[2], len(_KEYS) * 0.28)
        client.close()
        self.third.stop()


if __name__ == "__main__":
    unittest.main()
