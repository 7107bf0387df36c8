"""Starts a server program on a free loopback port, watches it, and ends it by its process id.

The program is //server:server, a file in the test's runfiles. The environment variable
CLIENTS_SERVER names another one, such as /usr/bin/memcached, which passes the same checks and so
says whether a failure is the server's or the check's. CLIENTS_ROUTER names a router, such as
router/router: then three servers and that router in front of them take the place of one server.
"""

import ctypes
import mmap
import os
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import time
import unittest
from collections.abc import Callable
from typing import Any

_PROGRAM = os.environ.get("CLIENTS_SERVER", "server/server")
IS_MEMCACHED = os.path.basename(_PROGRAM) == "memcached"
IS_ROUTER = "CLIENTS_ROUTER" in os.environ
_ROUTER = os.environ.get("CLIENTS_ROUTER", "router/router")
# Enough that keys of one request have different owners.
_ROUTED_SERVERS = 3
# As a client that meets a server expects it.
_ROUTER_OPTIONS = ("--enable-flush-cmd",)

# Checks run beside each other: none takes the default ports, unless a later argument says so.
NO_ADMIN = ("--admin-port=off", "--metrics-port=off")

# Long enough for a machine that does many other things; nothing here takes this long by itself.
START_LIMIT_S = 120.0
STOP_LIMIT_S = 120.0

HOST = "127.0.0.1"

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def not_with_memcached(why: str) -> Callable[[Any], Any]:
    """Marks a check that memcached itself is known to fail."""
    return unittest.skipIf(IS_MEMCACHED, f"memcached differs: {why}")


def program() -> str:
    """The path of the program that is checked."""
    return _PROGRAM


def _is_sanitized() -> bool:
    """Whether the program has a sanitizer in it, which multiplies the memory that it uses."""
    if not os.path.exists(_PROGRAM):
        return False
    with open(_PROGRAM, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return any(text.find(name) >= 0 for name in (b"__asan_init", b"__tsan_init"))


_IS_SANITIZED = _is_sanitized()


def check_memory(test: unittest.TestCase, what: str, found_bytes: int, most_bytes: int) -> None:
    """Reports a figure and holds it against its bound."""
    print(f"{what}: {found_bytes / 1024:.1f} KiB (bound: {most_bytes / 1024:.0f})")
    if not _IS_SANITIZED:
        test.assertLess(found_bytes, most_bytes, what)


def allow_many_files() -> int:
    """Raises this process's limit of open files to the hard one. Returns it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def _end_with_parent() -> None:
    """In the child, before exec: if a time limit kills the test, its server goes too."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class ServerProcess:
    """One running server. Use as a context manager, or with start_server() in a test case."""

    def __init__(
        self, *arguments: str, port: int = 0, program: str = _PROGRAM, host: str = HOST
    ) -> None:
        """Starts the program with `arguments` and returns once it listens.

        A `port` other than 0 is for a restart in the place of a server that has ended. Another
        `program` is for a check that holds two against each other. Another `host`, of 127.0.0.0/8,
        is for servers that share a port, as pods do.
        """
        self.host = host
        self._program = program
        self._folder = tempfile.TemporaryDirectory(prefix="server_process_")
        port_file = pathlib.Path(self._folder.name, "port")
        self._log = pathlib.Path(self._folder.name, "log")
        with self._log.open("wb") as log:
            self._started = time.monotonic()
            self._process = subprocess.Popen(
                [*self._command(port), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "MEMCACHED_PORT_FILENAME": str(port_file)},
                preexec_fn=_end_with_parent,
            )
        self.pid = self._process.pid
        try:
            self.port = self._wait_for_port(port_file)
        except BaseException:
            self.kill()
            raise
        self.start_seconds = time.monotonic() - self._started

    def _command(self, port: int) -> list[str]:
        """The program, and what it is told besides the arguments."""
        if os.path.basename(self._program) != "memcached":
            return [self._program, *NO_ADMIN, "-l", self.host, "-p", str(port), "-U", "0"]
        # It takes 0 for "no TCP".
        return [self._program, "-l", self.host, "-p", str(port or -1), "-U", "0", "-u", "root"]

    def _wait_for_port(self, port_file: pathlib.Path) -> int:
        """The port that the server says it listens on."""
        while time.monotonic() < self._started + START_LIMIT_S:
            if self._process.poll() is not None:
                raise AssertionError(
                    f"{self._program} ended with {self._process.returncode}:\n{self.log()}"
                )
            text = port_file.read_text() if port_file.exists() else ""
            found = re.search(r"^TCP INET: (\d+)\n", text)
            if found:
                return int(found[1])
            time.sleep(0.0001)
        raise AssertionError(
            f"{self._program} does not listen after {START_LIMIT_S} s:\n{self.log()}"
        )

    @property
    def address(self) -> tuple[str, int]:
        """For socket.connect()."""
        return (self.host, self.port)

    @property
    def host_and_port(self) -> str:
        """For clients that take a text."""
        return f"{self.host}:{self.port}"

    @property
    def caches(self) -> "list[ServerProcess]":
        """Who has the items."""
        return [self]

    def is_running(self) -> bool:
        return self._process.poll() is None

    def log(self, most: int | None = 8192) -> str:
        """What the server wrote to its standard output and error; the last of it, or all."""
        text = self._log.read_text(errors="replace")
        return text if most is None else text[-most:]

    def _status_bytes(self, name: str) -> int:
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
        assert found, f"/proc/{self.pid}/status has no {name}:\n{text}"
        return int(found[1]) * 1024

    def resident_bytes(self) -> int:
        """Memory that the server occupies now."""
        return self._status_bytes("VmRSS")

    def peak_resident_bytes(self) -> int:
        """The most that it occupied since it started, or since reset_peak()."""
        return self._status_bytes("VmHWM")

    def reset_peak(self) -> int:
        """Starts the peak anew. Returns what is occupied now."""
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self.resident_bytes()

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def terminate(self) -> None:
        """Asks the server to end; wait() says how it did."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self, limit_s: float = STOP_LIMIT_S) -> int:
        """The exit status, once the server has ended."""
        return self._process.wait(limit_s)

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """Ends the server without asking, if it still runs, and forgets its log."""
        if self.is_running():
            self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def end_well(self) -> None:
        """Ends the server and checks that it had been well, and that it ends as it should."""
        if not self.is_running():
            raise AssertionError(f"the server died: {self._process.returncode}\n{self.log()}")
        self.terminate()
        status = self.wait()
        if status != 0:
            raise AssertionError(f"the server ended with {status} after TERM\n{self.log()}")

    def stop(self) -> None:
        """The same, and if it does not end well, it ends all the same."""
        try:
            self.end_well()
        finally:
            self.kill()

    def __enter__(self) -> "ServerProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class RouterProcess(ServerProcess):
    """One running router; its arguments are the router's own. All else is as of a server."""

    def __init__(self, *arguments: str, port: int = 0) -> None:
        super().__init__(*arguments, port=port, program=_ROUTER)

    def _command(self, port: int) -> list[str]:
        return [self._program, "--listen-addresses", self.host, "--port", str(port)]


class RoutedServers(RouterProcess):
    """A router with its servers, which have the arguments of a server."""

    def __init__(self, *arguments: str, port: int = 0) -> None:
        self.servers = [ServerProcess(*arguments) for _ in range(_ROUTED_SERVERS)]
        names = ",".join(server.host_and_port for server in self.servers)
        super().__init__(f"--servers={names}", *_ROUTER_OPTIONS, port=port)

    @property
    def caches(self) -> list[ServerProcess]:
        return self.servers

    def kill(self) -> None:
        super().kill()
        for server in self.servers:
            server.kill()

    def end_well(self) -> None:
        super().end_well()
        for server in self.servers:
            server.end_well()


def new_server(*arguments: str, port: int = 0) -> ServerProcess:
    """What is checked; the caller ends it."""
    return (RoutedServers if IS_ROUTER else ServerProcess)(*arguments, port=port)


def start_server(test: unittest.TestCase, *arguments: str) -> ServerProcess:
    """What is checked. It lives as long as the test, which fails if it does not end well."""
    server = new_server(*arguments)
    test.addCleanup(server.stop)
    return server
