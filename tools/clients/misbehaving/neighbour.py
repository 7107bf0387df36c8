"""A well-behaved client beside a misbehaving one: it notices if the server neglects it."""

import statistics
import threading
import time
import types

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess

# A request and its reply every so often: enough to notice, too little to matter.
_PAUSE_S = 0.005
_VALUE = b"the neighbour's value"

# Bounds for a machine with many times more to do than it has cores, where a thread may wait long
# for its turn. A server that waits for one client before it serves another exceeds them all the
# same.
LONGEST_S = 30.0
MEDIAN_S = 2.0


class Neighbour:
    """Sets and gets on its own connection, in its own thread, while the `with` block runs.

    At the end of the block it raises AssertionError if a reply was wrong or late.
    """

    def __init__(self, server: ServerProcess, name: bytes = b"neighbour") -> None:
        self._server = server
        self._key = name
        self._stop = threading.Event()
        self._served = threading.Event()
        self._latencies: list[float] = []
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            with RawConnection(self._server.address) as connection:
                number = 0
                while not self._stop.is_set():
                    value = b"%s %d" % (_VALUE, number)
                    started = time.monotonic()
                    stored = connection.store(self._key, value)
                    found = connection.fetch(self._key)
                    self._latencies.append((time.monotonic() - started) / 2)
                    if stored != b"STORED" or found != value:
                        raise AssertionError(f"{stored!r}, then {found!r} instead of {value!r}")
                    number += 1
                    self._served.set()
                    self._stop.wait(_PAUSE_S)
        except BaseException as problem:  # It is raised where the test sees it.
            self._problem = problem

    def __enter__(self) -> "Neighbour":
        self._thread.start()
        # Its first requests are answered before the test begins: a quick test ends with some, too.
        self._served.wait(LONGEST_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        if kind is not None:
            return
        if self._problem is not None:
            raise AssertionError("the neighbour was disturbed") from self._problem
        longest, median = max(self._latencies), statistics.median(self._latencies)
        print(
            f"neighbour: {2 * len(self._latencies)} requests, "
            f"median {median * 1e3:.3f} ms, longest {longest * 1e3:.1f} ms"
        )
        if longest > LONGEST_S or median > MEDIAN_S:
            raise AssertionError(f"the neighbour waited {longest:.2f} s, usually {median:.3f} s")
