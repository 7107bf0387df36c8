"""What a client that meets a router over several servers rightly finds other than at one server.

A check of it is marked with its name here, and is expected to fail with a router: one that passes
all the same fails its test, so that nothing stays in this table that is not so.
"""

import unittest
from collections.abc import Callable
from typing import Any

from tools.clients.server_process import IS_ROUTER

REASONS = {
    "stats": "A router's statistics are its own, in mcrouter's words: it has no items, no memory "
    "and no hash table. `stats items`, `slabs`, `sizes` and `settings` are its servers'.",
    "stats conns": "mcrouter has no such group, and ten thousand connections are no statistics.",
    "cachedump": "Keys are listed by the server that has them; a list of all would have no bound.",
    "cache_memlimit": "How much memory a server has is said to that server.",
}


def differs_with_router(what: str) -> Callable[[Any], Any]:
    """Marks a check that fails with a router, for the reason of that name."""
    assert what in REASONS, f"no difference is named {what}"
    return unittest.expectedFailure if IS_ROUTER else lambda check: check
