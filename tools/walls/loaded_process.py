"""A loaded program with an admin interface: how it is asked for its health, and what it costs."""

import pathlib

import grpc

from tools.clients import server_process
from tools.walls import admin_flood

ON = ("--admin-listen=127.0.0.1", "--admin-port=0", "--metrics-port=0")

SERVING = b"\x08\x01"
NOT_SERVING = b"\x08\x02"


def start(program, *arguments):
    """The program with its admin interface on free ports of the loopback."""
    return server_process.ServerProcess(*ON, *arguments, program=program)


class Health:
    """Asks as Kubernetes does: each time over a new connection."""

    def __init__(self, address):
        self._address = address

    def check(self, service="", timeout_s=5.0):
        """The reply's bytes."""
        # Else channels to one address share a connection.
        options = [("grpc.use_local_subchannel_pool", 1)]
        name = service.encode()
        request = b"\x0a" + bytes([len(name)]) + name if name else b""
        with grpc.insecure_channel(self._address, options) as channel:
            call = admin_flood.unary(channel, "/grpc.health.v1.Health/Check")
            return call(request, timeout=timeout_s)


def worker_cpu_ns(pid):
    """What the threads of the data path have used; those of the admin interface are others."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if task.joinpath("comm").read_text().startswith(("rc-worker", "rc-router")):
            total += int(task.joinpath("schedstat").read_text().split()[0])
    return total
