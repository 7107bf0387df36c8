"""The discovery program of "Deploying Memcached on GKE": discover.cc is the same with Ringcache."""

import socket
import sys

from pymemcache.client.hash import HashClient


def main(service: str = "mycache-memcached.default.svc.cluster.local", port: int = 11211) -> None:
    _, _, addresses = socket.gethostbyname_ex(service)
    client = HashClient([(address, port) for address in addresses])
    client.set("mykey", "hello")
    print(client.get("mykey").decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
