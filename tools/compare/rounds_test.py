"""Tests of what is computed from rounds, of the table of loads and of the text that comes out."""

import unittest

from tools.compare import bursts, loads, rounds, table


def burst(cpu_us, p99_us=100.0, misses=0, requests_per_s=1000.0):
    return bursts.Burst(requests_per_s=requests_per_s, p50_us=50.0, p99_us=p99_us, p99_9_us=200.0,
                        cpu_us=cpu_us, busy=0.9, misses=misses, unsent=0)


def results_of(load, **cpu_by_kind):
    results = bursts.Results()
    for kind, values in cpu_by_kind.items():
        for cpu_us in values:
            results.add(load, kind, burst(cpu_us))
    return results


class QuartilesTest(unittest.TestCase):
    def test_odd_and_even_counts(self):
        self.assertEqual(rounds.Quartiles.of([5, 1, 4, 2, 3]), rounds.Quartiles(2, 3, 4))
        self.assertEqual(rounds.Quartiles.of([4, 1, 3, 2]), rounds.Quartiles(1.75, 2.5, 3.25))

    def test_one_value_is_all_three(self):
        self.assertEqual(rounds.Quartiles.of([7]), rounds.Quartiles(7, 7, 7))

    def test_no_value_is_an_error(self):
        with self.assertRaises(ValueError):
            rounds.Quartiles.of([])

    def test_an_outlier_moves_the_median_little(self):
        self.assertEqual(rounds.Quartiles.of([1, 1, 1, 1, 1000]).median, 1)


class RatiosTest(unittest.TestCase):
    def test_ratios_are_formed_within_rounds(self):
        # In the second round the machine was ten times slower: the ratio is what it was.
        self.assertEqual(rounds.ratios([1, 10, 2], [2, 20, 4]), [0.5, 0.5, 0.5])

    def test_the_median_of_ratios_is_not_the_ratio_of_medians(self):
        ours, theirs = [1, 2, 30], [2, 40, 10]
        self.assertEqual(rounds.Quartiles.of(rounds.ratios(ours, theirs)).median, 0.5)

    def test_rounds_without_a_value_are_left_out(self):
        self.assertEqual(rounds.ratios([1, 0, 3], [2, 2, 0]), [0.5])

    def test_unequal_numbers_of_rounds_are_an_error(self):
        with self.assertRaises(ValueError):
            rounds.ratios([1], [1, 2])


class RotationTest(unittest.TestCase):
    def test_everybody_is_everywhere_equally_often(self):
        orders = [rounds.rotated(["a", "b", "c"], number) for number in range(6)]
        self.assertEqual(orders[0], ["a", "b", "c"])
        self.assertEqual(orders[1], ["b", "c", "a"])
        for place in range(3):
            for name in "abc":
                self.assertEqual(sum(order[place] == name for order in orders), 2)


class LoadsTest(unittest.TestCase):
    def test_there_are_ten_with_distinct_names(self):
        self.assertEqual(len({load.name for load in loads.LOADS}), 10)

    def test_selecting(self):
        self.assertEqual(loads.select(""), list(loads.LOADS))
        self.assertEqual([load.name for load in loads.select("set-1,get-1")], ["get-1", "set-1"])
        with self.assertRaisesRegex(ValueError, "no load is called get-2"):
            loads.select("get-1,get-2")

    def test_fewer_keys(self):
        few = loads.with_share_of_keys(loads.select("get-1,get-4k"), 0.001)
        self.assertEqual([load.data.keys for load in few], [1000, 100])

    def test_a_ratio_is_converted_by_the_reference_columns(self):
        get_16 = loads.select("get-16")[0].reference
        self.assertAlmostEqual(get_16.ratio_to_1_6_45(0.1), 0.1 * 7.4 / 1.66)


class TableTest(unittest.TestCase):
    def setUp(self):
        self.load = loads.select("set-16")[0]

    def row(self, results):
        return table.against_targets(results, [self.load]).split("\n")[1].split()

    def test_ratios_and_verdict(self):
        row = self.row(results_of(self.load, ringcache=[0.8, 0.9, 1.0], memcached=[2, 2, 2],
                                  floor=[0.5, 0.5, 0.5]))
        self.assertEqual(row[:4], ["set-16", "0.450", "[0.425", "0.475]"])
        self.assertEqual(row[4], f"{0.45 * 1.96 / 1.87:.3f}")
        self.assertEqual(row[5:7], ["0.50", "met"])
        self.assertEqual(row[7:13], ["1.80", "[1.70", "1.90]", "0.400", "[0.350", "0.450]"])
        self.assertEqual(row[13:], [f"{1.8 * 0.35 / 1.87:.3f}"])

    def test_a_missed_target_says_so(self):
        row = self.row(results_of(self.load, ringcache=[1.0], memcached=[2.0]))
        self.assertEqual(row[6:], ["missed", "-", "-", "-"])

    def test_every_server_has_a_line(self):
        text = table.per_server(results_of(self.load, ringcache=[1], memcached=[2], floor=[3]),
                                [self.load])
        self.assertEqual([line.split()[1] for line in text.split("\n")[1:]],
                         ["ringcache", "memcached", "floor"])

    def test_misses_are_warned_of(self):
        results = bursts.Results()
        results.add(self.load, "memcached", burst(1, misses=3))
        self.assertEqual(table.warnings(results, [self.load]),
                         ["set-16, memcached: 3 misses; were keys evicted?"])

    def test_empty_bursts_are_warned_of(self):
        results = bursts.Results()
        results.add(self.load, "memcached", burst(1))
        results.add(self.load, "memcached", burst(0, requests_per_s=0.0))
        self.assertEqual(table.warnings(results, [self.load]), [
            "set-16, memcached: nothing was answered in 1 bursts; was the machine busy?"
        ])

    def test_the_open_loop_compares_tails(self):
        results = bursts.Results()
        for ours, theirs in ((100, 200), (150, 200)):
            results.add(self.load, "ringcache", burst(1, p99_us=ours))
            results.add(self.load, "memcached", burst(1, p99_us=theirs))
        lines = table.open_loop(results, [self.load], {"set-16": 1000}, 0.6).split("\n")
        self.assertIn("0.62 [0.56 0.69]", lines[1])
        self.assertEqual(lines[2].split()[2], "600")


if __name__ == "__main__":
    unittest.main()
