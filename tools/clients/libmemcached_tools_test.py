"""The programs of libmemcached-tools: what people and scripts use on a command line."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from tools.clients import installed
from tools.clients.router_differences import differs_with_router
from tools.clients.server_process import IS_MEMCACHED, start_server


class LibmemcachedTools(unittest.TestCase):
    def setUp(self) -> None:
        self.server = start_server(self)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_tool(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = installed.program(name, "libmemcached-tools")
        servers = f"--servers={self.server.host_and_port}"
        return installed.run([program, servers, *arguments], folder=self.folder)

    def succeed(self, name: str, *arguments: str) -> str:
        result = self.run_tool(name, *arguments)
        self.assertEqual(result.returncode, 0, f"{name} {arguments}: {result.stdout}")
        return result.stdout

    def fail_to(self, name: str, *arguments: str) -> None:
        result = self.run_tool(name, *arguments)
        self.assertNotEqual(result.returncode, 0, f"{name} {arguments}: {result.stdout}")

    def write(self, name: str, text: str) -> str:
        pathlib.Path(self.folder, name).write_text(text)
        return name

    def test_copied_files_can_be_shown(self) -> None:
        self.succeed("memccp", self.write("one", "first"), self.write("two", "second"))
        self.assertEqual(self.succeed("memccat", "one", "two").split(), ["first", "second"])

    def test_a_large_file_comes_back_unchanged(self) -> None:
        text = "".join(f"line {number}\n" for number in range(60_000))
        self.succeed("memccp", self.write("large", text))
        self.succeed("memccat", "--file=copy", "large")
        self.assertEqual(pathlib.Path(self.folder, "copy").read_text(), text)

    def test_flags_are_kept(self) -> None:
        self.succeed("memccp", "--flags=77", self.write("flagged", "text"))
        self.assertIn("77", self.succeed("memccat", "--flags", "flagged"))

    def test_add_and_replace_respect_what_is_there(self) -> None:
        self.fail_to("memccp", "--replace", self.write("file", "a"))
        self.succeed("memccp", "--add", "file")
        self.fail_to("memccp", "--add", "file")
        self.succeed("memccp", "--replace", self.write("file", "b"))
        self.assertEqual(self.succeed("memccat", "file").strip(), "b")

    def test_existence_touch_and_removal(self) -> None:
        self.fail_to("memcexist", "key")
        self.fail_to("memctouch", "--expire=100", "key")
        self.fail_to("memcrm", "key")
        self.succeed("memccp", self.write("key", "value"))
        self.succeed("memcexist", "key")
        self.succeed("memctouch", "--expire=100", "key")
        self.succeed("memcrm", "key")
        self.fail_to("memcexist", "key")

    def test_ping_and_flush(self) -> None:
        self.succeed("memcping")
        self.succeed("memccp", self.write("key", "value"))
        self.succeed("memcflush")
        self.fail_to("memcexist", "key")

    @differs_with_router("cachedump")
    def test_dump_lists_keys(self) -> None:
        """It uses `stats cachedump`, of which memcached shows one of its queues."""
        names = [f"key{number}" for number in range(20)]
        self.succeed("memccp", *(self.write(name, name) for name in names))
        listed = set(self.succeed("memcdump").split())
        if IS_MEMCACHED:
            self.assertLessEqual(listed, set(names))
        else:
            self.assertEqual(listed, set(names))

    def test_statistics(self) -> None:
        output = self.succeed("memcstat")
        self.assertRegex(output, r"\bpid: %d\b" % self.server.pid)
        self.assertRegex(output, r"\bversion: \d+\.\d+\.\d+")

    @differs_with_router("stats")
    def test_items_are_counted(self) -> None:
        self.succeed("memccp", self.write("key", "value"))
        self.assertRegex(self.succeed("memcstat"), r"\bcurr_items: 1\b")

    def test_memcslap_gets_what_it_set(self) -> None:
        for test in ("get", "mget", "set"):
            output = self.succeed(
                "memcslap", f"--test={test}", "--concurrency=4", "--execute-number=500"
            )
            self.assertRegex(output, rf"Time to {test}\s+2000 keys by", output)

    def test_memcaslap_verifies_each_value(self) -> None:
        # Without a description of its load it writes one to the home of whoever runs it.
        load = self.write("load", "key\n16 64 1\nvalue\n100 4000 1\ncmd\n0 0.1\n1 0.9\n")
        arguments = [
            f"--cfg_cmd={load}", "--threads=2", "--concurrency=8", "--execute_number=8000",
        ]
        for division in ("1", "20"):
            output = self.succeed(
                "memcaslap", *arguments, "--verify=1.0", f"--division={division}"
            )
            self.assertGreater(int(re.findall(r"cmd_get: (\d+)", output)[0]), 1000, output)
            for counter in ("get_misses", "verify_misses", "verify_failed"):
                self.assertIn(f"{counter}: 0\n", output)


if __name__ == "__main__":
    unittest.main()
