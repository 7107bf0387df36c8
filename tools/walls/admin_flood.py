"""Floods an admin interface: calls, connections, scrapes, and bytes that are none of these.

The flood is bounded in time and ends by itself. What it counts says whether it was one.
"""

import argparse
import collections
import json
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

import grpc

# Calls that are on their way at a time.
CALLERS = 8
# Short, so that callers ask again while calls that are stuck fill the queue.
CALL_TIMEOUT_S = 0.1
SCRAPE_TIMEOUT_S = 2.0
# What a client of another protocol says.
GARBAGE = (b"get a\r\n" * 50, b"\x00\xff" * 400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 64)


def unary(channel, method):
    """The call of `method`, with messages that are bytes: an empty message is none at all."""
    return channel.unary_unary(method, lambda message: message, lambda message: message)


class Flood:
    """Threads that ask until `until`; `counts` says how often and with what outcome."""

    def __init__(self, address, metrics, until):
        self._address = address
        self._metrics = metrics
        self._until = until
        self._lock = threading.Lock()
        self.counts = collections.Counter()

    def _count(self, what):
        with self._lock:
            self.counts[what] += 1

    def _goes_on(self):
        return time.monotonic() < self._until

    def _call(self, method):
        with grpc.insecure_channel(self._address) as channel:
            call = unary(channel, method)
            while self._goes_on():
                try:
                    call(b"", timeout=CALL_TIMEOUT_S)
                    self._count("answered")
                except grpc.RpcError as error:
                    self._count(error.code().name)

    def _connect(self):
        host, port = self._address.rsplit(":", 1)
        while self._goes_on():
            for garbage in GARBAGE:
                try:
                    with socket.create_connection((host, int(port)), timeout=1) as connection:
                        connection.sendall(garbage)
                    self._count("garbage")
                except OSError:
                    self._count("garbage refused")

    def _scrape(self):
        while self._goes_on():
            try:
                url = f"http://{self._metrics}/metrics"
                with urllib.request.urlopen(url, timeout=SCRAPE_TIMEOUT_S) as reply:
                    reply.read()
                self._count("scraped")
            except (OSError, urllib.error.URLError):
                self._count("scrape failed")

    def run(self):
        methods = ["GetStats", "GetLatencies", "GetSettings", "GetHotKeys"]
        work = [
            (self._call, (f"/ringcache.admin.v1.Admin/{methods[i % len(methods)]}",))
            for i in range(CALLERS)
        ]
        work += [(self._connect, ()), (self._scrape, ())]
        threads = [threading.Thread(target=target, args=args) for target, args in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True, help="HOST:PORT of gRPC")
    parser.add_argument("--metrics", required=True, help="HOST:PORT of /metrics")
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    # Who measures the data path beside it is not to be kept from a core.
    os.nice(19)
    flood = Flood(options.address, options.metrics, time.monotonic() + options.seconds)
    flood.run()
    json.dump(dict(flood.counts), sys.stdout)


if __name__ == "__main__":
    main()
