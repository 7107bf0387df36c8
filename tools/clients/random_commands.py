"""Random commands for a cache server, right and wrong, over so few keys that they meet.

What memcached 1.6.18 is known to answer differently is left out where it would only repeat
docs/protocol.md, section "Deviations from memcached"; the comments here name the row.
"""

import base64
import dataclasses
import random
import re
import time
from collections.abc import Callable

KEYS = (b"a", b"b", b"cc", b"num")
# To memcached a number that gets longer is no longer stale or won, and a number, a space and more
# is a number. Both are listed, so what gets stale, is won or appended to is not counted with.
_NEVER_NUMBERS = (b"a", b"cc")
BINARY_KEY = b"\x01\xff"  # can be spelt in base64 only

# Stands for the CAS id that a server gave to a key: the present one (age 0) or an earlier one.
_CAS = re.compile(rb"<cas:([a-z]+):(\d)>")
# Below any id of either server, once a few items are stored, and above all of them.
_OLD_CAS, _FAR_CAS = b"5", b"18446744073709551614"


@dataclasses.dataclass(frozen=True)
class Command:
    """A line, its data block, and whether memcached 1.6.18 would read that block as a command."""

    line: bytes
    block: bytes = b""
    refused: bool = False

    def encode(self, cas_of: Callable[[bytes, int], bytes], with_refused_block: bool) -> bytes:
        line = _CAS.sub(lambda found: cas_of(found[1], int(found[2])), self.line)
        return line + b"\r\n" + (self.block if with_refused_block or not self.refused else b"")

    def must_be_first(self) -> bool:
        """Whether what memcached answers depends on the replies that it has not sent yet.

        It forgets them when it refuses a key, and pads no shorter number when they need the item.
        """
        if self.line[:4] in (b"incr", b"decr") or self.line[:2] == b"ma":
            return True
        return self.line.startswith(b"g") and b"k" * 251 in self.line

    def names_cas(self) -> bool:
        return _CAS.search(self.line) is not None

    def __str__(self) -> str:
        text = repr(self.line)[2:-1]
        return text + (f" | {repr(self.block)[2:-1]}" if self.block else "")


class CommandGenerator:
    """Makes commands from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._flushed = False
        self._future = b"%d" % (int(time.time()) + 5000)

    def sequence(self, length: int) -> list[Command]:
        return [self._command() for _ in range(length)]

    def _command(self) -> Command:
        makers = (
            (self._retrieval, 10),
            (self._storage, 16),
            (self._arithmetic, 8),
            (self._touch_or_delete, 7),
            (self._administration, 3),
            (self._meta_get, 16),
            (self._meta_set, 14),
            (self._meta_delete, 8),
            (self._meta_arithmetic, 10),
            (self._meta_other, 3),
            (self._nonsense, 2),
        )
        weights = [weight for _, weight in makers]
        return self._random.choices([maker for maker, _ in makers], weights)[0]()

    # Words.

    def _one(self, *choices: bytes) -> bytes:
        return self._random.choice(choices)

    def _rarely(self, one_in: int = 12) -> bool:
        return self._random.randrange(one_in) == 0

    def _key(self) -> bytes:
        return b"k" * 251 if self._rarely(60) else self._one(*KEYS)

    def _exptime(self) -> bytes:
        if self._rarely(40):
            return self._one(b"x", b"1x", b"--1", b"9" * 30)
        past = self._one(b"-1", b"2592001")
        return self._one(b"0", b"0", b"0", b"100", b"1000", b"+100", self._future, past, past)

    def _cas(self, key: bytes = b"") -> bytes:
        """Ids of two keys say nothing about which is older, so flag I needs the id of its `key`."""
        if self._rarely(30):
            return self._one(b"x", b"-1", b"1x", b"9" * 30)
        key = key or self._one(*KEYS)
        return self._one(
            b"<cas:%s:0>" % key, b"<cas:%s:0>" % key, b"<cas:%s:1>" % key, _OLD_CAS, _FAR_CAS
        )

    def _number(self) -> bytes:
        if self._rarely():
            return self._one(b"x", b"-1", b"1x", b"18446744073709551616", b"1.5", b"+3", b"9" * 25)
        return self._one(b"0", b"1", b"3", b"10", b"99", b"1000", b"1000000")

    def _noreply(self) -> bytes:
        if self._rarely(25):
            return self._one(b" noreplyx", b" x", b" x y", b" noreply x", b" x noreply")
        return b" noreply" if self._rarely(5) else b""

    def _value(self) -> bytes:
        # That spaces may stand before a number is listed, and what a value of 2^63 needs.
        return self._random.choice(
            (b"", b"v", b"hello", b"10", b"99", b"100", b"0", b"7 ", b"007")
            + (b"4611686018427387904", b"18446744073709551616", b"9" * 25, b"get a\r\nx")
            + (b"x" * 300, b"y" * 3000)
        )

    def _block(self, size: int, value: bytes) -> bytes:
        """A block of the size, or one that ends wrongly, with all bytes that belong to it."""
        if not self._rarely(25):
            return value + b"\r\n"
        return self._one(b"z" * size + b"zz", b"z" * size + b"z\r\n", b"z" * size + b"\nzqq\r\n")

    # Classic commands.

    def _retrieval(self) -> Command:
        word = self._one(b"get", b"get", b"gets", b"gat", b"gats")
        words = [word]
        if word.startswith(b"gat"):
            words.append(self._exptime())
        words += [self._key() for _ in range(self._random.choice((1, 1, 1, 2, 3, 6)))]
        if b"k" * 251 in words:  # alone, as memcached counts the keys before it
            words = words[: 2 if word.startswith(b"gat") else 1] + [b"k" * 251]
        if self._rarely(40) and not word.startswith(b"gat"):
            words = [word]  # `gat 0` alone is listed
        return Command(self._one(b" ", b" ", b" ", b"  ").join(words))

    def _storage(self) -> Command:
        word = self._one(b"set", b"set", b"set", b"add", b"replace", b"append", b"prepend", b"cas")
        value = self._value()
        key, exptime, size = self._key(), self._exptime(), b"%d" % len(value)
        if word in (b"append", b"prepend") and len(key) <= 250:
            key = self._one(*_NEVER_NUMBERS)
        flags = self._one(b"0", b"0", b"5", b"4294967295")
        if self._rarely(50):
            flags = self._one(b"x", b"-1", b"5x")
        words = [word, key, flags, exptime, size]
        if word == b"cas":
            words.append(self._cas())
        if self._rarely(60):
            words[4] = self._one(b"-1", b"x", b"2147483647", b"2147483648")
            return Command(b" ".join(words))
        if self._rarely(60):
            return Command(b" ".join(words[: self._random.randrange(1, 4)]))
        if self._rarely(60):
            words[4] = b"1048576"  # larger than any item
            value = b"w" * 1048576
        line = b" ".join(words) + self._noreply()
        if _is_refused_storage(line):
            return Command(line, value + b"\r\n", refused=True)
        return Command(line, self._block(len(value), value))

    def _arithmetic(self) -> Command:
        key = b"k" * 251 if self._rarely(30) else self._one(b"num", b"num", b"b")
        words = [self._one(b"incr", b"decr"), key]
        if words[0] == b"decr" and self._rarely(6):
            words.append(b"18446744073709551615")  # incr would make 2^63 and more of 0
        elif not self._rarely(40):
            words.append(self._number())
        return Command(b" ".join(words) + self._noreply())

    def _touch_or_delete(self) -> Command:
        if self._rarely(2):
            # `delete k 5` and `delete k 5 noreply` are listed.
            rest = self._one(b"", b"", b" 0", b" noreply", b" noreply", b" x", b" 0 x", b" x y")
            return Command(b"delete " + self._one(*KEYS) + rest)
        words = [b"touch", self._key()]
        if not self._rarely(40):
            words.append(self._exptime())
        return Command(b" ".join(words) + self._noreply())

    def _administration(self) -> Command:
        if self._rarely(3):
            return Command(b"verbosity" + self._one(b"", b" 0", b" 0 noreply", b" x", b" 0 x y"))
        delay = self._one(b"", b"", b" 0", b" -1", b" 1000", b" x", b" 0 x y")
        if delay == b" 1000" and self._flushed:
            delay = b""  # that memcached forgets the earlier flush is listed
        self._flushed = self._flushed or delay != b" 1000"
        return Command(b"flush_all" + delay + self._one(b"", b"", b" noreply"))

    def _nonsense(self) -> Command:
        return Command(
            self._one(
                b"", b" ", b"bogus", b"GET a", b"getx a", b"mg", b"ms", b"md", b"ma", b"me",
                b"incr", b"delete", b"touch", b"gets", b"stats bogus", b"m a", b"mq a", b"\x01",
                b"setx a 0 0 1",
            )
        )  # fmt: skip

    # Meta commands.

    def _meta_key(self, flags: list[bytes], key: bytes = b"") -> bytes:
        """A `key`, or any, as it is or in base64."""
        if not self._rarely(6):
            return key or self._key()
        flags.append(b"b")
        if self._rarely(10):
            return self._one(b"!!!", b"a", b"YQ=", b"=", b"====")
        if len(key) > 250:
            key = BINARY_KEY  # what is too long only as base64 is listed
        return base64.b64encode(key or self._one(*KEYS, BINARY_KEY))

    def _line(self, start: list[bytes], flags: list[bytes]) -> bytes:
        self._random.shuffle(flags)
        if flags and self._rarely(40):
            flags.append(self._random.choice(flags))
        if self._rarely(60):
            wrong = (b"!", b"i", b"y", b"Q", b"1", b"T", b"C", b"N", b"R", b"Fx", b"J")
            flags.append(self._one(*wrong))
        return b" ".join(start + flags)

    def _some(self, *flags: bytes) -> list[bytes]:
        return self._random.sample(flags, self._random.randrange(min(7, len(flags) + 1)))

    def _opaque(self) -> bytes:
        # `O` of 32 bytes, and what a longer one does before it is refused, is listed.
        return b"O" + self._one(b"", b"1", b"opaque", b"o" * 31, b"o" * 8)

    def _meta_get(self) -> Command:
        flags = self._some(
            b"c", b"f", b"h", b"k", b"l", b"s", b"t", b"u", b"v", b"v", b"q", self._opaque(),
            b"T" + self._exptime(), b"N" + self._exptime(),
        )  # fmt: skip
        plain = self._key()
        if plain in _NEVER_NUMBERS and self._rarely(2):
            flags.append(b"R" + self._one(b"50", b"500", b"3000"))
        key = self._meta_key(flags, plain)
        return Command(self._line([b"mg", key], flags))

    def _meta_set(self) -> Command:
        mode = self._one(b"S", b"E", b"R", b"A", b"P", b"s", b"e", b"r", b"a", b"p")
        if self._rarely(30):
            mode = self._one(b"X", b"I")
        plain, stale = self._key(), []
        if mode in (b"A", b"P"):
            plain = self._one(*_NEVER_NUMBERS)
        if plain in _NEVER_NUMBERS and self._rarely(2):
            stale.append(b"I")
        cas = self._cas(plain if stale else b"")
        flags = self._some(
            b"c", b"k", b"q", self._opaque(), b"M" + mode, b"C" + cas,
            b"F" + self._one(b"0", b"7", b"4294967295"), b"T" + self._exptime(),
            b"N" + self._exptime(),
        )  # fmt: skip
        if b"M" + mode in flags and mode in (b"A", b"P"):
            flags = [flag for flag in flags if flag[:1] != b"N"]  # listed
        flags += stale
        key = self._meta_key(flags, plain)
        value = self._value()
        size = b"%d" % len(value)
        if self._rarely(60):
            return Command(self._line([b"ms", key, self._one(b"-1", b"x", b"2147483647")], flags))
        if self._rarely(100):
            value, size = b"w" * 1048576, b"1048576"
        line = self._line([b"ms", key, size], flags)
        if len(key) > 250:
            return Command(line, value + b"\r\n", refused=True)
        return Command(line, self._block(len(value), value))

    def _meta_delete(self) -> Command:
        flags = self._some(
            b"k", b"q", b"C" + self._cas(), self._opaque(), b"T" + self._exptime()
        )
        plain = self._key()
        if plain in _NEVER_NUMBERS and self._rarely(2):
            flags.append(b"I")
        key = self._meta_key(flags, plain)
        return Command(self._line([b"md", key], flags))

    def _meta_arithmetic(self) -> Command:
        mode = self._one(b"I", b"D", b"+", b"-", b"i", b"d")
        if self._rarely(30):
            mode = self._one(b"X", b"S")  # several letters, or none, are listed
        flags = self._some(
            b"c", b"k", b"q", b"t", b"v", b"v", b"C" + self._cas(), self._opaque(), b"M" + mode,
            b"N" + self._exptime(), b"J" + self._number(), b"D" + self._number(),
        )  # fmt: skip
        if b"M-" in flags or b"MD" in flags:
            flags += self._some(b"T" + self._exptime())  # what gets longer loses T: listed
        key = self._meta_key(flags, self._one(b"num", b"num", b"b"))
        return Command(self._line([b"ma", key], flags))

    def _meta_other(self) -> Command:
        lines = (b"mn", b"mn x", b"me a", b"me num", b"me YQ== b", b"me " + b"k" * 251)
        return Command(self._one(*lines))


def _is_refused_storage(line: bytes) -> bool:
    """Whether the line is refused although its length is readable (the row about these lines)."""
    words = line.split()
    least = 6 if words[0] == b"cas" else 5
    if len(words) < least:
        return False
    return (
        len(words[1]) > 250
        or len(words) > least + 1
        or not words[2].isdigit()
        or not re.fullmatch(rb"[-+]?\d{1,18}", words[3])
        or (least == 6 and not re.fullmatch(rb"<cas.*|\d{1,20}", words[5]))
    )
