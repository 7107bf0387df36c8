"""The trace player against Debian's memcached, which it starts itself, beside the library."""

import json
import subprocess
import unittest

_PROGRAM = "tools/trace/trace"


class MemcachedSideBySideTest(unittest.TestCase):
    def play(self, *arguments: str) -> list[dict]:
        command = [_PROGRAM, "--in-process", "--memcached", "--quiet", "--json=-", *arguments]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["targets"]

    def test_both_hit_the_same_where_nothing_is_evicted(self) -> None:
        library, memcached = self.play(
            "--requests=30000", "--keys=5000", "--value-size=lognormal:100:1:5000"
        )
        for name in ("requests", "hits", "second_half_hits", "items", "payload_bytes", "stored"):
            self.assertEqual(library[name], memcached[name], name)
        self.assertTrue(memcached["target"].startswith("memcached 1."))
        self.assertGreater(memcached["resident_bytes"], 0)
        self.assertEqual(memcached["out_of_memory"], 0)

    def test_both_evict_where_memory_is_short(self) -> None:
        for target in self.play("-m", "2", "--requests=60000", "--keys=50000"):
            self.assertGreater(target["evictions"], 0, target["target"])
            self.assertEqual(target["limit_bytes"], 2 << 20, target["target"])
            self.assertGreater(target["payload_share_of_limit"], 0.3, target["target"])
            self.assertLess(target["payload_share_of_limit"], 1, target["target"])


if __name__ == "__main__":
    unittest.main()
