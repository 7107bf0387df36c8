"""The ten loads that servers are compared under, with what is known of each.

A load is a list of options of //tools/loadgen. The reference columns are CPU microseconds of the
server per request, taken once with the same loads on one machine: they are there to convert a ratio
that was measured against the installed memcached 1.6.18 into one against 1.6.45, and to say where
the target comes from. They are not to be mixed with times measured on another machine.
"""

import dataclasses

KEY_BYTES = 32
SMALL_KEYS = 1_000_000
SMALL_VALUE_BYTES = 100
LARGE_KEYS = 100_000
LARGE_VALUE_BYTES = 4096
MEMORY_MB = 1024


@dataclasses.dataclass(frozen=True)
class DataSet:
    """Keys and values that are stored before anything is measured."""

    prefix: str
    keys: int
    value_bytes: int

    def options(self):
        return [
            f"--key-prefix={self.prefix}",
            f"--key-size={KEY_BYTES}",
            f"--keys={self.keys}",
            f"--value-size={self.value_bytes}",
        ]


SMALL = DataSet("small:", SMALL_KEYS, SMALL_VALUE_BYTES)
LARGE = DataSet("large:", LARGE_KEYS, LARGE_VALUE_BYTES)


@dataclasses.dataclass(frozen=True)
class Reference:
    """CPU us/request of the floor and two memcacheds; None where it was not taken."""

    floor_us: float | None
    memcached_1_6_45_us: float
    memcached_1_6_18_us: float

    def ratio_to_1_6_45(self, ratio_to_1_6_18):
        """A ratio to 1.6.18's CPU as one to 1.6.45's."""
        return ratio_to_1_6_18 * self.memcached_1_6_18_us / self.memcached_1_6_45_us

    def ratio_to_1_6_45_by_floor(self, ratio_to_floor):
        """A ratio to the floor's CPU as one to 1.6.45's."""
        return ratio_to_floor * self.floor_us / self.memcached_1_6_45_us


@dataclasses.dataclass(frozen=True)
class Load:
    """One row of the comparison."""

    name: str
    what: str
    data: DataSet
    options: tuple
    # --reply of //tools/floor; None: the floor cannot stand for this load.
    floor_reply: str | None
    reference: Reference
    # Most of memcached 1.6.45's CPU time per request that Ringcache may spend.
    target: float

    @property
    def floor_name(self):
        """Loads with the same exchange share one floor."""
        return f"floor {self.floor_reply} {self.data.value_bytes}"


_C50 = "--connections=50"

LOADS = (
    Load("get-1", "get, 50 connections, one at a time", SMALL, (_C50,), "get",
         Reference(6.2, 8.9, 8.4), 0.80),
    Load("get-1000", "get, 1,000 connections, one at a time", SMALL, ("--connections=1000",), "get",
         Reference(6.0, 8.8, 8.9), 0.80),
    Load("get-16", "get, 50 connections, 16 deep", SMALL, (_C50, "--depth=16"), "get",
         Reference(0.35, 1.66, 7.4), 0.32),
    Load("get-64", "get, 50 connections, 64 deep", SMALL, (_C50, "--depth=64"), "get",
         Reference(0.10, 1.94, 7.4), 0.12),
    Load("multiget-50", "get of 50 keys, 50 connections, one at a time", SMALL,
         (_C50, "--multiget=50"), "multiget=50", Reference(6.7, 64, 65), 0.20),
    Load("set-1", "set, 50 connections, one at a time", SMALL, (_C50, "--mix=set=1"), "set",
         Reference(5.6, 9.4, 8.5), 0.78),
    Load("set-16", "set, 50 connections, 16 deep", SMALL,
         (_C50, "--mix=set=1", "--depth=16"), "set",
         Reference(0.35, 1.87, 1.96), 0.50),
    Load("mixed-16", "10 get : 1 set, zipf 0.99, 50 connections, 16 deep", SMALL,
         (_C50, "--mix=get=10,set=1", "--distribution=zipf", "--zipf-exponent=0.99", "--depth=16"),
         None, Reference(None, 1.24, 7.0), 0.45),
    Load("get-4k", "get of 4 KiB values, 50 connections, one at a time", LARGE, (_C50,), "get",
         Reference(6.0, 9.0, 9.3), 0.78),
    Load("mg-16", "mg with v, 50 connections, 16 deep", SMALL,
         (_C50, "--dialect=meta", "--depth=16"), "mg", Reference(0.35, 1.53, 1.55), 0.35),
)


def with_share_of_keys(chosen, share):
    """The same loads over fewer keys, for trying things out."""
    return [
        dataclasses.replace(
            load, data=dataclasses.replace(load.data, keys=max(1, int(load.data.keys * share)))
        )
        for load in chosen
    ]


def select(names, table=LOADS):
    """The loads of a comma-separated list of names, in the table's order; all for an empty one."""
    wanted = [name for name in names.split(",") if name]
    known = [load.name for load in table]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ValueError(f"no load is called {', '.join(unknown)}; there are {', '.join(known)}")
    return [load for load in table if not wanted or load.name in wanted]
