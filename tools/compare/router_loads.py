"""The loads that routers are compared under: rows of tools/compare/loads.py with other targets."""

import dataclasses

from tools.compare import loads


@dataclasses.dataclass(frozen=True)
class RouterLoad:
    """One row of the comparison."""

    name: str
    what: str
    data: loads.DataSet
    options: tuple
    # Most of nutcracker's CPU time per request that Ringcache's router may spend.
    target: float

    @staticmethod
    def like(name, target):
        """The servers' load of that name."""
        load = loads.select(name)[0]
        return RouterLoad(name, load.what, load.data, load.options, target)


LOADS = (
    RouterLoad.like("get-1", 0.90),
    RouterLoad.like("get-1000", 0.85),
    RouterLoad.like("get-16", 0.60),
    RouterLoad.like("get-64", 0.40),
    RouterLoad.like("multiget-50", 0.65),
    RouterLoad.like("mixed-16", 0.60),
)

# Here the time of an exchange is looked at, not the CPU. One client leaves every core idle while it
# waits, so the times are those of waking and not of queueing.
LATENCY = RouterLoad("get-alone", "get, 1 connection, one at a time", loads.SMALL,
                     ("--connections=1",), 1.0)
