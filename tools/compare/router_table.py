"""The results of the routers as text. Ranges are the least and the greatest of the rounds."""

from tools.compare import rounds, table
from tools.compare.bursts import DIRECT, NUTCRACKER, RINGCACHE


def _range(values, digits):
    return table.with_spread(rounds.Range.of(values) if values else None, digits)


def against_targets(results, chosen):
    """The CPU per request of Ringcache's router as a share of nutcracker's, and the target."""
    rows = [("load", "ringcache us", "nutcracker us", "of nutcracker", "target", "")]
    for load in chosen:
        ratios = results.ratios(load, RINGCACHE, NUTCRACKER)
        verdict = ""
        if ratios:
            met = rounds.Quartiles.of(ratios).median <= load.target
            verdict = "met" if met else "missed"
        rows.append((load.name, _range(results.values(load, RINGCACHE, "cpu_us"), 3),
                     _range(results.values(load, NUTCRACKER, "cpu_us"), 3), _range(ratios, 3),
                     f"{load.target:.2f}", verdict))
    return table.aligned(rows)


def latency(results, load):
    """What a router adds to one exchange at a time."""
    rows = [("router", "p50 us", "added us", "p99 us")]
    for kind in results.kinds(load):
        added = "" if kind == DIRECT else _range(results.differences(load, kind, DIRECT, "p50_us"),
                                                 1)
        rows.append((kind, _range(results.values(load, kind, "p50_us"), 1), added,
                     _range(results.values(load, kind, "p99_us"), 1)))
    return table.aligned(rows)


def overload(outcomes, limit_mib):
    """`outcomes` by kind of router."""
    rows = [("router", "peak MiB", "before MiB", "asked MiB", "seconds", "another's get ms", "")]
    for kind, outcome in outcomes.items():
        answer = "-" if outcome.answer_ms is None else f"{outcome.answer_ms:.1f}"
        verdict = "" if outcome.answer_ms is not None else "answers nobody"
        if outcome.stopped:
            verdict = f"killed past {limit_mib} MiB"
        rows.append((kind, f"{outcome.peak_mib:.0f}", f"{outcome.before_mib:.0f}",
                     f"{outcome.asked_mib:.0f}", f"{outcome.seconds:.2f}", answer, verdict))
    return table.aligned(rows)
