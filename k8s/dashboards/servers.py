"""The dashboard of servers, and of memcacheds with a sidecar."""

from k8s.dashboards import shared
from k8s.dashboards.grafana import choice, dashboard, figure, lines, query
from k8s.dashboards.shared import CHOSEN, per_instance, rate, summed_rate

_GET = 'command="get"'


def _overview():
    hits = summed_rate("memcached_commands_total", f'{_GET}, status="hit"')
    gets = summed_rate("memcached_commands_total", _GET)
    return [
        figure("Servers up", f"sum(memcached_up{{{CHOSEN}}})", bad_below=1),
        shared.not_ready(),
        figure("Gets that hit", f"{hits} / {gets}", "percentunit"),
        figure("Commands", summed_rate("memcached_commands_total"), "ops"),
        figure(
            "Memory taken",
            f"sum(memcached_current_bytes{{{CHOSEN}}}) / sum(memcached_limit_bytes{{{CHOSEN}}})",
            "percentunit",
        ),
        shared.draining(),
    ]


def _commands():
    hits = summed_rate("memcached_commands_total", f'{_GET}, status="hit"', "instance")
    gets = summed_rate("memcached_commands_total", _GET, "instance")
    return [
        lines(
            "Commands",
            [
                query(
                    summed_rate("memcached_commands_total", by="command, status"),
                    "{{command}} {{status}}",
                )
            ],
            "ops",
            stacked=True,
        ),
        lines("Gets that hit", per_instance(f"{hits} / {gets}"), "percentunit"),
        lines(
            "Commands by server",
            per_instance(summed_rate("memcached_commands_total", by="instance")),
            "ops",
        ),
        *shared.request_latencies(),
    ]


def _memory():
    def total(metric):
        return f"sum({metric}{{{CHOSEN}}})"

    evicted = summed_rate("memcached_slab_items_evicted_total", by="slab")
    requested = f"sum by (slab) (memcached_slab_mem_requested_bytes{{{CHOSEN}}})"
    return [
        lines(
            "Bytes of items",
            [
                query(total("memcached_current_bytes"), "items"),
                query(total("memcached_malloced_bytes"), "pages"),
                query(total("memcached_limit_bytes"), "limit"),
                query(total("ringcache_index_bytes"), "index"),
            ],
            "bytes",
        ),
        lines(
            "Items",
            per_instance(f"memcached_current_items{{{CHOSEN}}}"),
        ),
        lines(
            "Resident memory",
            per_instance(f"ringcache_resident_bytes{{{CHOSEN}}}"),
            "bytes",
        ),
        lines(
            "Evictions",
            per_instance(rate("memcached_items_evicted_total")),
            "ops",
        ),
        lines(
            "Items that left",
            [
                query(summed_rate("memcached_items_evicted_total"), "evicted"),
                query(summed_rate("ringcache_items_evicted_unfetched_total"), "evicted unread"),
                query(summed_rate("memcached_items_reclaimed_total"), "expired, replaced"),
                query(summed_rate("memcached_lru_crawler_reclaimed_total"), "expired, crawled"),
                query(summed_rate("ringcache_items_expired_unfetched_total"), "expired unread"),
            ],
            "ops",
        ),
        lines(
            "Sets refused",
            [
                query(summed_rate("memcached_item_no_memory_total"), "no memory"),
                query(summed_rate("memcached_item_too_large_total"), "too large"),
            ],
            "ops",
        ),
        lines(
            "Evictions by slab class",
            [query(f"topk(10, {evicted})", "{{slab}}")],
            "ops",
        ),
        lines(
            "Bytes by slab class",
            [query(f"topk(10, {requested})", "{{slab}}")],
            "bytes",
        ),
        lines(
            "Pages between classes",
            [
                query(summed_rate("ringcache_pages_moved_total"), "moved"),
                query(total("ringcache_free_pages"), "free"),
            ],
        ),
    ]


def _connections():
    return [
        lines(
            "Connections",
            per_instance(f"memcached_current_connections{{{CHOSEN}}}"),
        ),
        lines(
            "Share of the limit of connections",
            per_instance(
                f"memcached_current_connections{{{CHOSEN}}}"
                f" / memcached_max_connections{{{CHOSEN}}}"
            ),
            "percentunit",
        ),
        lines(
            "Connections that came and went",
            [
                query(summed_rate("memcached_connections_total"), "opened"),
                query(summed_rate("memcached_connections_rejected_total"), "refused"),
                query(summed_rate("ringcache_connections_idle_closed_total"), "closed as idle"),
                query(summed_rate("memcached_connections_yielded_total"), "yielded"),
            ],
            "ops",
        ),
        *shared.traffic(),
    ]


def text():
    """The dashboard as Grafana imports it."""
    return dashboard(
        "ringcache-servers",
        "Ringcache servers",
        "Servers of a pool, and memcacheds that have a sidecar.",
        [
            *shared.choices('kind=~"server|sidecar"'),
            choice("pool", "Pool", 'ringcache_ring_members{job=~"$job"}', "pool"),
        ],
        [
            ("Overview", _overview()),
            ("Commands", _commands()),
            ("Memory", _memory()),
            ("Connections", _connections()),
            ("Ring", shared.ring()),
            ("Workers and processes", shared.workers_and_processes()),
            ("Health", shared.health()),
        ],
    )
