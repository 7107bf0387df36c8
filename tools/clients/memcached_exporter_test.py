"""What prometheus/memcached_exporter reads: without it, memcached_up is 0 and dashboards are empty.

The rules are those of its pkg/exporter/exporter.go: some keys must exist, and each that exists must
have the form that the exporter parses. What the dashboards and alerts of memcached-mixin show must
exist, too.
"""

import re
import unittest

from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import IS_MEMCACHED, start_server

# Without these the exporter reports an error.
_REQUIRED = ["cmd_set", "cas_misses", "cas_hits", "cas_badval"]
_REQUIRED_OF_A_CLASS = ["cmd_set", "cas_hits", "cas_badval"]

# Dashboards and alerts show these.
_SHOWN = """
    uptime time version max_connections curr_connections total_connections rejected_connections
    bytes_read bytes_written bytes limit_maxbytes curr_items total_items evictions reclaimed
    get_hits get_misses delete_hits delete_misses incr_hits incr_misses decr_hits decr_misses
    touch_hits touch_misses cmd_flush cmd_get store_too_large store_no_memory listen_disabled_num
    conn_yields accepting_conns rusage_user rusage_system
""".split()
_SHOWN_OF_ITEMS = """
    number age evicted evicted_nonzero evicted_time outofmemory reclaimed expired_unfetched
    evicted_unfetched mem_requested
""".split()
_SHOWN_OF_A_CLASS = """
    chunk_size chunks_per_page total_pages total_chunks used_chunks free_chunks free_chunks_end
    get_hits delete_hits incr_hits decr_hits touch_hits
""".split()

# Metrics if they exist; then they must be numbers.
_OPTIONAL = """
    lru_crawler_starts direct_reclaims crawler_items_checked crawler_reclaimed moves_to_cold
    moves_to_warm moves_within_lru total_malloced
""".split()
_OPTIONAL_OF_ITEMS = """
    hits_to_hot hits_to_warm hits_to_cold hits_to_temp crawler_reclaimed tailrepairs moves_to_cold
    moves_to_warm moves_within_lru number_hot number_warm number_cold number_temp age_hot age_warm
""".split()

# Read when the settings say that there is a crawler.
_CRAWLER_NUMBERS = """
    lru_crawler_sleep lru_crawler_tocrawl hot_lru_pct warm_lru_pct hot_max_factor warm_max_factor
""".split()

_BOOLEANS = ["hash_is_expanding", "lru_crawler_running"]
_SECONDS = ["rusage_user", "rusage_system"]
_NUMBER = r"\d+(\.\d+)?"


class MemcachedExporter(unittest.TestCase):
    def setUp(self) -> None:
        server = start_server(self)
        self.connection = RawConnection(server.address)
        self.addCleanup(self.connection.close)
        for size in (10, 1000, 100_000):
            self.assertEqual(self.connection.store(b"key%d" % size, b"v" * size), b"STORED")
        self.connection.fetch(b"key10")
        self.connection.fetch(b"nothing")

    def check_form(self, statistics: dict[str, str], names: list[str], form: str) -> None:
        for name in names:
            with self.subTest(name):
                self.assertIn(name, statistics)
                self.assertRegex(statistics[name], re.compile(rf"^{form}$"))

    def existing(self, statistics: dict[str, str], names: list[str]) -> list[str]:
        return [name for name in names if name in statistics]

    def test_general_statistics(self) -> None:
        statistics = self.connection.statistics()
        self.check_form(statistics, _REQUIRED, r"\d+")
        numbers = [name for name in _SHOWN if name != "version"]
        self.check_form(statistics, numbers, _NUMBER)
        self.check_form(statistics, self.existing(statistics, _OPTIONAL), _NUMBER)
        self.check_form(statistics, self.existing(statistics, _BOOLEANS), r"[01]")
        self.check_form(statistics, _SECONDS, r"\d+\.\d{6}")
        self.check_form(statistics, ["version"], r"\d+\.\d+\.\d+\S*")
        self.check_form(statistics, ["pid", "pointer_size", "threads"], r"\d+")

    def test_the_set_metric_is_not_negative(self) -> None:
        """The exporter shows cmd_set minus the sum of the cas counters as `set` commands."""
        self.connection.ask(b"cas key10 0 0 1 123456789\r\nx")
        self.connection.ask(b"cas nothing 0 0 1 123456789\r\nx")
        found = {name: int(self.connection.statistics()[name]) for name in _REQUIRED}
        expected = {"cmd_set": 5, "cas_misses": 1, "cas_hits": 0, "cas_badval": 1}
        self.assertEqual(found, expected)

    def numbers_by_class(self, arguments: bytes, prefix: str) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for name, value in self.connection.statistics(arguments).items():
            match = re.match(rf"^{prefix}(\d+):(\w+)$", name)
            if match:
                found.setdefault(int(match[1]), {})[match[2]] = value
        self.assertGreaterEqual(len(found), 2, "items of three sizes are in too few classes")
        return found

    def test_slabs(self) -> None:
        for statistics in self.numbers_by_class(b"slabs", "").values():
            self.check_form(statistics, _REQUIRED_OF_A_CLASS + _SHOWN_OF_A_CLASS, r"\d+")
        whole = self.connection.statistics(b"slabs")
        self.check_form(whole, ["active_slabs", "total_malloced"], r"\d+")

    def test_items(self) -> None:
        by_class = self.numbers_by_class(b"items", "items:")
        for statistics in by_class.values():
            self.check_form(statistics, _SHOWN_OF_ITEMS, r"\d+")
            self.check_form(statistics, self.existing(statistics, _OPTIONAL_OF_ITEMS), r"\d+")
        if not IS_MEMCACHED:  # Its large items are in pieces of several classes.
            self.assertEqual(sum(int(found["number"]) for found in by_class.values()), 3)

    def test_settings(self) -> None:
        settings = self.connection.statistics(b"settings")
        self.check_form(settings, ["maxconns"], _NUMBER)
        self.check_form(settings, ["lru_crawler", "lru_maintainer_thread"], r"(yes|no)")
        if settings["lru_crawler"] == "yes":
            self.check_form(settings, _CRAWLER_NUMBERS, _NUMBER)

    def test_the_alerts_have_their_numbers(self) -> None:
        statistics = self.connection.statistics()
        self.assertEqual(int(statistics["max_connections"]), 1024)
        self.assertIn(int(statistics["curr_connections"]), range(1, 10))


if __name__ == "__main__":
    unittest.main()
