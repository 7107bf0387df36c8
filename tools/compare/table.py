"""The results as text."""

from tools.compare.bursts import FLOOR, MEMCACHED, RINGCACHE


def aligned(rows):
    """Columns as wide as their widest cell; the first is flush left, the others right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def with_spread(spread, digits):
    """Of rounds.Quartiles or rounds.Range; None is a dash."""
    if spread is None:
        return "-"
    return f"{spread.median:.{digits}f} [{spread.low:.{digits}f} {spread.high:.{digits}f}]"


def number(value):
    return "-" if value is None else f"{value:.3f}"


def per_server(results, chosen):
    """Throughput, latency and CPU: medians over the rounds, CPU with its quartiles."""
    rows = [("load", "server", "requests/s", "p50 us", "p99 us", "p99.9 us", "CPU us/request",
             "busy")]
    for load in chosen:
        for kind in results.kinds(load):
            def median(field, load=load, kind=kind):
                return results.quartiles(load, kind, field).median

            rows.append((load.name, kind, f"{median('requests_per_s'):.0f}",
                         f"{median('p50_us'):.1f}", f"{median('p99_us'):.1f}",
                         f"{median('p99_9_us'):.1f}",
                         with_spread(results.quartiles(load, kind, "cpu_us"), 3),
                         f"{median('busy'):.2f}"))
    return aligned(rows)


def against_targets(results, chosen):
    """Ringcache's CPU per request as a share of the others', and the target."""
    rows = [("load", "of 1.6.18", "of 1.6.45", "target", "", "of floor", "above floor us",
             "by floor")]
    for load in chosen:
        measured = results.ratio(load, RINGCACHE, MEMCACHED)
        floor = results.ratio(load, RINGCACHE, FLOOR)
        above = results.difference(load, RINGCACHE, FLOOR)
        converted, verdict, by_floor = None, "", None
        if floor is not None:
            by_floor = load.reference.ratio_to_1_6_45_by_floor(floor.median)
        if measured is not None:
            converted = load.reference.ratio_to_1_6_45(measured.median)
            verdict = "met" if converted <= load.target else "missed"
        rows.append((load.name, with_spread(measured, 3), number(converted),
                     f"{load.target:.2f}", verdict, with_spread(floor, 2),
                     with_spread(above, 3), number(by_floor)))
    return aligned(rows)


def open_loop(results, chosen, saturation, share):
    rows = [("load", "server", "rate", "answered/s", "p50 us", "p99 us", "p99 to memcached",
             "unsent")]
    for load in chosen:
        for kind in results.kinds(load):
            to_memcached = results.ratio(load, kind, MEMCACHED, "p99_us")
            rows.append((load.name, kind, f"{share * saturation[load.name]:.0f}",
                         f"{results.quartiles(load, kind, 'requests_per_s').median:.0f}",
                         with_spread(results.quartiles(load, kind, "p50_us"), 1),
                         with_spread(results.quartiles(load, kind, "p99_us"), 1),
                         with_spread(to_memcached, 2) if kind != MEMCACHED else "",
                         f"{sum(results.values(load, kind, 'unsent'))}"))
    return aligned(rows)


def warnings(results, chosen):
    """What makes a figure doubtful."""
    found = []
    for load in chosen:
        for kind in results.kinds(load):
            misses = sum(results.values(load, kind, "misses"))
            if misses and kind != FLOOR:
                found.append(f"{load.name}, {kind}: {misses} misses; were keys evicted?")
            empty = results.values(load, kind, "requests_per_s").count(0)
            if empty:
                found.append(f"{load.name}, {kind}: nothing was answered in {empty} bursts; was the"
                             " machine busy?")
    return found
