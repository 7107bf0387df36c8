"""Tests of the routers' loads, of their command lines and of the text that comes out."""

import os
import tempfile
import unittest

from tools.compare import bursts, loads, overload, rounds, router_loads, router_table, routers

_TARGETS = ["127.0.0.1:1001", "127.0.0.1:1002", "127.0.0.1:1003"]


def burst(cpu_us=1.0, p50_us=50.0):
    return bursts.Burst(requests_per_s=1000.0, p50_us=p50_us, p99_us=100.0, p99_9_us=200.0,
                        cpu_us=cpu_us, busy=0.9, misses=0, unsent=0)


class RangeTest(unittest.TestCase):
    def test_it_is_least_median_and_greatest(self):
        self.assertEqual(rounds.Range.of([4, 1, 3, 2]), rounds.Range(1, 2.5, 4))


class RouterLoadsTest(unittest.TestCase):
    def test_they_are_those_of_the_servers(self):
        self.assertEqual([load.name for load in router_loads.LOADS],
                         ["get-1", "get-1000", "get-16", "get-64", "multiget-50", "mixed-16"])
        for load in router_loads.LOADS:
            self.assertEqual(load.options, loads.select(load.name)[0].options)

    def test_they_share_one_data_set(self):
        # It is stored once; the one of the latency must be the same.
        self.assertEqual({load.data for load in router_loads.LOADS}, {router_loads.LATENCY.data})


class CommandTest(unittest.TestCase):
    def test_ringcache_is_told_the_servers(self):
        command = routers.command("/some/router", "", _TARGETS)(5000)
        self.assertEqual(command[:3], ["/some/router", "-p", "5000"])
        self.assertIn(f"--servers={','.join(_TARGETS)}", command)

    def test_nutcracker_reads_the_servers_from_its_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            command = routers.command("/usr/sbin/nutcracker", folder, _TARGETS)(5000)
            path = os.path.join(folder, "5000.yml")
            self.assertIn(f"--conf-file={path}", command)
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
        self.assertIn("  listen: 127.0.0.1:5000", lines)
        for target in _TARGETS:
            self.assertIn(f"   - {target}:1", lines)


class TableTest(unittest.TestCase):
    def setUp(self):
        self.load = router_loads.LOADS[0]

    def row(self, ours, theirs):
        results = bursts.Results()
        for kind, values in (("ringcache", ours), ("nutcracker", theirs)):
            for cpu_us in values:
                results.add(self.load, kind, burst(cpu_us=cpu_us))
        return router_table.against_targets(results, [self.load]).split("\n")[1].split()

    def test_a_ratio_stands_beside_its_target(self):
        self.assertEqual(self.row([1.0, 1.6, 2.0], [2, 2, 2])[7:],
                         ["0.800", "[0.500", "1.000]", "0.90", "met"])

    def test_a_missed_target_says_so(self):
        self.assertEqual(self.row([1.9, 2.0, 1.0], [2, 2, 2])[-1], "missed")

    def test_what_is_added_is_taken_within_rounds(self):
        results = bursts.Results()
        for kind, values in (("ringcache", [30, 300]), ("direct", [20, 200])):
            for p50_us in values:
                results.add(self.load, kind, burst(p50_us=p50_us))
        lines = router_table.latency(results, self.load).split("\n")
        self.assertEqual(lines[1].split()[4:7], ["55.0", "[10.0", "100.0]"])
        self.assertEqual(lines[2].split()[0:2], ["direct", "110.0"])

    def test_overload_says_who_was_killed_and_who_answers_nobody(self):
        outcomes = {
            "a": overload.Outcome(2000, 20, 3, False, 3, 1.5),
            "b": overload.Outcome(2000, 1030, 3, True, 0.8, None),
            "c": overload.Outcome(2000, 20, 3, False, 3, None),
        }
        lines = router_table.overload(outcomes, 1024).split("\n")
        self.assertTrue(lines[1].endswith("1.5"))
        self.assertTrue(lines[2].endswith("killed past 1024 MiB"))
        self.assertTrue(lines[3].endswith("answers nobody"))


if __name__ == "__main__":
    unittest.main()
