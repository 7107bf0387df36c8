"""What asking costs a program: memory and threads, and whether health is told meanwhile."""

import os
import pathlib
import signal
import socket
import threading
import unittest

import grpc

from tools.admin import contract
from tools.admin.admin_process import AdminProcess
from tools.clients import server_process

_CONNECTIONS = 50
_CHECKS = 1000
_STATS_CALLS = 100
# Of the whole interface, asked as above.
_MOST_BYTES = 15 << 20
_CROWD = 1500
# What a crowd may cost: connections past it are refused.
_MOST_CROWD_BYTES = 48 << 20
_QUIET = 10
_HELD = 20

# What an HTTP/2 client says first: its preface, and settings that are the usual ones.
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))


class WallsTest(unittest.TestCase):
    contracts = contract.Contracts()

    def connect(self, program: AdminProcess) -> contract.Client:
        client = contract.Client(self.contracts, program.grpc_address)
        self.addCleanup(client.close)
        return client

    def test_memory_of_the_whole_interface_is_bounded(self) -> None:
        without = AdminProcess(self, "--admin-port=off", "--metrics-port=off")
        program = AdminProcess(self)
        clients = [self.connect(program) for _ in range(_CONNECTIONS)]
        for client in clients:
            for _ in range(_CHECKS // _CONNECTIONS):
                self.assertEqual(client.check(), "SERVING")
        for client in clients:
            for _ in range(_STATS_CALLS // _CONNECTIONS):
                client.call("GetStats")
        before = without.process.resident_bytes()
        after = program.process.resident_bytes()
        server_process.check_memory(self, "asked from 50 connections", after - before, _MOST_BYTES)

    def test_a_crowd_of_connections_is_bounded_and_health_is_told(self) -> None:
        server_process.allow_many_files()
        program = AdminProcess(self)
        client = self.connect(program)
        self.assertEqual(client.check(), "SERVING")
        before = program.process.resident_bytes()
        host, port = program.grpc_address.split(":")
        for _ in range(_CROWD):
            one = socket.create_connection((host, int(port)), contract.LIMIT_S)
            self.addCleanup(one.close)
            try:
                one.sendall(_PREFACE)
            except OSError:
                pass  # refused
        self.assertEqual(client.check(), "SERVING")
        cost = program.process.resident_bytes() - before
        server_process.check_memory(self, f"{_CROWD} connections", cost, _MOST_CROWD_BYTES)

    def test_health_is_told_while_calls_are_flooded(self) -> None:
        program = AdminProcess(self)
        flooding = threading.Event()
        flooding.set()
        refused = []

        def flood() -> None:
            client = contract.Client(self.contracts, program.grpc_address)
            while flooding.is_set():
                try:
                    client.call("GetLatencies", percentiles=range(100))
                except grpc.RpcError as error:
                    refused.append(error.code())
            client.close()

        threads = [threading.Thread(target=flood) for _ in range(8)]
        for thread in threads:
            thread.start()
        client = self.connect(program)
        for _ in range(50):
            self.assertEqual(client.check(), "SERVING")
        flooding.clear()
        for thread in threads:
            thread.join()
        self.assertLessEqual(set(refused), {grpc.StatusCode.RESOURCE_EXHAUSTED})

    def test_reflection_that_is_held_open_is_bounded(self) -> None:
        program = AdminProcess(self)
        done = threading.Event()
        self.addCleanup(done.set)
        self.assertEqual(self.connect(program).check(), "SERVING")
        threads = self.count_threads(program)
        # A call that is forgotten is cancelled.
        held = []
        for _ in range(_HELD):
            replies = self.connect(program).reflect(done)
            try:
                next(replies)
                held.append(replies)
            except grpc.RpcError as error:
                self.assertEqual(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertGreater(len(held), 0)
        self.assertLess(len(held), _HELD // 2)
        self.assertLessEqual(self.count_threads(program), threads + len(held) + 2)
        self.assertEqual(self.connect(program).check(), "SERVING")

    @staticmethod
    def count_threads(program: AdminProcess) -> int:
        return len(os.listdir(f"/proc/{program.process.pid}/task"))

    def test_threads_have_a_low_priority_and_take_no_signal(self) -> None:
        without = AdminProcess(self, "--admin-port=off", "--metrics-port=off")
        program = AdminProcess(self)
        self.assertEqual(self.connect(program).check(), "SERVING")
        loud = []
        for task in pathlib.Path(f"/proc/{program.process.pid}/task").iterdir():
            # The fields after the name, which may have spaces.
            fields = (task / "stat").read_text().rpartition(")")[2].split()
            if int(fields[16]) < _QUIET:
                loud.append(task.name)
                continue
            blocked = int(self.status(task, "SigBlk"), 16)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
                self.assertTrue(blocked >> (number - 1) & 1, f"{task} takes {number!r}")
        tasks = pathlib.Path(f"/proc/{without.process.pid}/task")
        usual = [
            task
            for task in tasks.iterdir()
            if int((task / "stat").read_text().rpartition(")")[2].split()[16]) < _QUIET
        ]
        self.assertEqual(len(loud), len(usual), "threads of the program itself")
        handled = [
            self.status(pathlib.Path(f"/proc/{one.process.pid}"), "SigCgt")
            for one in (without, program)
        ]
        self.assertEqual(*handled)

    @staticmethod
    def status(task: pathlib.Path, name: str) -> str:
        for line in (task / "status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return line.split()[1]
        raise AssertionError(f"{task}/status has no {name}")


if __name__ == "__main__":
    unittest.main()
