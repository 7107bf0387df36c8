"""Whether every measurement runs at a small scale and gives figures that can be true."""

import json
import subprocess
import unittest


class FootprintSmokeTest(unittest.TestCase):

    def test_every_row_has_a_figure_for_each_server(self):
        done = subprocess.run(
            ["tools/footprint/footprint", "--memory=16", "--sets=60000", "--connections=2",
             "--idle-connections=200", "--json=-"],
            check=True, capture_output=True, text=True)
        rows = json.loads(done.stdout)
        self.assertEqual(list(rows), ["bytes_per_item_100", "bytes_per_item_1024", "payload_share",
                                      "bytes_per_connection", "out_of_memory"])
        for name, row in rows.items():
            with self.subTest(name):
                self.assertEqual(set(row), {"target", "memcached", "ringcache"})
        for server in ("memcached", "ringcache"):
            with self.subTest(server):
                # No item is smaller than its key and value, and no more is held than memory for it.
                self.assertGreater(rows["bytes_per_item_100"][server], 132)
                self.assertGreater(rows["bytes_per_item_1024"][server], 1056)
                self.assertGreater(rows["payload_share"][server], 0.2)
                self.assertLess(rows["payload_share"][server], 1)
                self.assertGreaterEqual(rows["out_of_memory"][server], 0)

    def test_wrong_options_are_told(self):
        done = subprocess.run(["tools/footprint/footprint", "--memory=1"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--memory: '1' is no whole number from 8", done.stderr)


if __name__ == "__main__":
    unittest.main()
