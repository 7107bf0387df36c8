"""The routers that are compared and the servers behind them.

Both routers send a key to the same server, so that what was stored through one is found through the
other: ketama's points of the servers' addresses, and nutcracker's default hash of keys.
"""

import os

from tools.compare import programs

SERVERS = 3

# One connection to each server is nutcracker's default, spelled out; its buffers are as it comes.
_POOL = """pool:
  listen: 127.0.0.1:{port}
  hash: fnv1a_64
  distribution: ketama
  preconnect: true
  server_connections: 1
  servers:
{servers}
"""


def nutcracker_command(program, folder, targets):
    """`folder` takes its configuration."""

    def for_port(port):
        configuration = os.path.join(folder, f"{port}.yml")
        servers = "\n".join(f"   - {target}:1" for target in targets)
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(_POOL.format(port=port, servers=servers))
        # Left to itself it logs to a folder of the system.
        return [program, f"--conf-file={configuration}", "--output=/dev/stderr",
                f"--pid-file={os.path.join(folder, f'{port}.pid')}", "--stats-addr=127.0.0.1",
                f"--stats-port={programs.free_port()}"]

    return for_port


def ringcache_command(program, targets):
    def for_port(port):
        return [program, "-p", str(port), f"--servers={','.join(targets)}", "--num-proxies=1",
                "--placement=ketama", "--key-hash=fnv1a_64", "--admin-port=off",
                "--metrics-port=off"]

    return for_port


def command(program, folder, targets):
    """By the program's name: nutcracker can stand on both sides, to see what chance does."""
    if os.path.basename(program) == "nutcracker":
        return nutcracker_command(program, folder, targets)
    return ringcache_command(program, targets)
