"""The protobuf library's own messages that a .proto of the project may import: `<name>_proto`."""

WELL_KNOWN_PROTOS = [
    "any",
    "duration",
    "empty",
    "struct",
    "timestamp",
    "wrappers",
]
