"""The dashboard of routers."""

from k8s.dashboards import shared
from k8s.dashboards.grafana import choice, dashboard, figure, lines, query
from k8s.dashboards.shared import CHOSEN, POOLS, per_instance, per_member, quantile, summed_rate

_MEMBER_TIMES = "ringcache_member_request_duration_seconds"


def _overview():
    requests = summed_rate("ringcache_router_requests_total")
    errors = summed_rate("ringcache_router_errors_total")
    return [
        figure("Routers up", f"sum(ringcache_live{{{CHOSEN}}})", bad_below=1),
        shared.not_ready(),
        figure("Requests", requests, "ops"),
        figure("Replies that were errors", f"{errors} / {requests}", "percentunit", bad_from=0.01),
        figure(
            "Members down",
            f"count(max by (pool, member) (ringcache_member_up{{{POOLS}}}) == 0) or vector(0)",
            bad_from=1,
            about="Members that are down for every router.",
        ),
        shared.draining(),
    ]


def _requests():
    def each(*names):
        return [
            query(summed_rate(f"ringcache_router_{name}_total"), name.replace("_", " "))
            for name in names
        ]

    get = 'command="get"'
    hits = summed_rate("memcached_commands_total", f'{get}, status="hit"', "instance")
    gets = summed_rate("memcached_commands_total", get, "instance")
    return [
        lines(
            "Requests by router",
            per_instance(summed_rate("ringcache_router_requests_total", by="instance")),
            "ops",
        ),
        lines(
            "What went wrong",
            each("errors", "failed_first", "no_route", "invalid", "slow_clients"),
            "ops",
        ),
        lines(
            "Requests out of the ordinary",
            each("long_way", "broadcasts", "hot_key_hits"),
            "ops",
        ),
        lines("Gets that hit", per_instance(f"{hits} / {gets}"), "percentunit"),
        *shared.request_latencies(),
    ]


def _members():
    def each(name):
        metric = f"ringcache_member_{name}_total"
        return per_member(summed_rate(metric, by="pool, member", among=POOLS))

    return [
        lines(
            "Members up",
            per_member(f"min by (pool, member) (ringcache_member_up{{{POOLS}}})"),
            about="0 if a router has marked the member down.",
        ),
        lines("Calls", each("calls"), "ops"),
        lines(
            "99th percentile of calls",
            per_member(quantile(0.99, _MEMBER_TIMES, "pool, member", POOLS)),
            "s",
        ),
        lines("Calls without a reply in time", each("timeouts"), "ops"),
        lines("Calls that were not sent", each("refused_calls"), "ops"),
        lines("Connections that broke", each("lost_connections"), "ops"),
        lines(
            "Calls that wait",
            per_member(f"sum by (pool, member) (ringcache_member_pending_calls{{{POOLS}}})"),
        ),
        lines(
            "Bytes that wait",
            per_member(f"sum by (pool, member) (ringcache_member_queued_bytes{{{POOLS}}})"),
            "bytes",
        ),
        lines(
            "Times down, and vanished members",
            [
                query(summed_rate("ringcache_member_times_down_total", by="pool", among=POOLS),
                      "{{pool}} went down"),
                query(f"max by (pool, member) (ringcache_member_vanished{{{POOLS}}}) == 1",
                      "{{pool}} {{member}} vanished"),
            ],
        ),
        lines(
            "Deletes for members that are away",
            [
                query(f"sum(ringcache_router_kept_deletes{{{CHOSEN}}})", "kept"),
                query(summed_rate("ringcache_router_replayed_deletes_total"), "replayed"),
            ],
            about="Deletes that wait, and those a second that members were told later.",
        ),
        lines(
            "Age of the configuration",
            per_instance(f"ringcache_router_config_age_seconds{{{CHOSEN}}}"),
            "s",
        ),
        lines(
            "Configurations that could not be used",
            per_instance(
                f"increase(ringcache_router_config_failures_total{{{CHOSEN}}}[$__rate_interval])"
            ),
        ),
    ]


def _clients():
    return [
        lines(
            "Connections of clients",
            per_instance(f"memcached_current_connections{{{CHOSEN}}}"),
        ),
        lines(
            "Replies that clients have not taken",
            per_instance(f"ringcache_router_reply_bytes{{{CHOSEN}}}"),
            "bytes",
        ),
        *shared.traffic(),
    ]


def text():
    """The dashboard as Grafana imports it."""
    return dashboard(
        "ringcache-routers",
        "Ringcache routers",
        "Routers, and the members of their pools as they see them.",
        [
            *shared.choices('kind="router"'),
            choice("pool", "Pool", 'ringcache_ring_members{job=~"$job"}', "pool"),
        ],
        [
            ("Overview", _overview()),
            ("Requests", _requests()),
            ("Members", _members()),
            ("Clients", _clients()),
            ("Ring", shared.ring()),
            ("Workers and processes", shared.workers_and_processes()),
            ("Health", shared.health()),
        ],
    )
