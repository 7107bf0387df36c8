"""How much memory a router takes for clients that ask for much and read nothing.

A router that goes on reading requests must keep the replies. All requests of a client fit into the
first write, so what is asked is bounded before anything is measured; a router that passes a limit
of its memory is killed.
"""

import dataclasses
import socket
import time

from tools.compare import programs

CLIENTS = 50
VALUE_BYTES = 100 * 1024
# Of each client: with all clients 2 GiB, the most that a router can be made to keep.
GETS = 420
MAX_ASKED_MIB = CLIENTS * GETS * VALUE_BYTES >> 20
# Over all servers.
KEYS = 30
# Short, so that little is added to the memory between two looks at it.
POLL_S = 0.005
# What the kernel keeps for a client that does not read is not the router's memory.
RECEIVE_BUFFER_BYTES = 4096
# Of one exchange with a client that reads.
ANSWER_TIMEOUT_S = 2.0


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Of one router."""

    asked_mib: float
    peak_mib: float  # resident, including what it took before
    before_mib: float
    stopped: bool  # it was killed for passing the limit
    seconds: float
    answer_ms: float | None  # to another client, at the end; None: none in ANSWER_TIMEOUT_S


def resident_mib(pid, field):
    """`field` is VmHWM, the most so far, or VmRSS, proc(5)."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name == field:
                return int(value.split()[0]) / 1024
    raise programs.Failure(f"process {pid} has no {field}: has it ended?")


def _exchange(port, request, reply_end, timeout_s):
    """Sends and reads up to the first reply's end. Raises OSError."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as client:
        give_up = time.monotonic() + timeout_s
        client.sendall(request)
        reply = b""
        while not reply.endswith(reply_end):
            client.settimeout(max(0.001, give_up - time.monotonic()))
            part = client.recv(1 << 16)
            if not part:
                raise OSError("the router closed the connection")
            reply += part
        return reply


def _store(router):
    for number in range(KEYS):
        request = b"set overload:%d 0 0 %d\r\n%s\r\n" % (number, VALUE_BYTES, b"x" * VALUE_BYTES)
        try:
            reply = _exchange(router.port, request, b"\r\n", programs.BURST_MARGIN_S)
        except OSError as error:
            raise programs.Failure(f"{router.name} stores nothing: {error}") from error
        if reply != b"STORED\r\n":
            raise programs.Failure(f"{router.name} stores nothing: {reply!r}")


def _silent_client(port, first):
    client = socket.socket()
    try:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        client.settimeout(ANSWER_TIMEOUT_S)
        client.connect(("127.0.0.1", port))
        client.sendall(b"".join(b"get overload:%d\r\n" % ((first + i) % KEYS) for i in range(GETS)))
    except BaseException:
        client.close()
        raise
    return client


def _answer_ms(port):
    started = time.monotonic()
    try:
        _exchange(port, b"get overload:none\r\n", b"END\r\n", ANSWER_TIMEOUT_S)
    except OSError:
        return None
    return (time.monotonic() - started) * 1000


def measure(router, seconds, limit_mib):
    """Takes `seconds` at most, and MAX_ASKED_MIB of memory; the router is not to be used again."""
    _store(router)
    before_mib = resident_mib(router.pid, "VmRSS")
    started = time.monotonic()
    clients, peak_mib, asked, answer_ms = [], 0.0, 0, None
    try:
        while peak_mib <= limit_mib and time.monotonic() < started + seconds:
            if len(clients) < CLIENTS:
                clients.append(_silent_client(router.port, len(clients)))
                asked += GETS
            else:
                time.sleep(POLL_S)
            router.check_alive()
            peak_mib = resident_mib(router.pid, "VmHWM")
        lasted = time.monotonic() - started
        stopped = peak_mib > limit_mib
        if stopped:
            router.kill()
        else:
            answer_ms = _answer_ms(router.port)
            peak_mib = resident_mib(router.pid, "VmHWM")
    except OSError as error:
        raise programs.Failure(f"{router.name} takes no requests: {error}") from error
    finally:
        for client in clients:
            client.close()
    return Outcome(asked * VALUE_BYTES / (1 << 20), peak_mib, before_mib, stopped, lasted,
                   answer_ms)
