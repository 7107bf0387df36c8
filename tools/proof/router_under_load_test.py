"""Servers die, stop, join and leave, and configurations change, while clients work through one
router. Nothing wrong is ever read; what else may be, and why, stands with each phase."""

import argparse
import random
import signal
import sys
import time
import unittest
from typing import Any

from tools.proof.proven_router import Load, ProvenRouter

# How much longer than usual it all takes, and what the load is made of.
_factor = 1.0
_seed = 0

_RELOADS = 100


class RouterUnderLoad(unittest.TestCase):
    def setUp(self) -> None:
        self.pool = ProvenRouter(self, 3)
        self.load = Load(self, self.pool.router.port, _seed)
        self.load.store_all()
        # Nothing ever moved, so who holds a key is its owner. A few are deleted just now.
        self.owned = [self.pool.held(number) for number in range(3)]
        self.assertEqual(self.pool.sweep()[1], 0, "the sweep's ring is not the router's")
        self.load.forget()

    def tearDown(self) -> None:
        print(f"seed {_seed}\n{self.load.table()}")
        for phase in self.load.phases:
            for text, count in phase["errors"].items():
                print(f"{phase['phase']}: {count:,} times {text}")

    def work(self, seconds: float) -> None:
        time.sleep(seconds * _factor)

    def ends(self, name: str) -> dict[str, Any]:
        """What the phase was like, in which nothing was wrong, whatever happened."""
        phase = self.load.phase(name)
        self.assertGreater(phase["hits"], 0, phase)
        for never in ("wrong", "out_of_step", "doubled", "never_replied", "overdue"):
            self.assertEqual(phase[never], 0, f"{name}: {phase}")
        return phase

    def ends_without_trouble(self, name: str) -> None:
        """Everything that was stored is there, and no request failed."""
        phase = self.ends(name)
        self.assertEqual(phase["errors"], {}, name)
        for count in ("lost", "stale", "late"):
            self.assertEqual(phase[count], 0, f"{name}: {phase}")

    def ends_with_member_away(self, name: str, away: int) -> None:
        """Only its keys were affected, and of them only as the policy says: what is stored fails,
        what is read is missed."""
        phase = self.ends(name)
        others = set().union(*(self.owned[number] for number in range(3) if number != away))
        self.assertEqual(set(phase["affected"]) & others, set(), name)
        self.assertNotEqual(phase["errors"], {}, name)
        self.assertGreater(phase["lost"], 0, name)
        self.assertEqual(phase["stale"], 0, f"{name}: {phase}")

    def restore(self) -> None:
        """All keys are stored again, and what was before is of no phase."""
        self.load.store_all()
        self.load.forget()

    def test_whatever_happens_nothing_wrong_is_read(self) -> None:
        self.work(4)
        self.ends_without_trouble("steady")
        self.kill_one()
        self.stop_one()
        self.reload_often()
        self.scale_without_sweeping()
        self.scale_and_sweep()
        self.pool.router.stop()

    def kill_one(self) -> None:
        """kill -9; it comes back empty, at the same address."""
        self.pool.servers[0].kill()
        self.work(4)
        self.pool.replace(0)
        self.pool.wait_until_up(self.owned[0])
        self.work(1)
        self.ends_with_member_away("killed, started", 0)
        self.restore()
        self.work(3)
        self.ends_without_trouble("after the kill")

    def stop_one(self) -> None:
        """What it received before it stopped, and was given up, may be carried out once it goes on:
        such writes are late."""
        self.pool.servers[1].signal(signal.SIGSTOP)
        self.work(5)
        self.pool.servers[1].signal(signal.SIGCONT)
        self.pool.wait_until_up(self.owned[1])
        self.work(1)
        self.ends_with_member_away("stopped, continued", 1)
        self.restore()
        self.work(3)
        self.ends_without_trouble("after the stop")

    def reload_often(self) -> None:
        for _ in range(_RELOADS):
            self.pool.reload()
        self.work(1)
        self.ends_without_trouble(f"{_RELOADS} configurations")

    def scale_without_sweeping(self) -> None:
        """Keys that move away leave their values behind, and are stale if they come back. They
        stay so until they are stored again."""
        self.pool.scale(5)
        self.work(4)
        grown = self.ends("3 to 5")
        self.assertEqual(grown["errors"], {})
        self.pool.scale(3)
        self.work(4)
        shrunk = self.ends("5 to 3, not swept")
        self.assertEqual(shrunk["errors"], {})
        self.assertGreater(shrunk["stale"], 0, "the check does not see what is stale")
        self.restore()
        self.work(2)
        self.ends_without_trouble("stored again")

    def scale_and_sweep(self) -> None:
        """The members that join are empty, as new pods are, and what lies on the wrong member is
        deleted before the pool shrinks."""
        for number in (3, 4):
            self.pool.replace(number)
        self.pool.scale(5)
        self.work(3)
        self.assertGreater(self.pool.sweep()[2], 0)
        # A worker may take up the members a moment before another: this phase may see a few.
        self.work(1)
        self.assertEqual(self.ends("3 to 5, swept")["errors"], {})
        self.pool.scale(3)
        self.work(0.5)
        self.assertEqual(self.ends("5 to 3, moment")["errors"], {})
        self.work(4)
        shrunk = self.ends("5 to 3, swept")
        self.assertEqual(shrunk["errors"], {})
        self.assertEqual(shrunk["stale"], 0, shrunk)


class StandIns(RouterUnderLoad):
    """While a member is away the next one on the ring takes its place. Whatever it took, nothing
    that is older than the last write is read when the member is back, or away again."""

    def setUp(self) -> None:
        self.pool = ProvenRouter(self, 3, route="ReplicaFailoverRoute")
        self.load = Load(self, self.pool.router.port, _seed)
        self.load.store_all()
        self.load.forget()

    def ends_fresh(self, name: str) -> None:
        phase = self.ends(name)
        self.assertEqual(phase["stale"], 0, f"{name}: {phase}")

    def test_whatever_happens_nothing_wrong_is_read(self) -> None:
        self.work(1)
        self.ends_without_trouble("steady, with stand-ins")
        for turn in ("once", "again"):
            self.pool.servers[1].signal(signal.SIGSTOP)
            self.work(5)
            self.ends_fresh(f"stopped {turn}")
            self.pool.servers[1].signal(signal.SIGCONT)
            self.pool.wait_until_replayed()
            self.work(2)
            self.ends_fresh(f"continued {turn}")
        stats = self.pool.stats()
        self.assertGreater(int(stats["spool_replayed"]), 0, stats)
        self.assertGreater(int(stats["spool_copies_deleted"]), 0, stats)
        # What stood in for it has old copies of nothing.
        self.pool.servers[1].kill()
        self.work(3)
        self.ends_fresh("killed, with stand-ins")
        self.pool.replace(1)
        self.pool.wait_until_replayed()
        self.work(2)
        self.ends_fresh("started, with stand-ins")
        self.pool.router.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factor", type=float, default=1.0, help="how many times as long")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    known, rest = parser.parse_known_args()
    _factor, _seed = known.factor, known.seed
    unittest.main(argv=[sys.argv[0], *rest])
