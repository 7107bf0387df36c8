"""The program against real servers, ours and memcached: what is deleted and what stays."""

import base64
import pathlib
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess

_SWEEP = "tools/sweep/sweep"
_CLI = "tools/cli/cli"
_MEMCACHED = "/usr/bin/memcached"
_LIMIT_S = 120.0
# A server that is busy with other tests is not to be taken for a dead one.
_PATIENCE = "--timeout=60"

_DONE, _FOREIGN, _USAGE, _REFUSED, _UNREACHABLE, _UNSURE = range(6)


def pool_of(servers: list[ServerProcess]) -> str:
    return "--servers=" + ",".join(server.host_and_port for server in servers)


def dump(server: ServerProcess) -> set[bytes]:
    """The keys that the server holds, decoded by Python's own means."""
    with RawConnection(server.address) as connection:
        connection.send(b"lru_crawler metadump all\r\n")
        lines = connection.receive_until(b"END\r\n").splitlines()
    words = [line.split()[0] for line in lines if line.startswith(b"key=")]
    return {urllib.parse.unquote_to_bytes(word[4:]) for word in words}


class SweepTest(unittest.TestCase):
    """With servers, and words to say what lies on them and what is swept."""

    program: str | None = None

    def start_servers(self, count: int, *arguments: str) -> list[ServerProcess]:
        choice = {"program": self.program} if self.program else {}
        servers = [ServerProcess(*arguments, **choice) for _ in range(count)]
        for server in servers:
            self.addCleanup(server.kill)
        return servers

    def sweep(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [_SWEEP, _PATIENCE, *arguments],
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )

    def sweeps(self, status: int, *arguments: str) -> dict[str, list[int]]:
        """Sweeps, which ends with `status`. The rows of what is printed: keys, foreign, deleted,
        gone, failed."""
        result = self.sweep(*arguments)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.complaints = result.stderr
        self.assertEqual(status in (_DONE, _FOREIGN), not result.stderr, result.stderr)
        rows = [line.split() for line in result.stdout.splitlines()]
        self.assertEqual(rows[0], ["member", "keys", "foreign", "deleted", "gone", "failed"])
        return {row[0]: [int(cell.replace(",", "")) for cell in row[1:]] for row in rows[1:]}

    def cli(self, *arguments: str, stdin: bytes = b"") -> bytes:
        result = subprocess.run(
            [_CLI, _PATIENCE, *arguments],
            input=stdin,
            capture_output=True,
            timeout=_LIMIT_S,
            check=True,
        )
        return result.stdout

    def set_all(self, servers: list[ServerProcess], keys: list[str], value: str) -> None:
        lines = "".join(f"{key} {value}\n" for key in keys).encode()
        self.cli("set", "-", pool_of(servers), stdin=lines)

    def owners(self, servers: list[ServerProcess], keys: list[str], count: int = 1) -> dict:
        """The hosts and ports of the first `count` members for each key."""
        rows = self.cli("locate", f"--owners={count}", pool_of(servers), *keys).decode()
        found = {}
        for row in rows.splitlines()[1:]:
            *members, key = row.split()
            found[key] = [member.rstrip(",") for member in members]
        return found

    def put(self, server: ServerProcess, keys: list[str]) -> None:
        with RawConnection(server.address) as connection:
            for key in keys:
                self.assertEqual(connection.store(key.encode(), b"v"), b"STORED")

    def put_everywhere(self, servers: list[ServerProcess], keys: list[str]) -> None:
        for server in servers:
            self.put(server, keys)


class PoolTest(SweepTest):
    """What holds for any server."""

    def test_after_scaling_out_every_key_is_at_its_owner_only(self) -> None:
        servers = self.start_servers(5)
        keys = [f"user:{i}" for i in range(1000)]
        self.set_all(servers[:3], keys, "old")
        self.set_all(servers, keys, "new")
        copies = sum(len(dump(server)) for server in servers)
        self.assertGreater(copies, len(keys))

        rows = self.sweeps(_DONE, pool_of(servers), "--expect=5")
        self.assertEqual(rows["total"], [copies, copies - 1000, copies - 1000, 0, 0])
        owners = self.owners(servers, keys)
        for server in servers:
            name = server.host_and_port
            self.assertEqual(dump(server), {k.encode() for k in keys if owners[k] == [name]})
        # Back at three members, nothing is read that was overwritten meanwhile.
        for server in servers[:3]:
            with RawConnection(server.address) as connection:
                for key in dump(server):
                    self.assertEqual(connection.fetch(key), b"new")
        self.assertEqual(self.sweeps(_DONE, pool_of(servers))["total"], [1000, 0, 0, 0, 0])

    def test_a_member_that_comes_back_loses_what_is_no_more_its_own(self) -> None:
        servers = self.start_servers(5)
        keys = [f"user:{i}" for i in range(300)]
        self.set_all(servers[2:], keys, "old")
        self.set_all(servers[:3], keys, "new")
        self.sweeps(_DONE, pool_of(servers[:3]))
        kept = dump(servers[2])
        owners = self.owners(servers[:3], keys)
        name = servers[2].host_and_port
        self.assertEqual(kept, {k.encode() for k in keys if owners[k] == [name]})
        with RawConnection(servers[2].address) as connection:
            for key in kept:
                self.assertEqual(connection.fetch(key), b"new")

    def test_a_dry_run_counts_and_deletes_nothing(self) -> None:
        servers = self.start_servers(3)
        keys = [f"k{i}" for i in range(200)]
        self.put_everywhere(servers, keys)
        rows = self.sweeps(_FOREIGN, pool_of(servers), "--dry-run")
        self.assertEqual(rows["total"], [600, 400, 0, 0, 0])
        self.assertEqual([len(dump(server)) for server in servers], [200] * 3)
        self.sweeps(_DONE, pool_of(servers))
        self.assertEqual(self.sweeps(_DONE, pool_of(servers), "--dry-run")["total"][:2], [200, 0])

    def test_replicas_keep_their_copies(self) -> None:
        servers = self.start_servers(4)
        keys = [f"k{i}" for i in range(200)]
        self.put_everywhere(servers, keys)
        rows = self.sweeps(_DONE, pool_of(servers), "--replicas=2")
        self.assertEqual(rows["total"], [800, 400, 400, 0, 0])
        homes = self.owners(servers, keys, count=2)
        for server in servers:
            name = server.host_and_port
            self.assertEqual(dump(server), {k.encode() for k in keys if name in homes[k]})

    def test_keys_of_any_bytes_are_deleted_where_they_are_foreign(self) -> None:
        servers = self.start_servers(3)
        keys = ["100%25", "a+b", "caf\u00e9", "x" * 250, "a/b?c=d&e", "%", "\u00ff" * 60]
        # memcached 1.6.18 takes 250 bytes of base64, which is 186 of the key.
        odd = [b"with a space", b"\x00\x01", b"line\r\nbreak", b"\xff \xfe", b" " * 186]
        self.put_everywhere(servers, keys)
        for server in servers:
            with RawConnection(server.address) as connection:
                for key in odd:
                    spelling = base64.b64encode(key)
                    connection.send(b"ms " + spelling + b" 1 b\r\nv\r\n")
                    self.assertEqual(connection.receive_line(), b"HD")
        total = self.sweeps(_DONE, pool_of(servers))["total"]
        left = [dump(server) for server in servers]
        for key in keys:
            self.assertEqual(sum(key.encode() in held for held in left), 1, key)
        for key in odd:
            # At home by either spelling.
            self.assertIn(sum(key in held for held in left), (1, 2), key)
        self.assertEqual(total[0] - total[2], sum(map(len, left)))

    def test_what_cannot_be_held_at_a_time_is_deleted_in_turns(self) -> None:
        servers = self.start_servers(2)
        keys = [f"k{i}" for i in range(2000)]
        self.put_everywhere(servers, keys)
        rows = self.sweeps(_DONE, pool_of(servers), "--held-bytes=1024", "--rate=1000000")
        self.assertEqual(rows["total"], [4000, 2000, 2000, 0, 0])
        self.assertEqual(sum(len(dump(server)) for server in servers), 2000)

    def test_the_rate_is_kept(self) -> None:
        servers = self.start_servers(2)
        self.put_everywhere(servers, [f"k{i}" for i in range(100)])
        start = time.monotonic()
        self.sweeps(_DONE, pool_of(servers), "--rate=200")
        # 100 foreign keys in all; each member's first goes at once.
        self.assertGreater(time.monotonic() - start, 0.45)


class MemcachedTest(PoolTest):
    program = _MEMCACHED


class TroubleTest(SweepTest):
    def start_slow_sweep(self, servers: list[ServerProcess], pool: str) -> subprocess.Popen[str]:
        """A sweep that has begun to delete, and would take minutes."""
        sweep = subprocess.Popen(
            [_SWEEP, _PATIENCE, pool, "--rate=5"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(sweep.kill)
        counts = [self.items(server) for server in servers]
        while all(self.items(server) >= count for server, count in zip(servers, counts)):
            self.assertIsNone(sweep.poll())
        return sweep

    def items(self, server: ServerProcess) -> int:
        with RawConnection(server.address) as connection:
            return int(connection.statistics()["curr_items"])

    def test_a_member_that_dies_amid_its_deletes_is_told_and_the_others_are_swept(self) -> None:
        servers = self.start_servers(3)
        # The ring's order is that of names; the first to be swept is the one that is to die.
        servers.sort(key=lambda server: server.port)
        keys = [f"k{i}" for i in range(3000)]
        owners = self.owners(servers, keys)
        first = servers[0].host_and_port
        self.put(servers[0], [key for key in keys if owners[key] != [first]])
        foreign = [key for key in keys if owners[key] == [first]][:10]
        self.put(servers[1], foreign)
        sweep = self.start_slow_sweep(servers, pool_of(servers))
        servers[0].kill()
        out, err = sweep.communicate(timeout=_LIMIT_S)
        self.assertEqual(sweep.returncode, _UNREACHABLE, err)
        self.assertIn(f"ringcache-sweep: {first}: ", err)
        rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
        self.assertNotEqual(rows[first][4], "0")
        self.assertEqual(rows[servers[1].host_and_port][1:], ["10", "10", "0", "0"])
        self.assertEqual(dump(servers[1]), set())

    def test_a_member_that_is_down_is_told_and_the_others_are_swept(self) -> None:
        servers = self.start_servers(3)
        self.put_everywhere(servers, [f"k{i}" for i in range(100)])
        servers[1].kill()
        rows = self.sweeps(_UNREACHABLE, pool_of(servers))
        self.assertIn(f"{servers[1].host_and_port}: cannot connect", self.complaints)
        self.assertEqual(rows[servers[1].host_and_port], [0, 0, 0, 0, 0])
        self.assertGreater(rows[servers[0].host_and_port][2], 0)
        self.assertGreater(rows[servers[2].host_and_port][2], 0)

    def test_when_the_members_change_no_more_is_deleted(self) -> None:
        servers = self.start_servers(3)
        keys = [f"k{i}" for i in range(3000)]
        self.put_everywhere(servers, keys)
        with tempfile.TemporaryDirectory() as folder:
            members = pathlib.Path(folder, "members")
            members.write_text("".join(f"{s.host_and_port}\n" for s in servers[:2]))
            sweep = self.start_slow_sweep(servers[:2], f"--servers=file:{members}")
            members.write_text("".join(f"{s.host_and_port}\n" for s in servers))
            out, err = sweep.communicate(timeout=_LIMIT_S)
        self.assertEqual(sweep.returncode, _UNSURE, err)
        self.assertIn("the pool's members changed meanwhile", err)
        total = out.splitlines()[-1].split()
        self.assertEqual(self.items(servers[0]) + self.items(servers[1]), 6000 - int(total[3]))

    def test_two_names_of_one_server_are_noticed_before_anything_is_deleted(self) -> None:
        servers = self.start_servers(2)
        keys = [f"k{i}" for i in range(100)]
        self.put_everywhere(servers, keys)
        pool = pool_of(servers) + f",localhost:{servers[0].port}"
        result = self.sweep(pool)
        self.assertEqual((result.returncode, result.stdout), (_UNSURE, ""))
        self.assertIn("are one server", result.stderr)
        self.assertEqual([len(dump(server)) for server in servers], [100, 100])

    def test_another_number_of_members_than_expected_ends_it(self) -> None:
        servers = self.start_servers(2)
        self.put_everywhere(servers, ["a", "b", "c"])
        result = self.sweep(pool_of(servers), "--expect=3")
        self.assertEqual((result.returncode, result.stdout), (_UNSURE, ""))
        self.assertIn("the pool has 2 members, not 3; nothing was deleted", result.stderr)
        self.assertEqual([len(dump(server)) for server in servers], [3, 3])

    def test_a_server_that_does_not_tell_its_keys_is_told(self) -> None:
        servers = self.start_servers(2, "-X")
        self.sweeps(_REFUSED, pool_of(servers))
        self.assertIn('answers "ERROR metadump not allowed"', self.complaints)

    def test_wrong_usage_and_a_pool_without_members_are_told(self) -> None:
        result = self.sweep()
        self.assertEqual(result.returncode, _USAGE)
        self.assertIn("ringcache-sweep: --servers is missing", result.stderr)
        result = self.sweep("--servers=file:/nowhere/members")
        self.assertEqual(result.returncode, _UNREACHABLE)
        self.assertIn("no servers found", result.stderr)
        result = self.sweep("--help")
        self.assertEqual((result.returncode, result.stderr), (_DONE, ""))


class ScriptedServer:
    """Knows the sweep's own key, and answers each question for its keys with the next text."""

    def __init__(self, *dumps: bytes) -> None:
        self._dumps = list(dumps)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host_and_port = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()
        except OSError:
            return

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            for line in stream:
                if line.startswith(b"set "):
                    stream.readline()
                    stream.write(b"STORED\r\n")
                elif line.startswith(b"get "):
                    stream.write(b"END\r\n")
                elif line.startswith(b"delete "):
                    stream.write(b"NOT_FOUND\r\n")
                else:
                    stream.write(self._dumps.pop(0))
                    if not self._dumps:
                        stream.flush()
                        return
                stream.flush()

    def close(self) -> None:
        self._listener.close()


class DumpTest(SweepTest):
    def report(self, status: int, *dumps: bytes) -> list[int]:
        """The row of a server with these dumps, of which the last one ends the connection."""
        server = ScriptedServer(*dumps)
        self.addCleanup(server.close)
        return self.sweeps(status, f"--servers={server.host_and_port}")["total"]

    def test_a_server_that_is_busy_is_asked_again(self) -> None:
        busy = b"BUSY currently processing crawler request\r\n"
        keys = b"key=a exp=-1\nkey=b exp=-1\nEND\r\n"
        self.assertEqual(self.report(_DONE, busy, busy, keys, b""), [2, 0, 0, 0, 0])

    def test_an_empty_server_has_no_keys(self) -> None:
        self.assertEqual(self.report(_DONE, b"NOTSTARTED no items to crawl\r\n", b"")[0], 0)

    def test_a_dump_that_breaks_off_is_told(self) -> None:
        self.report(_UNREACHABLE, b"OK\r\nkey=a exp=-1\nkey=b ex")
        self.assertIn("closed the connection before it had told all its keys", self.complaints)

    def test_what_is_no_dump_is_told(self) -> None:
        self.report(_REFUSED, b"ERROR\r\n", b"")
        self.assertIn('it does not tell its keys, but answers "ERROR"', self.complaints)
        self.report(_REFUSED, b"key=%zz exp=-1\nEND\r\n", b"")
        self.assertIn('answers "key=%zz exp=-1"', self.complaints)
        self.report(_REFUSED, b"k" * 5000, b"")
        self.assertIn('answers "kkkk', self.complaints)


del SweepTest  # Has no test of its own.

if __name__ == "__main__":
    unittest.main()
