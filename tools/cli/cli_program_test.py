"""The program against real servers: every command, its exit status, and what goes where."""

import os
import pathlib
import pty
import random
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess

_PROGRAM = "tools/cli/cli"
_LIMIT_S = 120.0
# A server that is busy with other tests is not to be taken for a dead one.
_PATIENCE = "--timeout=60"

_DONE, _MISS, _USAGE, _REFUSED, _UNREACHABLE, _STREAMS = range(6)


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [_PROGRAM, *arguments], input=stdin, capture_output=True, timeout=_LIMIT_S, check=False
    )


class ProgramTest(unittest.TestCase):
    """With servers, started anew for each test, and words to say what the program is to do."""

    def start_servers(self, count: int) -> list[ServerProcess]:
        servers = [ServerProcess() for _ in range(count)]
        for server in servers:
            self.addCleanup(server.kill)
        self.pool = "--servers=" + ",".join(server.host_and_port for server in servers)
        return servers

    def gives(
        self, out: bytes | str, *arguments: str, stdin: bytes = b"", status: int = _DONE
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs a command that prints `out` and ends with `status`."""
        if isinstance(out, str):
            out = out.encode()
        result = run(*arguments, self.pool, _PATIENCE, stdin=stdin)
        self.assertEqual((result.returncode, result.stdout), (status, out), result.stderr)
        self.assertEqual(status == _DONE, result.stderr == b"", result.stderr)
        return result

    def complains(self, what: str, status: int, *arguments: str, stdin: bytes = b"") -> None:
        """Runs a command that prints nothing but says `what` on standard error."""
        result = self.gives("", *arguments, stdin=stdin, status=status)
        self.assertIn(f"ringcache-cli: {what}", result.stderr.decode())


class KeyCommandsTest(ProgramTest):
    def setUp(self) -> None:
        self.servers = self.start_servers(3)

    def test_values_are_stored_and_read_as_they_are(self) -> None:
        self.gives("", "set", "a", "one")
        self.gives("one", "get", "a")
        self.gives("", "set", "b", stdin=b"two\n")
        self.gives("onetwo\n", "get", "a", "b")
        self.gives("", "set", "empty", "")
        self.gives("", "get", "empty")

    def test_a_missing_key_ends_with_1_and_the_others_are_printed(self) -> None:
        self.gives("", "set", "a", "one")
        result = self.gives("one", "get", "none", "a", status=_MISS)
        self.assertEqual(result.stderr, b"ringcache-cli: none: no such key\n")

    def test_a_megabyte_goes_there_and_back(self) -> None:
        value = random.Random(1).randbytes(1_000_000)
        self.gives("", "set", "large", stdin=value)
        self.gives(value, "get", "large")
        self.complains("big: SERVER_ERROR", _REFUSED, "set", "big", stdin=bytes(1 << 20))

    def test_storing_depends_on_what_is_there(self) -> None:
        self.complains("a: not stored", _MISS, "replace", "a", "0")
        self.complains("a: not stored", _MISS, "append", "a", "0")
        self.gives("", "add", "a", "1")
        self.complains("a: not stored", _MISS, "add", "a", "2")
        self.gives("", "replace", "a", "3")
        self.gives("", "append", "a", "4")
        self.gives("", "prepend", "a", stdin=b"2")
        self.gives("234", "get", "a")

    def test_cas_stores_once(self) -> None:
        self.gives("", "set", "a", "x\ny", "--flags=7")
        line = run("gets", "a", self.pool, _PATIENCE).stdout.decode()
        key, cas, flags, value = line.rstrip("\n").split(" ")
        self.assertEqual((key, flags, value), ("a", "7", "x\\ny"))
        self.gives("", "cas", "a", cas, "z", "--flags=8")
        self.complains("a: the item has changed", _MISS, "cas", "a", cas, "w")
        self.complains("none: no such key", _MISS, "cas", "none", cas, stdin=b"w")
        self.gives("z", "get", "a")

    def test_keys_are_deleted(self) -> None:
        self.gives("", "set", "a", "1")
        self.gives("", "set", "b", "1")
        self.complains("none: no such key", _MISS, "delete", "a", "none", "b")
        self.gives("", "get", "a", "b", status=_MISS)

    def test_numbers_count(self) -> None:
        self.complains("n: no such key", _MISS, "incr", "n")
        self.gives("", "set", "n", "5")
        self.gives("6\n", "incr", "n")
        self.gives("16\n", "incr", "n", "10")
        self.gives("15\n", "decr", "n")
        self.gives("0\n", "decr", "n", "20")
        self.gives("", "set", "word", "x")
        self.complains("word: CLIENT_ERROR", _REFUSED, "incr", "word")

    def time_to_live(self, key: bytes) -> int:
        """What the server says, -1 for ever."""
        for server in self.servers:
            with RawConnection(server.address) as connection:
                reply = connection.ask(b"mg " + key + b" t")
                if reply.startswith(b"HD t"):
                    return int(reply[4:])
        raise AssertionError(f"no server has {key!r}")

    def test_times_to_live_are_seconds_however_long(self) -> None:
        self.gives("", "set", "a", "1", "--ttl=1000")
        self.assertIn(self.time_to_live(b"a"), range(900, 1001))
        # Above 30 days the protocol would take it for a date in 1970.
        self.gives("", "set", "a", "1", "--ttl=5000000")
        self.assertIn(self.time_to_live(b"a"), range(4_999_900, 5_000_002))
        self.gives("", "touch", "a", "2000")
        self.assertIn(self.time_to_live(b"a"), range(1900, 2001))
        self.gives("", "touch", "a", "0")
        self.assertEqual(self.time_to_live(b"a"), -1)
        self.complains("none: no such key", _MISS, "touch", "none", "5")

    def test_keys_that_cannot_be_are_usage_errors(self) -> None:
        self.complains('the key "a b" has a space', _USAGE, "get", "a b")
        self.complains("the key has 251 bytes", _USAGE, "set", "k" * 251, "v")

    def test_a_terminal_gets_a_newline(self) -> None:
        self.gives("", "set", "a", "one")
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        with open(theirs, "wb") as terminal:
            command = [_PROGRAM, "get", "a", self.pool, _PATIENCE]
            subprocess.run(command, stdout=terminal, timeout=_LIMIT_S, check=True)
            self.assertEqual(os.read(ours, 100), b"one\r\n")

    def test_output_that_cannot_be_written_ends_with_5(self) -> None:
        self.gives("", "set", "a", "one")
        with open("/dev/full", "wb") as full:
            result = subprocess.run(
                [_PROGRAM, "get", "a", self.pool, _PATIENCE],
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=_LIMIT_S,
                check=False,
            )
        self.assertEqual(result.returncode, _STREAMS)
        self.assertIn(b"standard output cannot be written", result.stderr)


class BulkTest(ProgramTest):
    def setUp(self) -> None:
        self.start_servers(3)

    def test_what_get_prints_set_reads(self) -> None:
        values = {f"key:{i}": f"value {i}\n\\ tail\r" for i in range(2000)}
        values["empty"] = ""
        escapes = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})
        lines = "".join(f"{k} {v.translate(escapes)}\n" for k, v in values.items()).encode()
        keys = "\n".join(values).encode()
        self.gives("", "set", "-", stdin=lines)
        self.gives(values["key:7"], "get", "key:7")
        found = self.gives(lines, "get", "-", stdin=keys).stdout
        self.gives("", "delete", "-", stdin=keys)
        missing = self.gives("", "get", "-", stdin=keys, status=_MISS)
        self.assertIn(b"and 1981 more of this kind", missing.stderr)
        self.gives("", "add", "-", stdin=found)
        self.gives(lines, "get", "-", stdin=keys)

    def test_lines_of_one_key_are_done_in_their_order(self) -> None:
        lines = b"".join(b"log %d,\n" % i for i in range(600))
        self.gives("", "set", "log", "")
        self.gives("", "append", "-", stdin=lines)
        self.gives("".join(f"{i}," for i in range(600)), "get", "log")

    def test_numbers_are_printed_with_their_keys(self) -> None:
        self.gives("", "set", "-", stdin=b"a 1\nb 2\n")
        self.gives("a 11\nb 12\n", "incr", "-", "10", stdin=b"a\nb\n")
        self.gives("", "touch", "-", "60", stdin=b"a\nb\n")

    def test_lines_that_cannot_be_read_are_told_and_left_out(self) -> None:
        result = self.gives("", "set", "-", stdin=b"a 1\nb\nc \\x\nd 4", status=_USAGE)
        self.assertIn(b"line 2: there is no value", result.stderr)
        self.assertIn(b"line 3: '\\x' in a value stands for nothing", result.stderr)
        self.gives("14", "get", "a", "d")

    def test_no_lines_are_nothing_to_do(self) -> None:
        self.gives("", "set", "-")
        self.gives("", "get", "-")


class PoolCommandsTest(ProgramTest):
    def setUp(self) -> None:
        self.servers = self.start_servers(3)

    def rows(self, *arguments: str, status: int = _DONE) -> list[list[str]]:
        """The cells of the table that a command prints, without its heading."""
        result = run(*arguments, self.pool, _PATIENCE)
        self.assertEqual(result.returncode, status, result.stderr)
        return [line.split() for line in result.stdout.decode().splitlines()[1:]]

    def test_stats_has_a_row_for_each_server_and_a_total(self) -> None:
        self.gives("", "set", "-", stdin=b"".join(b"k%d v\n" % i for i in range(100)))
        rows = self.rows("stats")
        self.assertEqual(
            sorted(row[0] for row in rows), sorted(["total", *self.names()])
        )
        self.assertEqual(rows[-1][:2], ["total", "100"])

    def names(self) -> list[str]:
        return [server.host_and_port for server in self.servers]

    def test_every_figure_and_groups_have_a_column_for_each_server(self) -> None:
        every = {row[0]: row[1:] for row in self.rows("stats", "--all")}
        self.assertGreater(len(every), 50)
        pids = {str(server.pid) for server in self.servers}
        self.assertEqual(set(every["pid"]), pids)
        settings = {row[0]: row[1:] for row in self.rows("stats", "settings")}
        self.assertEqual(settings["maxconns"], ["1024"] * 3)
        self.gives("", "stats", "reset")
        self.complains(self.names()[0].split(":")[0], _REFUSED, "stats", "bogus")

    def test_top_ends_after_its_count(self) -> None:
        result = run("top", "--count=2", "--interval=0.01", self.pool, _PATIENCE)
        self.assertEqual((result.returncode, result.stderr), (_DONE, b""))
        tables = result.stdout.decode().split("\n\n")
        self.assertEqual(len(tables), 2)
        for table in tables:
            lines = table.splitlines()
            self.assertEqual(len(lines), 5, table)
            self.assertTrue(lines[0].startswith("member"))
            self.assertTrue(lines[4].startswith("total"))

    def test_top_follows_the_pool(self) -> None:
        first, second, _ = self.names()
        with tempfile.TemporaryDirectory() as folder:
            members = pathlib.Path(folder, "members")
            members.write_text(f"{first}\n")
            command = [_PROGRAM, "top", "--interval=0.01", f"--servers=file:{members}", _PATIENCE]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
                assert program.stdout
                self.assertTrue(program.stdout.readline().startswith(b"member"))
                self.assertTrue(program.stdout.readline().startswith(first.encode()))
                # Closed, which is when it is read anew.
                members.write_text(f"{first}\n{second}\n")
                # Until a table has it; the test's own limit ends what never comes.
                found = any(line.startswith(second.encode()) for line in program.stdout)
                program.kill()
            self.assertTrue(found)

    def test_members_and_versions_are_listed(self) -> None:
        rows = self.rows("members")
        self.assertEqual(sorted(row[0] for row in rows), sorted(self.names()))
        shares = [float(row[3]) for row in rows]
        self.assertAlmostEqual(sum(shares), 100, delta=0.2)
        self.assertEqual({row[5] for row in rows}, {"up"})
        self.assertEqual(sorted(row[0] for row in self.rows("version")), sorted(self.names()))

    def test_keys_are_located_where_they_are(self) -> None:
        keys = [f"key:{i}" for i in range(50)]
        self.gives("", "set", "-", stdin="".join(f"{key} v\n" for key in keys).encode())
        for owner, second, third, key in self.rows("locate", *keys):
            self.assertEqual(sorted([owner, second.rstrip(","), third]), sorted(self.names()))
            server = self.servers[self.names().index(owner)]
            with RawConnection(server.address) as connection:
                self.assertIsNotNone(connection.fetch(key.encode()), key)
        self.assertEqual(len(self.rows("locate", "a", "--owners=1")[0]), 2)
        located = run("locate", "{user:7}:name", "--hash-tag={}", self.pool).stdout.decode()
        self.assertIn("hashed as 'user:7'", located)

    def test_flush_empties_every_server(self) -> None:
        keys = b"".join(b"k%d\n" % i for i in range(30))
        self.gives("", "set", "-", stdin=keys.replace(b"\n", b" v\n"))
        self.gives("", "flush", "1000")
        self.gives(keys.replace(b"\n", b" v\n"), "get", "-", stdin=keys)
        self.gives("", "flush")
        self.gives("", "get", "-", stdin=keys, status=_MISS)


class TroubleTest(ProgramTest):
    def setUp(self) -> None:
        self.servers = self.start_servers(2)
        self.gives("", "set", "-", stdin=b"".join(b"k%d v\n" % i for i in range(200)))
        keys = [f"k{i}" for i in range(200)]
        located = run("locate", "--owners=1", *keys, self.pool).stdout.decode().splitlines()[1:]
        self.dead, self.alive = self.servers
        owner_of = {key: owner for owner, key in map(str.split, located)}
        self.dead_key = next(k for k in keys if owner_of[k] == self.dead.host_and_port)
        self.alive_key = next(k for k in keys if owner_of[k] == self.alive.host_and_port)
        self.dead.kill()

    def test_a_dead_server_ends_with_4_and_is_named(self) -> None:
        what = f"{self.dead_key}: cannot connect to {self.dead.host_and_port} (is it running?)"
        self.complains(what, _UNREACHABLE, "get", self.dead_key)
        self.complains(what, _UNREACHABLE, "set", self.dead_key, "v")
        self.gives("v", "get", self.dead_key, self.alive_key, status=_UNREACHABLE)

    def test_a_dead_server_may_be_a_miss_or_pass_its_keys_on(self) -> None:
        self.complains("", _MISS, "get", self.dead_key, "--on-dead=miss")
        self.gives("", "set", self.dead_key, "other", "--on-dead=next")
        self.gives("other", "get", self.dead_key, "--on-dead=next")
        self.alive.kill()
        result = self.gives("", "get", "k", "--on-dead=next", status=_UNREACHABLE)
        self.assertIn(b"nor is there an answer of the next members", result.stderr)

    def test_tables_have_dashes_for_a_dead_server(self) -> None:
        for command in ("stats", "members", "version", "flush"):
            result = run(command, self.pool, _PATIENCE)
            self.assertEqual(result.returncode, _UNREACHABLE, command)
            self.assertIn(b"cannot connect to " + self.dead.host_and_port.encode(), result.stderr)
        stats = run("stats", self.pool, _PATIENCE).stdout.decode().splitlines()
        row = next(line for line in stats if line.startswith(self.dead.host_and_port))
        self.assertEqual(set(row.split()[1:]), {"-"})
        self.assertTrue(stats[-1].startswith("total"))
        top = run("top", "--count=1", "--interval=0.01", self.pool, _PATIENCE)
        self.assertEqual(top.returncode, _UNREACHABLE)

    def test_a_server_that_does_not_answer_in_time_is_told(self) -> None:
        # The kernel accepts for it.
        os.kill(self.alive.pid, signal.SIGSTOP)
        result = run("get", "k", f"--servers={self.alive.host_and_port}", "--timeout=0.1")
        self.assertEqual((result.returncode, result.stdout), (_UNREACHABLE, b""))
        self.assertIn(b"did not answer within 100ms", result.stderr)


class OtherServerTest(unittest.TestCase):
    def test_what_is_no_cache_server_is_told(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def greet() -> None:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(b"SSH-2.0-OpenSSH\r\n")
                    connection.recv(100)

            thread = threading.Thread(target=greet)
            thread.start()
            address = f"127.0.0.1:{listener.getsockname()[1]}"
            result = run("get", "k", f"--servers={address}", _PATIENCE)
            thread.join()
        self.assertEqual((result.returncode, result.stdout), (_UNREACHABLE, b""))
        self.assertIn(b"SSH-2.0-OpenSSH", result.stderr)
        self.assertIn(b"(is it a cache server?)", result.stderr)


class AddressesTest(unittest.TestCase):
    def ends(self, status: int, what: str, *arguments: str) -> None:
        result = run(*arguments)
        self.assertEqual((result.returncode, result.stdout), (status, b""), result.stderr)
        self.assertIn(f"ringcache-cli: {what}", result.stderr.decode())

    def test_an_address_that_is_none_ends_with_2(self) -> None:
        self.ends(_USAGE, '--servers: "a:b": "b" is not a port', "get", "k", "--servers=a:b")
        self.ends(_USAGE, "--servers: ", "get", "k", "--servers=ftp+a")
        self.ends(_USAGE, "a command is missing")

    def test_an_address_without_servers_ends_with_4(self) -> None:
        what = "no servers found at file:/nowhere/members: cannot open"
        self.ends(_UNREACHABLE, what, "get", "k", "--servers=file:/nowhere/members")

    def test_a_file_of_members_and_a_unix_socket_are_addresses(self) -> None:
        with tempfile.TemporaryDirectory() as folder, ServerProcess() as server:
            path = f"{folder}/members"
            with open(path, "w") as file:
                file.write(f"# The only one.\n{server.host_and_port}\n")
            servers = f"--servers=file:{path}"
            self.assertEqual(run("set", "a", "1", servers, _PATIENCE).returncode, _DONE)
            self.assertEqual(run("get", "a", servers, _PATIENCE).stdout, b"1")
        self.ends(
            _UNREACHABLE,
            "k: cannot connect to /nowhere/socket (is it running?)",
            "get",
            "k",
            "--servers=/nowhere/socket",
        )

    def test_help_goes_to_standard_output(self) -> None:
        result = run("--help")
        self.assertEqual((result.returncode, result.stderr), (_DONE, b""))
        self.assertIn(b"ringcache-cli get - < keys.txt", result.stdout)


if __name__ == "__main__":
    unittest.main()
