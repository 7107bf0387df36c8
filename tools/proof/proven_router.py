"""A router in front of servers that a check kills, stops and replaces, and the load through it."""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest
from collections.abc import Iterable
from typing import Any

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import RouterProcess, ServerProcess

_LOAD = "tools/proof/proof_load"
_SWEEP = "tools/sweep/sweep"

# That a member has for a reply. Generous, as other programs may have the processors meanwhile.
SERVER_TIMEOUT_MS = 1000
# A request is tried once; the rest is for a machine that does many things.
_REPLY_LIMIT_MS = 2 * SERVER_TIMEOUT_MS
# For what a program does of itself, which takes far less.
_LIMIT_S = 60.0


def rewrite(path: pathlib.Path, text: str) -> None:
    """At once, as a ConfigMap changes."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(text)
    os.replace(unfinished, path)


class Load:
    """The load generator, which is told of phases and says what each was like."""

    def __init__(self, test: unittest.TestCase, port: int, seed: int, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [
                _LOAD,
                f"--port={port}",
                f"--limit-ms={_REPLY_LIMIT_MS}",
                f"--seed={seed}",
                *arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        self.phases: list[dict[str, Any]] = []
        test.addCleanup(self._end)

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise AssertionError(f"the load ended with {self._process.wait()}")
        return json.loads(answer)

    def store_all(self) -> None:
        """Each key once, by its own client."""
        self._ask("rewrite")

    def forget(self) -> None:
        """What was until now is of no phase."""
        self._ask("phase -")

    def phase(self, name: str) -> dict[str, Any]:
        """What the phase was like that ends now."""
        self.phases.append(self._ask(f"phase {name}"))
        return self.phases[-1]

    def table(self) -> str:
        columns = ("seconds", "requests", "hits", "misses", "lost", "errors", "stale", "late")
        columns += ("wrong", "overdue", "p99_ms", "max_ms")
        rows = [("phase", *columns)]
        for phase in self.phases:
            cells = {**phase, "errors": sum(phase["errors"].values())}
            texts = [
                f"{cells[column]:.1f}" if isinstance(cells[column], float) else f"{cells[column]:,}"
                for column in columns
            ]
            rows.append((phase["phase"], *texts))
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = []
        for first, *rest in rows:
            right = (text.rjust(width) for text, width in zip(rest, widths[1:]))
            lines.append("  ".join([first.ljust(widths[0]), *right]))
        return "\n".join(lines)


class ProvenRouter:
    """The servers, the files that say who they are, and the router that follows them."""

    def __init__(
        self, test: unittest.TestCase, servers: int, *arguments: str, route: str = "PoolRoute"
    ) -> None:
        """`route`: the type of a route over one pool."""
        folder = tempfile.TemporaryDirectory(prefix="proven_router_")
        test.addCleanup(folder.cleanup)
        self._test = test
        self._members = pathlib.Path(folder.name, "members")
        self._config = pathlib.Path(folder.name, "router.json")
        self._sizes: list[int] = []
        self._route = route
        self.reloads = 0
        self.servers = [self._start() for _ in range(servers)]
        self._list_members(servers)
        self._write_config()
        self.router = RouterProcess(
            f"--config-file={self._config}",
            "--num-proxies=2",
            f"--server-timeout={SERVER_TIMEOUT_MS}",
            "--discovery-grace=0",
            "-v",
            *arguments,
        )
        test.addCleanup(self.router.kill)

    def _start(self, port: int = 0) -> ServerProcess:
        server = ServerProcess("-m", "64", "-t", "2", port=port)
        self._test.addCleanup(server.kill)
        return server

    def _list_members(self, count: int) -> None:
        rewrite(self._members, "".join(f"{s.host_and_port}\n" for s in self.servers[:count]))

    def _write_config(self) -> None:
        """The same each time, but for a time that makes it another."""
        pool = {"discovery": f"file:{self._members}"}
        pool["server_timeout"] = SERVER_TIMEOUT_MS + self.reloads % 2
        config = {
            "pools": {"default": pool},
            "route": {"type": self._route, "pool": "default", "hash": "ketama"},
        }
        rewrite(self._config, json.dumps(config))

    def _wait_for_log(self, text: str, count: int) -> None:
        """Until the router has written that text so often."""
        deadline = time.monotonic() + _LIMIT_S
        while (found := len(re.findall(text, self.router.log(None)))) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{found} of {count} '{text}':\n{self.router.log()}")
            time.sleep(0.01)

    def reload(self) -> None:
        """Another configuration, which is in use when this returns."""
        self.reloads += 1
        self._write_config()
        self.router.signal(signal.SIGHUP)
        self._wait_for_log("configuration: the new one is in use", self.reloads)

    def scale(self, count: int) -> None:
        """The pool has the first `count` servers when this returns; those that are new to it are
        empty."""
        for number in range(len(self.servers), count):
            self.servers.append(self._start())
        text = f"pool default: {count} members"
        seen = len(re.findall(text, self.router.log(None)))
        self._list_members(count)
        self._wait_for_log(text, seen + 1)

    def replace(self, number: int) -> None:
        """Kills a server and starts an empty one in its place."""
        port = self.servers[number].port
        self.servers[number].kill()
        self.servers[number] = self._start(port)

    def held(self, number: int) -> set[int]:
        """The keys of the load that a server holds."""
        with RawConnection(self.servers[number].address) as connection:
            connection.send(b"lru_crawler metadump all\r\n")
            text = connection.receive_until(b"END\r\n").decode()
        return {int(key) for key in re.findall(r"^key=proof%3A(\d+) ", text, re.MULTILINE)}

    def stats(self) -> dict[str, str]:
        with RawConnection(self.router.address) as connection:
            connection.send(b"stats\r\n")
            lines = connection.receive_until(b"END\r\n").decode().splitlines()
        return {name: value for _, name, value in (line.split(" ", 2) for line in lines[:-1])}

    def wait_until_replayed(self) -> None:
        """Until every member is up and nothing is kept for one that was away."""
        deadline = time.monotonic() + _LIMIT_S
        idle = {"num_servers_down": "0", "spool_members_waiting": "0"}
        while not idle.items() <= (stats := self.stats()).items():
            if time.monotonic() > deadline:
                raise AssertionError(f"there is something left to be replayed: {stats}")
            time.sleep(0.05)

    def wait_until_up(self, keys: Iterable[int]) -> None:
        """Until each worker stores such a key again."""
        key = min(keys)
        deadline = time.monotonic() + _LIMIT_S
        connections = [RawConnection(self.router.address) for _ in range(8)]
        try:
            for connection in connections:
                while connection.ask(b"touch proof:%d 0" % key).startswith(b"SERVER_ERROR"):
                    if time.monotonic() > deadline:
                        raise AssertionError(f"key {key} has no member:\n{self.router.log()}")
                    time.sleep(0.05)
        finally:
            for connection in connections:
                connection.close()

    def sweep(self) -> list[int]:
        """Deletes what lies on the wrong member: keys, foreign, deleted, gone, failed."""
        result = subprocess.run(
            [_SWEEP, f"--servers=file:{self._members}", "--timeout=30", "--rate=1000000"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
        if result.returncode != 0:
            raise AssertionError(f"the sweep ended with {result.returncode}:\n{result.stdout}")
        return [int(cell.replace(",", "")) for cell in result.stdout.splitlines()[-1].split()[1:]]
