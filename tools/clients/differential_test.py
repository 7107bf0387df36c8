"""Holds the server against memcached 1.6.18: the same random commands must get the same replies.

CLIENTS_SEED repeats one sequence, CLIENTS_SEQUENCES tries more of them than the default. What may
differ is decided here line by line, and in random_commands.py by what is never sent.
"""

import base64
import dataclasses
import os
import random
import re
import unittest
from collections.abc import Callable, Sequence

from tools.clients import installed
from tools.clients.random_commands import BINARY_KEY, KEYS, Command, CommandGenerator
from tools.clients.raw_connection import RawConnection
from tools.clients.server_process import ServerProcess, not_with_memcached

_SEQUENCES = int(os.environ.get("CLIENTS_SEQUENCES", "1000"))
_SEED = os.environ.get("CLIENTS_SEED")
_COMMANDS_OF_A_SEQUENCE = 40
_MOST_TRIES_TO_MINIMISE = 300
# A server that says nothing for as long has swallowed something.
_REPLY_LIMIT_S = 10.0

_COUNTERS = (
    "cmd_get cmd_set cmd_flush cmd_touch cmd_meta get_hits get_misses get_expired get_flushed "
    "delete_hits delete_misses incr_hits incr_misses decr_hits decr_misses cas_hits cas_misses "
    "cas_badval touch_hits touch_misses store_too_large store_no_memory total_items curr_items "
    "reclaimed"
).split()

_SPELT_KEYS = {base64.b64encode(key): key for key in (*KEYS, BINARY_KEY)}

_ERRORS_OF_META_TOKENS = (
    b"CLIENT_ERROR bad token in command line format",
    b"CLIENT_ERROR bad command line format",
    b"CLIENT_ERROR error decoding key",
)


@dataclasses.dataclass(frozen=True)
class Group:
    """Commands that are sent at once, in pieces that a seed decides on."""

    commands: tuple[Command, ...]
    seed: int | None = None  # None: in one piece

    def pieces(self, data: bytes) -> list[bytes]:
        if self.seed is None or len(data) < 2:
            return [data]
        cutter = random.Random(self.seed)
        count = min(cutter.randrange(4), len(data) - 1)
        cuts = [0, *sorted(cutter.sample(range(1, len(data)), count)), len(data)]
        return [data[begin:end] for begin, end in zip(cuts, cuts[1:])]


class Peer:
    """One of the two servers, with the CAS ids that it gave."""

    def __init__(self, name: str, server: ServerProcess, reads_refused_blocks: bool) -> None:
        self.name = name
        self._server = server
        self._reads_refused_blocks = reads_refused_blocks
        self._connection = self._connect()
        self._ids: dict[bytes, list[bytes]] = {}
        self._names: dict[bytes, bytes] = {}
        for number in range(20):
            self._connection.store(b"first", b"%d" % number)
        self._connection.ask(b"delete first")

    def _connect(self) -> RawConnection:
        return RawConnection(self._server.address, limit_s=_REPLY_LIMIT_S)

    def begin(self) -> None:
        """Forgets all items and ids."""
        self._ids, self._names = {}, {}
        for key in KEYS:
            self._connection.ask(b"delete " + key)
        self._connection.ask(b"md %s b" % base64.b64encode(BINARY_KEY))
        self._connection.ask(b"flush_all")

    def look(self) -> list[list[bytes]]:
        """The items as `me` tells them, which changes nothing."""
        replies = [self._connection.ask(b"me " + key) for key in KEYS]
        self._connection.ask(b"me %s b" % base64.b64encode(BINARY_KEY))
        for key, reply in zip(KEYS, replies):
            found = re.search(rb" cas=(\d+)", reply)
            if found and found[1] not in self._ids.setdefault(key, []):
                self._ids[key].append(found[1])
        return [self._words(reply) for reply in replies]

    def _id(self, key: bytes, age: int) -> bytes:
        ids = self._ids.get(key, [])
        return ids[-1 - age] if len(ids) > age else b"6"

    def send(self, group: Group) -> None:
        encoded = [
            command.encode(self._id, self._reads_refused_blocks) for command in group.commands
        ]
        # What `version` answers ends the replies; no other command answers so.
        for piece in group.pieces(b"".join(encoded) + b"version\r\n"):
            try:
                self._connection.send(piece)
            except ConnectionError:
                break

    def receive(self) -> list[list[bytes]]:
        """The replies' lines as words, data blocks as lines of one word."""
        lines: list[list[bytes]] = []
        try:
            while not (line := self._connection.receive_line()).startswith(b"VERSION "):
                words = line.split(b" ")
                lines.append(self._words(line))
                if words[0] == b"VALUE" or (words[0] == b"VA" and len(words) > 1):
                    size = int(words[3 if words[0] == b"VALUE" else 1])
                    lines.append([b"data " + self._connection.receive_exactly(size + 2)])
        except (EOFError, ConnectionError):
            self._connection = self._connect()
            lines.append([b"<closed>"])
        except TimeoutError:
            self._connection = self._connect()
            lines.append([b"<silent>"])
        return lines

    def _words(self, line: bytes) -> list[bytes]:
        """A line's words, CAS ids by the order in which they appeared."""
        words = line.split(b" ")
        _decode_keys(words)
        for i, word in enumerate(words):
            found = None
            if words[0] == b"VALUE":
                found = re.fullmatch(rb"()(\d+)", word) if i == 4 else None
            elif words[0] == b"ME":
                found = re.fullmatch(rb"(cas=)(\d+)", word)
            elif words[0] in (b"HD", b"VA", b"EX", b"NS", b"NF", b"EN"):
                found = re.fullmatch(rb"(c)([1-9]\d*)", word)
            if found:
                name = self._names.setdefault(found[2], b"<id %d>" % len(self._names))
                words[i] = found[1] + name
        return words

    def counters(self) -> dict[str, int]:
        found = self._connection.statistics()
        return {name: int(found[name]) for name in _COUNTERS}


def _decode_keys(words: list[bytes]) -> None:
    """memcached returns a key as it was spelt when the item was stored, we as it was asked for."""
    if words[0] == b"ME" and words[1] in _SPELT_KEYS:
        words[1] = _SPELT_KEYS[words[1]]
    at = words.index(b"b") if words[0] != b"VALUE" and b"b" in words else 0
    if words[at - 1][:1] == b"k" and words[at - 1][1:] in _SPELT_KEYS:
        words[at - 1] = b"k" + _SPELT_KEYS[words[at - 1][1:]]
        del words[at]


def _are_alike(ours: Sequence[bytes], theirs: Sequence[bytes]) -> bool:
    """Whether two lines say the same."""
    if _may_be_refused_otherwise(b" ".join(ours), b" ".join(theirs)):
        return True
    return len(ours) == len(theirs) and all(
        a == b or _is_same_second(a, b) or _may_differ(ours[0], a) for a, b in zip(ours, theirs)
    )


def _may_be_refused_otherwise(ours: bytes, theirs: bytes) -> bool:
    """Of several things that are wrong one is told: by us the first, by memcached the last."""
    # An empty value with another CAS id.
    if theirs == b"CLIENT_ERROR cannot increment or decrement non-numeric value":
        return ours.startswith(b"EX")
    return ours in _ERRORS_OF_META_TOKENS and theirs in _ERRORS_OF_META_TOKENS


def _is_same_second(ours: bytes, theirs: bytes) -> bool:
    """For the flags l and t and for exp and la of me.

    Each server has a clock of its own; memcached's ticks once a second and starts between two.
    """
    pattern = rb"(l|t|exp=|la=)(-?\d+)"
    a, b = re.fullmatch(pattern, ours), re.fullmatch(pattern, theirs)
    if not a or not b or a[1] != b[1]:
        return False
    our_time, their_time = int(a[2]), int(b[2])
    # 1.6.18 shows the time since the expiry, so less than 0; later versions the time to it.
    if a[1] == b"exp=" and their_time < -1:
        their_time = -their_time
    # What expired before it was stored: 1.6.18 shows 32 bits that have wrapped.
    if a[1] == b"t" and our_time <= 0 and their_time > 1 << 31:
        return True
    return abs(our_time - their_time) <= 2


def _may_differ(code: bytes, word: bytes) -> bool:
    """How an item lies in memory is each server's own affair."""
    return code == b"ME" and word.startswith((b"size=", b"cls="))


def _may_count_more(name: str, ours: dict[str, int], theirs: dict[str, int]) -> bool:
    """For counters that docs/protocol.md lists: whether memcached's may be this much larger."""
    if name in ("get_expired", "get_flushed"):
        # By any command that finds such an item, and not if an allocation found it first.
        return ours[name] <= theirs[name] + theirs["reclaimed"]
    if name == "total_items":
        # A number for which there is no room where the old one lies counts as an item.
        return ours[name] <= theirs[name] <= ours[name] + theirs["incr_hits"] + theirs["decr_hits"]
    if name == "cmd_flush":
        return ours[name] < theirs[name]  # with an unreadable delay
    return name == "reclaimed"


class Comparison:
    """Plays sequences to both servers."""

    def __init__(self, ours: Peer, theirs: Peer) -> None:
        self._peers = (ours, theirs)

    def difference(self, groups: Sequence[Group]) -> str | None:
        """What the two disagree on, and None if they agree."""
        for peer in self._peers:
            peer.begin()
        before = [peer.counters() for peer in self._peers]
        for group in groups:
            if any(command.names_cas() for command in group.commands):
                found = self._compare("items before a group", [p.look() for p in self._peers])
                if found:
                    return found
            for peer in self._peers:
                peer.send(group)
            found = self._compare("replies", [peer.receive() for peer in self._peers])
            if found:
                return found
        after = [peer.counters() for peer in self._peers]
        found = self._compare("items at the end", [peer.look() for peer in self._peers])
        # An expired item is there until somebody looks for it.
        for late, peer in zip(after, self._peers):
            late["curr_items"] = peer.counters()["curr_items"]
        return found or self._compare_counters(before, after)

    def _compare(self, what: str, lines: list[list[list[bytes]]]) -> str | None:
        ours, theirs = lines
        for i in range(max(len(ours), len(theirs))):
            a = ours[i] if i < len(ours) else [b"<nothing>"]
            b = theirs[i] if i < len(theirs) else [b"<nothing>"]
            if not _are_alike(a, b):
                texts = [repr(b" ".join(words))[1:200] for words in (a, b)]
                names = [peer.name for peer in self._peers]
                return f"{what}, line {i + 1}\n  {names[0]}: {texts[0]}\n  {names[1]}: {texts[1]}"
        return None

    def _compare_counters(self, before: list, after: list) -> str | None:
        ours, theirs = (
            {name: late[name] - early[name] for name in _COUNTERS}
            for early, late in zip(before, after)
        )
        wrong = [
            f"{name}: {self._peers[0].name} {ours[name]}, {self._peers[1].name} {theirs[name]}"
            for name in _COUNTERS
            if ours[name] != theirs[name]
            and not _may_count_more(name, ours, theirs)
        ]
        return "counters\n  " + "\n  ".join(wrong) if wrong else None


def _grouped(seed: int) -> list[Group]:
    """The sequence of a seed."""
    commands = CommandGenerator(seed).sequence(_COMMANDS_OF_A_SEQUENCE)
    dealer = random.Random(seed)
    groups = []
    while commands:
        size = dealer.choice((1, 1, 2, 4, 8))
        for i, command in enumerate(commands[1:size], 1):
            if command.must_be_first():
                size = i
                break
        groups.append(Group(tuple(commands[:size]), dealer.randrange(1 << 30)))
        commands = commands[size:]
    return groups


def _minimised(groups: list[Group], fails: Callable[[list[Group]], bool]) -> list[Group]:
    """A part of the groups that still fails: delta debugging by halves, quarters and so on."""
    alone = [Group((command,)) for group in groups for command in group.commands]
    if fails(alone):
        groups = alone
    tries = 0
    size = len(groups)
    while size >= 1:
        begin, shrunk = 0, False
        while begin < len(groups) and tries < _MOST_TRIES_TO_MINIMISE:
            rest = groups[:begin] + groups[begin + size :]
            tries += 1
            if rest and fails(rest):
                groups, shrunk = rest, True
            else:
                begin += size
        if not shrunk or size > 1:
            size //= 2
    return groups


class Differential(unittest.TestCase):
    @not_with_memcached("the exceptions are those of our server")
    def test_random_commands_get_the_same_replies(self) -> None:
        memcached = installed.program("memcached", "memcached")
        with (
            ServerProcess("-t", "1") as our_server,
            # Its background threads remove expired items when they please, and curr_items tells.
            ServerProcess(
                "-t", "1", "-o", "no_lru_crawler,no_lru_maintainer", program=memcached
            ) as their_server,
        ):
            comparison = Comparison(
                Peer("ours", our_server, True), Peer("1.6.18", their_server, False)
            )
            seeds = [int(_SEED)] if _SEED else range(1, _SEQUENCES + 1)
            for seed in seeds:
                self._check(comparison, seed)

    def _check(self, comparison: Comparison, seed: int) -> None:
        groups = _grouped(seed)
        first = comparison.difference(groups)
        # What does not happen again was the tick of a clock between two commands.
        if first is None or comparison.difference(groups) is None:
            return
        groups = _minimised(groups, lambda part: comparison.difference(part) is not None)
        lines = [
            ("" if i == 0 else "  with ") + str(command)
            for group in groups
            for i, command in enumerate(group.commands)
        ]
        self.fail(
            f"CLIENTS_SEED={seed}\n{comparison.difference(groups) or first}\nafter\n  "
            + "\n  ".join(lines)
        )


if __name__ == "__main__":
    unittest.main()
