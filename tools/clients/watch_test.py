"""`watch`: the lines that memcached writes, side by side; and the log that SIGHUP and -vv write."""

import json
import os
import re
import signal
import time
import unittest

from tools.clients import installed
from tools.clients.raw_connection import WAIT_LIMIT_S, RawConnection
from tools.clients.server_process import ServerProcess, not_with_memcached, start_server

# Sent one by one, each followed by `mn`.
_COMMANDS = (
    b"get a\r\n",
    b"set a 0 0 1\r\nx\r\n",
    b"get a b\r\n",
    b"gets a\r\n",
    b"gat 100 a\r\n",
    b"set a 5 50 1\r\nx\r\n",
    b"add a 0 0 1\r\nx\r\n",
    b"replace q 0 0 1\r\nx\r\n",
    b"append q 0 0 1\r\nx\r\n",
    b"append a 0 0 1\r\nx\r\n",
    b"prepend a 0 0 1\r\nx\r\n",
    b"cas a 0 0 1 9999\r\nx\r\n",
    b"cas q 0 0 1 9999\r\nx\r\n",
    b"set n 0 0 2\r\n10\r\n",
    b"incr n 1\r\n",
    b"decr n 1\r\n",
    b"incr q 1\r\n",
    b"touch n 0\r\n",
    b"touch q 0\r\n",
    b"mg n v\r\n",
    b"mg q v\r\n",
    b"ms m 2 T30\r\nab\r\n",
    b"ms m 2 ME\r\nab\r\n",
    b"ms m 2 MA\r\nab\r\n",
    b"ms m 2 C9999999\r\nab\r\n",
    b"md m\r\n",
    b"delete n\r\n",
    b"delete n\r\n",
    b"set k%y\xc3\xa9/.-_~!*()'\" 0 0 1\r\nx\r\n",
    b"ms Zm9vIGJhcg== 1 b\r\nx\r\n",
)


def _watch(server: ServerProcess, streams: bytes) -> RawConnection:
    watcher = RawConnection(server.address)
    if watcher.ask(b"watch " + streams) != b"OK":
        raise AssertionError("no watcher")
    return watcher


def _comparable(line: str) -> str:
    """The line without what is each server's own: time, descriptors, ids of size classes."""
    line = re.sub(r"^ts=\d+\.\d+ gid=\d+ ", "", line)
    line = re.sub(r"cfd=\d+", "cfd=n", line)
    line = re.sub(r"rport=\d+", "rport=n", line)
    return re.sub(r"clsid=[1-9]\d*", "clsid=n", line)


def _lines_until(watcher: RawConnection, last: str) -> list[str]:
    """Comparable lines, until one contains `last`."""
    lines: list[str] = []
    while not lines or last not in lines[-1]:
        lines.append(_comparable(watcher.receive_until(b"\n")[:-1].decode()))
    return lines


def _lines_of_commands(server: ServerProcess) -> list[str]:
    with _watch(server, b"fetchers mutations") as watcher, RawConnection(server.address) as client:
        for command in _COMMANDS:
            client.send(command + b"mn\r\n")
            client.receive_until(b"MN\r\n")
        client.send(b"get the_last\r\n")
        return _lines_until(watcher, "key=the_last")


class Watch(unittest.TestCase):
    @not_with_memcached("it would be compared with itself")
    def test_fetches_and_mutations_are_shown_as_memcached_shows_them(self) -> None:
        memcached = installed.program("memcached", "memcached")
        with ServerProcess("-t", "1") as ours, ServerProcess("-t", "1", program=memcached) as other:
            self.assertEqual(_lines_of_commands(ours), _lines_of_commands(other))

    def test_connections_come_and_go(self) -> None:
        server = start_server(self, "-t", "1")
        with _watch(server, b"connevents") as watcher:
            RawConnection(server.address).close()
            lines = _lines_until(watcher, "conn_close")
        self.assertEqual(
            lines,
            [
                "type=conn_new rip=127.0.0.1 rport=n transport=tcp cfd=n",
                "type=conn_close rip=127.0.0.1 rport=n transport=tcp reason=normal cfd=n",
            ],
        )

    def test_evictions_are_shown(self) -> None:
        server = start_server(self, "-m", "8", "-t", "1")
        with _watch(server, b"evictions") as watcher, RawConnection(server.address) as client:
            for number in range(400):
                self.assertEqual(client.store(b"key%d" % number, bytes(100_000)), b"STORED")
            line = _comparable(watcher.receive_until(b"\n").decode())
        self.assertRegex(
            line, r"^type=eviction key=key\d+ fetch=no ttl=-1 la=\d+ clsid=n size=100000\n$"
        )

    def test_a_watcher_that_reads_nothing_stops_nobody(self) -> None:
        server = start_server(self)
        watcher = RawConnection(server.address, receive_buffer_bytes=4096)
        self.addCleanup(watcher.close)
        self.assertEqual(watcher.ask(b"watch fetchers"), b"OK")
        burst = b"get " + b" ".join(b"some_rather_long_key_%04d" % i for i in range(50)) + b"\r\n"
        deadline = time.monotonic() + WAIT_LIMIT_S
        with RawConnection(server.address) as client:
            while int(client.statistics()["log_watcher_skipped"]) == 0:
                self.assertLess(time.monotonic(), deadline, "nothing was skipped")
                client.send(burst * 100)
                for _ in range(100):
                    client.receive_until(b"END\r\n")

    def test_watchers_are_counted_and_forgotten(self) -> None:
        server = start_server(self)
        with RawConnection(server.address) as client:
            with _watch(server, b"fetchers"), _watch(server, b"mutations"):
                self.assertEqual(client.statistics()["log_watchers"], "2")
            deadline = time.monotonic() + WAIT_LIMIT_S
            # memcached looks for those who left once in a while, when it has something to say.
            while client.statistics()["log_watchers"] != "0":
                client.ask(b"get a")
                self.assertLess(time.monotonic(), deadline, "watchers are not forgotten")


@not_with_memcached("it logs otherwise")
class LoggedLines(unittest.TestCase):
    def _wait_for(self, server: ServerProcess, pattern: str) -> None:
        deadline = time.monotonic() + WAIT_LIMIT_S
        while not re.search(pattern, server.log(), re.MULTILINE):
            self.assertLess(time.monotonic(), deadline, f"no {pattern!r} in:\n{server.log()}")
            time.sleep(0.01)

    def test_hup_goes_back_to_the_verbosity_of_the_command_line(self) -> None:
        server = start_server(self, "-v")
        with RawConnection(server.address) as client:
            self.assertEqual(client.ask(b"verbosity 3"), b"OK")
            self.assertEqual(client.statistics(b"settings")["verbosity"], "3")
            os.kill(server.pid, signal.SIGHUP)
            self._wait_for(server, r"^\S+Z notice refreshed: verbosity 1$")
            self.assertEqual(client.statistics(b"settings")["verbosity"], "1")

    def test_two_v_show_connections_and_commands(self) -> None:
        server = start_server(self, "-vv")
        with RawConnection(server.address) as client:
            client.ask(b"get some_key")
        self._wait_for(server, r"^\S+Z debug type=conn_new rip=127\.0\.0\.1 ")
        self._wait_for(server, r"^\S+Z debug <\d+ get some_key$")
        self._wait_for(server, r"^\S+Z debug type=conn_close ")

    def test_programs_can_read_the_log(self) -> None:
        server = start_server(self, "--log-format=json", "-v", "-L")
        os.kill(server.pid, signal.SIGHUP)
        self._wait_for(server, "refreshed")
        lines = [json.loads(line) for line in server.log().splitlines()]
        self.assertIn({"level": "notice", "message": "refreshed: verbosity 1"}, [
            {"level": line["level"], "message": line["message"]} for line in lines
        ])
        self.assertTrue(all(set(line) == {"time", "level", "message"} for line in lines))


if __name__ == "__main__":
    unittest.main()
