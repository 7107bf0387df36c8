"""Whether the measurement of the admin interface's walls runs; no time is asserted."""

import argparse
import os
import unittest

from tools.walls import admin_walls


class AdminWallsSmoke(unittest.TestCase):
    def test_all_conditions_are_measured_and_the_flood_is_one(self):
        cores = sorted(os.sched_getaffinity(0))
        options = argparse.Namespace(
            rounds=1, seconds=2.0, server_core=cores[0], generator_core=cores[-1]
        )
        bursts, rate = admin_walls.measure(options)
        self.assertGreater(rate, 0)
        for condition in admin_walls.CONDITIONS:
            (burst,) = bursts[condition]
            self.assertGreater(burst.requests, 0)
            self.assertGreater(burst.cpu_ns, 0)
        flooded, blocked = bursts["flooded"][0].flood, bursts["blocked"][0].flood
        self.assertGreater(flooded.get("answered", 0), 10, flooded)
        self.assertGreater(flooded.get("scraped", 0), 0, flooded)
        self.assertGreater(flooded.get("garbage", 0), 10, flooded)
        # Nobody is answered, most are turned away at once.
        self.assertEqual(blocked.get("answered", 0), 0, blocked)
        self.assertGreater(blocked.get("RESOURCE_EXHAUSTED", 0), 0, blocked)
        self.assertIn("flooded", admin_walls.report(bursts, rate))


if __name__ == "__main__":
    unittest.main()
