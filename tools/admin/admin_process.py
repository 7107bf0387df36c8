"""Starts a program with an admin interface on free ports: a server, a router with its servers, a
sidecar with the memcached beside it, or the made-up one of fake_admin. The environment variable
ADMIN_PROGRAM says which.
"""

import os
import pathlib
import re
import socket
import time
import unittest

from tools.clients.server_process import (
    START_LIMIT_S,
    RoutedServers,
    RouterProcess,
    ServerProcess,
)

KIND = os.environ.get("ADMIN_PROGRAM", "fake")
IS_FAKE = KIND == "fake"
IS_ROUTER = KIND == "router"
IS_SIDECAR = KIND == "sidecar"

_FAKE = "tools/admin/fake_admin"
_SIDECAR = "admin/sidecar/sidecar"
_MEMCACHED = "/usr/bin/memcached"
# Whether it knows a ring; a sidecar that is not told of one says what to do.
KNOWS_RING = not IS_SIDECAR
# Whose ring a server is told of; nobody need answer there.
_POOL = "--discovery=127.0.0.1:1,127.0.0.1:2,127.0.0.1:3"


def _new_process(arguments: tuple[str, ...]) -> ServerProcess:
    if IS_FAKE:
        return ServerProcess(*arguments, program=_FAKE)
    if IS_SIDECAR:
        return _Sidecar(*arguments)
    if not IS_ROUTER:
        return ServerProcess(_POOL, *arguments)
    return _RoutedAdmin(*arguments)


class _RoutedAdmin(RoutedServers):
    """Whose arguments are the router's; the servers have no admin interface."""

    def __init__(self, *arguments: str) -> None:
        off = ("--admin-port=off", "--metrics-port=off")
        self.servers = [ServerProcess(*off) for _ in range(3)]
        names = ",".join(server.host_and_port for server in self.servers)
        RouterProcess.__init__(self, f"--servers={names}", *arguments)


class _Sidecar(ServerProcess):
    """Beside a stock memcached, which is who has the items."""

    def __init__(self, *arguments: str) -> None:
        self._memcached = ServerProcess(program=_MEMCACHED)
        beside = f"--memcached={self._memcached.host_and_port}"
        super().__init__(beside, *arguments, program=_SIDECAR)

    def _command(self, port: int) -> list[str]:
        return [self._program]

    def _wait_for_port(self, port_file: pathlib.Path) -> int:
        return self._memcached.port

    def kill(self) -> None:
        super().kill()
        self._memcached.kill()


def address_of(process: ServerProcess, what: str) -> str:
    """What the log says of where something is served; it may say so after the port is open."""
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until:
        found = re.search(rf"(?<!\S){what} on (127\.0\.0\.1:\d+)", process.log(None))
        if found:
            return found[1]
        time.sleep(0.001)
    raise AssertionError(f"the log does not say where {what} is:\n{process.log()}")


class AdminProcess:
    """One running program; it ends with the test, which fails if it does not end well."""

    def __init__(self, test: unittest.TestCase, *arguments: str, ends_itself: bool = False) -> None:
        ports = [
            f"--{name}-port=0"
            for name in ("admin", "metrics")
            if not any(argument.startswith(f"--{name}-port=") for argument in arguments)
        ]
        self.process = _new_process(("--admin-listen=127.0.0.1", *ports, *arguments))
        test.addCleanup(self.process.kill if ends_itself else self.process.stop)

    @property
    def grpc_address(self) -> str:
        return address_of(self.process, "gRPC")

    @property
    def metrics_address(self) -> str:
        return address_of(self.process, "/metrics")

    def serve_somebody(self) -> None:
        """Sets and gets a key, so that there is something to tell."""
        if IS_FAKE:
            return
        with socket.create_connection(self.process.address, START_LIMIT_S) as client:
            client.sendall(b"set key 0 0 5\r\nvalue\r\nget key\r\n")
            reply = b""
            while not reply.endswith(b"END\r\n"):
                part = client.recv(4096)
                assert part, f"the connection was closed after {reply!r}"
                reply += part
