"""The ring's placements against the code of clients: who owns a key, without any server.

libmemcached says which of its servers it would ask; it is called as a library, below pylibmc and
php-memcached. pymemcache's RendezvousHash is Python.
"""

import ctypes
import random
import subprocess
import unittest
from typing import NamedTuple

from tools.clients import installed

rendezvous = installed.python_module("pymemcache.client.rendezvous", "python3-pymemcache")

_PROGRAM = "hashring/placement/placement_dump"
_KEYS = 2000


class Member(NamedTuple):
    host: str
    port: int = 11211
    weight: int = 1


def ranks(
    placement: str, members: list[Member], keys: list[bytes], key_hash: str = "default"
) -> list[list[int]]:
    """The first three slots of each key."""
    lines = [f"placement {placement}", f"key_hash {key_hash}"]
    lines += [f"member {member.host} {member.port} {member.weight}" for member in members]
    lines += [f"key {key.hex()}" for key in keys]
    result = subprocess.run(
        [_PROGRAM],
        input="".join(line + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return [[int(slot) for slot in line.split()] for line in result.stdout.splitlines()]


def owners(*arguments: object, **more: object) -> list[int]:
    return [ranked[0] for ranked in ranks(*arguments, **more)]  # type: ignore[arg-type]


def text_keys(count: int = _KEYS) -> list[bytes]:
    chosen = random.Random(1)
    prefixes = ["", "user:", "session:", "page:/index.html?id="]
    return [f"{chosen.choice(prefixes)}{chosen.getrandbits(40)}".encode() for _ in range(count)]


def byte_keys(count: int = _KEYS) -> list[bytes]:
    """Any bytes, in any length that the protocol allows."""
    chosen = random.Random(2)
    return [chosen.randbytes(chosen.randint(1, 250)) for _ in range(count)]


class Libmemcached:
    """One client of libmemcached with its servers, none of which is ever connected to."""

    _HASH, _KETAMA_WEIGHTED = 2, 16  # of memcached_behavior_t

    # memcached_hash_t, by the ring's names. Debian's library has no hsieh.
    HASHES = {
        "one_at_a_time": 0,
        "md5": 1,
        "crc32": 2,
        "fnv1_64": 3,
        "fnv1a_64": 4,
        "fnv1_32": 5,
        "fnv1a_32": 6,
        "murmur": 8,
        "jenkins": 9,
    }

    def __init__(
        self, members: list[Member], ketama: bool = False, key_hash: str | None = None
    ) -> None:
        try:
            self._library = ctypes.CDLL("libmemcached.so.11")
        except OSError as error:
            raise installed.NotInstalled(f"libmemcached ({error})", "libmemcached11") from error
        self._declare()
        self._client = ctypes.c_void_p(self._library.memcached_create(None))
        if ketama:
            self._set(self._KETAMA_WEIGHTED, 1)
        if key_hash is not None:
            self._set(self._HASH, self.HASHES[key_hash])
        for member in members:
            self._add(member)

    def _declare(self) -> None:
        pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32
        library = self._library
        library.memcached_create.restype = pointer
        library.memcached_behavior_set.argtypes = [pointer, ctypes.c_int, ctypes.c_uint64]
        add = library.memcached_server_add_with_weight
        add.argtypes = [pointer, text, ctypes.c_uint16, number]
        library.memcached_server_add_unix_socket_with_weight.argtypes = [pointer, text, number]
        library.memcached_generate_hash.argtypes = [pointer, text, ctypes.c_size_t]
        library.memcached_generate_hash.restype = number
        library.memcached_free.argtypes = [pointer]

    def _set(self, behavior: int, value: int) -> None:
        if self._library.memcached_behavior_set(self._client, behavior, value) != 0:
            raise AssertionError(f"libmemcached refuses behavior {behavior} = {value}")

    def _add(self, member: Member) -> None:
        host = member.host.encode()
        if member.port == 0:
            add = self._library.memcached_server_add_unix_socket_with_weight
            result = add(self._client, host, member.weight)
        else:
            add = self._library.memcached_server_add_with_weight
            result = add(self._client, host, member.port, member.weight)
        if result != 0:
            raise AssertionError(f"libmemcached refuses {member}")

    def owners(self, keys: list[bytes]) -> list[int]:
        ask = self._library.memcached_generate_hash
        return [ask(self._client, key, len(key)) for key in keys]

    def close(self) -> None:
        self._library.memcached_free(self._client)


def pods(count: int, port: int = 11211) -> list[Member]:
    return [Member(f"cache-{i}.cache.default.svc.cluster.local", port) for i in range(count)]


class LibmemcachedTest(unittest.TestCase):
    def check(
        self,
        placement: str,
        members: list[Member],
        keys: list[bytes],
        key_hash: str | None = None,
    ) -> None:
        client = Libmemcached(members, placement == "ketama", key_hash)
        self.addCleanup(client.close)
        found = owners(placement, members, keys, key_hash=key_hash or "default")
        self.assertEqual(found, client.owners(keys))

    def test_ketama_with_equal_weights(self) -> None:
        # Of 25, 47 or 71 members each gets 156 points instead of 160, by 32-bit floating point; of
        # 31, 41 or 73 it would by 64 bits. Past 80 members libmemcached ends the process.
        for count in [1, 2, 3, 5, 10, 25, 31, 41, 47, 50, 71, 73, 80]:
            with self.subTest(members=count):
                self.check("ketama", pods(count), text_keys(500))

    def test_ketama_with_weights(self) -> None:
        chosen = random.Random(3)
        for count in [1, 2, 3, 8, 30, 80]:
            for most in [3, 100, 1000000]:
                members = [m._replace(weight=chosen.randint(1, most)) for m in pods(count)]
                with self.subTest(members=count, most=most):
                    self.check("ketama", members, text_keys(500))

    def test_ketama_with_other_ports_addresses_and_sockets(self) -> None:
        members = pods(3, 11212) + [
            Member("127.0.0.1"),
            Member("127.0.0.1", 11212),
            Member("::1", 11213),
            Member("/run/memcached/a.sock", 0),
            Member("/run/memcached/b.sock", 0, 5),
        ]
        self.check("ketama", members, text_keys())

    def test_ketama_with_each_key_hash(self) -> None:
        for name in Libmemcached.HASHES:
            with self.subTest(key_hash=name):
                self.check("ketama", pods(5), text_keys(), name)
                self.check("ketama", pods(5), byte_keys(), name)

    def test_modulo_with_each_key_hash(self) -> None:
        self.check("modulo", pods(7), text_keys())
        for name in Libmemcached.HASHES:
            with self.subTest(key_hash=name):
                self.check("modulo", pods(7), text_keys(), name)
                self.check("modulo", pods(1000), byte_keys(), name)


class PymemcacheTest(unittest.TestCase):
    def check(self, members: list[Member], keys: list[bytes]) -> None:
        nodes = [f"{m.host}:{m.port}" if m.port else m.host for m in members]
        hasher = rendezvous.RendezvousHash(list(nodes))
        for key, ranked in zip(keys, ranks("rendezvous", members, keys), strict=True):
            text = key.decode("ascii")
            # The dead are removed and the key is placed again, as HashClient does it.
            for slot in ranked:
                self.assertEqual(hasher.get_node(text), nodes[slot], text)
                hasher.remove_node(nodes[slot])
            for slot in ranked:
                hasher.add_node(nodes[slot])

    def test_rendezvous(self) -> None:
        for count in [1, 2, 3, 4, 7, 30]:
            with self.subTest(members=count):
                self.check(pods(count), text_keys(300))

    def test_rendezvous_with_names_of_every_length(self) -> None:
        # The part before the key ends at each place within a word of the hash.
        members = [Member("h" * length, port) for length in range(1, 9) for port in (1, 11211)]
        members += [Member("/run/memcached/a.sock", 0), Member("::1", 11211)]
        self.check(members, text_keys(300))
        self.check(members, [b"k" * length for length in range(1, 60)])


if __name__ == "__main__":
    unittest.main()
