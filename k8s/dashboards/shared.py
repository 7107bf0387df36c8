"""What the dashboards of servers and of routers show alike, and how their queries are written."""

from k8s.dashboards.grafana import bars, choice, figure, lines, query, table

# Of each selector: what the variables of the dashboard chose.
CHOSEN = 'job=~"$job", instance=~"$instance"'
POOLS = f'{CHOSEN}, pool=~"$pool"'


def rate(metric, where="", among=CHOSEN):
    """A counter's growth a second, for each of its series."""
    labels = ", ".join(part for part in (among, where) if part)
    return f"rate({metric}{{{labels}}}[$__rate_interval])"


def summed_rate(metric, where="", by="", among=CHOSEN):
    """The same of all series together, or of those with the same labels `by`."""
    return f"sum{f' by ({by})' if by else ''} ({rate(metric, where, among)})"


def quantile(share, histogram, by="", among=CHOSEN, where=""):
    """A percentile over all instances: their buckets are added first."""
    labels = ", ".join(part for part in (by, "le") if part)
    growth = summed_rate(f"{histogram}_bucket", where, labels, among)
    return f"histogram_quantile({share}, {growth})"


def per_instance(expression):
    """The queries of a panel with a line for each process."""
    return [query(expression, "{{instance}}")]


def per_member(expression):
    """The queries of a panel with a line for each member of a pool."""
    return [query(expression, "{{pool}} {{member}}")]


def choices(kind):
    """The variables that say which processes are shown."""
    return [
        choice("job", "Job", f"ringcache_build_info{{{kind}}}", "job"),
        choice("instance", "Instance", f'ringcache_build_info{{{kind}, job=~"$job"}}', "instance"),
    ]


def not_ready():
    """How many are not ready."""
    return figure(
        "Not ready",
        f"count(ringcache_ready{{{CHOSEN}}} == 0) or vector(0)",
        bad_from=1,
    )


def draining():
    """How many drain."""
    return figure("Draining", f"sum(ringcache_draining{{{CHOSEN}}})")


def request_latencies():
    """Latencies of clients' requests."""
    metric = "ringcache_request_duration_seconds"
    mean = f"{summed_rate(metric + '_sum')} / {summed_rate(metric + '_count')}"
    return [
        lines(
            "Time of requests",
            [
                query(quantile(0.5, metric), "half"),
                query(quantile(0.9, metric), "90 %"),
                query(quantile(0.99, metric), "99 %"),
                query(quantile(0.999, metric), "99.9 %"),
                query(mean, "mean"),
            ],
            "s",
        ),
        lines(
            "99th percentile by class of command",
            [query(quantile(0.99, metric, "command"), "{{command}}")],
            "s",
        ),
        lines(
            "99th percentile by instance",
            per_instance(quantile(0.99, metric, "instance")),
            "s",
        ),
    ]


def traffic():
    """Bytes that come from clients and go to them."""
    return [
        lines(
            "Bytes received and sent",
            [
                query(summed_rate("memcached_read_bytes_total"), "received"),
                query(summed_rate("memcached_written_bytes_total"), "sent"),
            ],
            "Bps",
        ),
    ]


def ring():
    """Who owns how much of the keys, as the chosen processes see it."""
    return [
        bars(
            "Shares of the keys",
            per_member(f"max by (pool, member) (ringcache_ring_member_share{{{POOLS}}})"),
        ),
        lines(
            "Shares against what is fair",
            per_member(
                f"max by (pool, member) (ringcache_ring_member_share{{{POOLS}}}"
                f" / ringcache_ring_member_fair_share{{{POOLS}}})"
            ),
            "percentunit",
            width=12,
            about="A member at 100 % owns what its weight entitles it to.",
        ),
        lines(
            "Members",
            [
                query(f"max by (pool) (ringcache_ring_members{{{POOLS}}})", "{{pool}}"),
                query("max by (pool, state) (ringcache_ring_members_by_state"
                      f'{{{POOLS}, state=~"down|vanished"}})', "{{pool}} {{state}}"),
            ],
        ),
        lines(
            "Views of a pool that differ",
            [query("count by (pool) (count by (pool, member) (ringcache_ring_member_share"
                   f"{{{POOLS}}})) - min by (pool) (ringcache_ring_members{{{POOLS}}})",
                   "{{pool}}")],
            about="Members that some of the chosen processes know and others do not.",
        ),
        lines(
            "Changes of the members",
            [
                query(
                    f"changes(ringcache_ring_version{{{POOLS}}}[$__rate_interval])",
                    "{{instance}} {{pool}}",
                )
            ],
        ),
    ]


def workers_and_processes():
    """Whether work is spread over threads, and what the process takes."""
    return [
        lines(
            "Requests by worker",
            [query(rate("ringcache_worker_requests_total"), "{{instance}} {{worker}}")],
            "ops",
        ),
        lines(
            "Connections by worker",
            [query(f"ringcache_worker_connections{{{CHOSEN}}}", "{{instance}} {{worker}}")],
        ),
        lines(
            "Loops that do not answer",
            per_instance(f"max by (instance) (ringcache_worker_silent_seconds{{{CHOSEN}}})"),
            "s",
        ),
        lines(
            "CPU",
            per_instance(rate("process_cpu_seconds_total")),
            "percentunit",
            about="100 % is one core.",
        ),
        lines(
            "Resident memory of the process",
            per_instance(f"process_resident_memory_bytes{{{CHOSEN}}}"),
            "bytes",
        ),
        lines(
            "Open files",
            per_instance(f"process_open_fds{{{CHOSEN}}} / process_max_fds{{{CHOSEN}}}"),
            "percentunit",
        ),
    ]


def health():
    """What probes are told, drains, restarts and versions."""
    return [
        lines(
            "Not alive, not ready",
            [
                query(f"ringcache_live{{{CHOSEN}}} == 0", "{{instance}} is stuck"),
                query(f"ringcache_started{{{CHOSEN}}} == 0", "{{instance}} starts"),
                query(f"ringcache_ready{{{CHOSEN}}} == 0", "{{instance}} is not ready"),
            ],
            about="A line at 0 while a probe fails; nothing while all is well.",
        ),
        lines(
            "Connections of those that drain",
            per_instance(f"ringcache_drain_connections{{{CHOSEN}}}"),
        ),
        lines(
            "Starts",
            per_instance(f"changes(process_start_time_seconds{{{CHOSEN}}}[$__rate_interval])"),
        ),
        table(
            "Versions",
            f"ringcache_build_info{{{CHOSEN}}}",
            {"instance": "Instance", "version": "Version", "kind": "Program"},
        ),
        table(
            "How keys are placed",
            f"ringcache_ring_info{{{POOLS}}}",
            {"pool": "Pool", "placement": "Placement", "key_hash": "Hash of keys"},
        ),
    ]
