"""gRPC's contracts as a client that is not ours sees them: python3-grpcio, and messages that are
made from the descriptors that protoc wrote.

The environment variable ADMIN_CONTRACTS names the files with the descriptors, separated by spaces.
"""

import os
import pathlib
import threading
from collections.abc import Iterator
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, message_factory

# Long enough for a machine that does much else.
LIMIT_S = 60.0

ADMIN = "ringcache.admin.v1.Admin"
HEALTH = "grpc.health.v1.Health"
REFLECTION = "grpc.reflection.v1alpha.ServerReflection"


class Contracts:
    """All services and messages of the files."""

    def __init__(self) -> None:
        self._pool = descriptor_pool.DescriptorPool()
        self._pool.AddSerializedFile(duration_pb2.DESCRIPTOR.serialized_pb)
        for path in os.environ["ADMIN_CONTRACTS"].split():
            files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(path).read_bytes())
            for file in files.file:
                self._pool.Add(file)
        self._messages = message_factory.MessageFactory(self._pool)

    def methods(self, service: str) -> list[str]:
        return [method.name for method in self._pool.FindServiceByName(service).methods]

    def method(self, service: str, name: str) -> Any:
        return self._pool.FindServiceByName(service).FindMethodByName(name)

    def prototype(self, descriptor: Any) -> Any:
        return self._messages.GetPrototype(descriptor)


class Client:
    """One connection to `address`."""

    def __init__(self, contracts: Contracts, address: str) -> None:
        self._contracts = contracts
        self.channel = grpc.insecure_channel(
            address, [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
        )

    def close(self) -> None:
        self.channel.close()

    def _prepare(self, service: str, method: str, streams: bool) -> tuple[Any, Any]:
        descriptor = self._contracts.method(service, method)
        request = self._contracts.prototype(descriptor.input_type)
        reply = self._contracts.prototype(descriptor.output_type)
        make = self.channel.unary_stream if streams else self.channel.unary_unary
        call = make(
            f"/{service}/{method}",
            request_serializer=lambda message: (
                message if isinstance(message, bytes) else message.SerializeToString()
            ),
            response_deserializer=reply.FromString,
        )
        return call, request

    def call(self, method: str, **fields: Any) -> Any:
        """The reply to a call of Admin."""
        call, request = self._prepare(ADMIN, method, streams=False)
        return call(request(**fields), timeout=LIMIT_S)

    def watch(self, method: str, **fields: Any) -> Any:
        """An iterator over the replies, which can be cancelled."""
        call, request = self._prepare(ADMIN, method, streams=True)
        return call(request(**fields), timeout=LIMIT_S)

    def send(self, method: str, message: bytes) -> None:
        """Calls with arbitrary bytes as the message, and waits for the first reply."""
        streams = method.startswith("Watch")
        call, _ = self._prepare(ADMIN, method, streams)
        reply = call(message, timeout=LIMIT_S)
        if streams:
            next(reply)
            reply.cancel()

    def check(self, service: str = "") -> str:
        """What the health service says, such as SERVING."""
        call, request = self._prepare(HEALTH, "Check", streams=False)
        reply = call(request(service=service), timeout=LIMIT_S)
        return str(reply.ServingStatus.Name(reply.status))

    def watch_health(self, service: str = "") -> Any:
        call, request = self._prepare(HEALTH, "Watch", streams=True)
        return call(request(service=service), timeout=LIMIT_S)

    def reflect(self, done: threading.Event) -> Any:
        """Replies to a call that asks reflection for its list, and asks no more until `done`."""
        descriptor = self._contracts.method(REFLECTION, "ServerReflectionInfo")
        request = self._contracts.prototype(descriptor.input_type)

        def requests() -> Iterator[Any]:
            yield request(list_services="")
            done.wait()

        call = self.channel.stream_stream(
            f"/{REFLECTION}/ServerReflectionInfo",
            request_serializer=request.SerializeToString,
            response_deserializer=self._contracts.prototype(descriptor.output_type).FromString,
        )
        return call(requests(), timeout=LIMIT_S)

    def services(self) -> list[str]:
        """What reflection lists."""
        done = threading.Event()
        reply = next(self.reflect(done)).list_services_response
        done.set()
        return [service.name for service in reply.service]
