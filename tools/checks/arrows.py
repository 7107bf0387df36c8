"""Who may use whom: the table of docs/architecture.md, as layering_test holds it.

A key is a top folder, or a target that is a room of its own in it. A value lists folders or
targets. Abseil is everybody's and is not listed. A folder with C++ that is missing here fails.
"""

CRYPTO = "//third_party/openssl:crypto"
TLS = "//third_party/openssl:ssl"

ARROWS = {
    # Leaves: they know Abseil, not each other.
    "protocol": [],
    "storage": [],
    "metrics": [],
    "hashring": [CRYPTO],
    "net": [CRYPTO, TLS],
    "flags": [],
    # Building blocks.
    "process": ["net"],
    "ring_flags": ["flags", "hashring"],
    "discovery": ["net", "third_party/cares"],
    "client": ["net", "protocol", "hashring", "discovery", "metrics"],
    # Services.
    "server": ["net", "process", "protocol", "storage", "metrics", "flags", "//admin:backend"],
    "router": [
        "net",
        "process",
        "flags",
        "ring_flags",
        "protocol",
        "client",
        "discovery",
        "hashring",
        "metrics",
        "//admin:backend",
        "//admin:flags",
        "//admin:ring",
        "third_party/jsoncpp",
        CRYPTO,
        # The checksums of the spool.
        "third_party/zlib",
    ],
    # The control plane. //admin:backend and what it reaches in its folder is a room of its own.
    "//admin:backend": ["metrics"],
    "//admin:flags": ["flags"],
    # So are rings as an admin sees them, which a router has and others may observe.
    "//admin:ring": ["discovery", "hashring", "net"],
    # A client of a stock memcached.
    "//admin/sidecar:lib": ["client", "discovery", "flags", "net", "process"],
    "admin": [
        "metrics",
        # Its lock and its descriptors.
        "net",
        "third_party/grpc",
        "third_party/protobuf",
        "third_party/prometheus",
    ],
}

# Only programs compose: they may use any public target.
PROGRAMS = ["//server:server", "//router:router", "//admin/sidecar:sidecar"]

# Below these folders all is programs.
PROGRAM_FOLDERS = ["tools", "third_party"]

# What a package's tests and benchmarks may use besides.
TEST_ARROWS = {
    "*": ["third_party/googletest", "third_party/benchmark", "tools/build"],
    # A server is tested through a real connection, the router in front of a real store.
    "server": ["client", CRYPTO, TLS],
    "router": ["server", "storage"],
    "admin": ["client", "discovery", "hashring", "net"],
    "client": ["process", "server"],
}

# Targets that other packages may name. A package that is not listed has one, named like its folder.
PUBLIC_TARGETS = {
    "server": ["lib", "options", "server"],
    "router": ["lib", "options", "router"],
    "admin": ["backend", "flags", "ring", "service", "sidecar", "stubs"],
}

# The wall around gRPC: nothing but these may reach it, by whatever path.
WALLED_LIBRARIES = [
    "//third_party/grpc:grpc++",
    "//third_party/protobuf:protobuf",
    "//third_party/prometheus:prometheus",
    "//third_party/prometheus:pull",
]

# What is there to use gRPC.
BEHIND_THE_WALL = ["//admin:service", "//admin:sidecar", "//admin:stubs"]

# An include that starts like this needs a dep on a target of this folder.
THIRD_PARTY_INCLUDES = {
    "absl/": "third_party/absl",
    "ares": "third_party/cares",
    "benchmark/": "third_party/benchmark",
    "gmock/": "third_party/googletest",
    "google/protobuf/": "third_party/protobuf",
    "grpc/": "third_party/grpc",
    "grpcpp/": "third_party/grpc",
    "gtest/": "third_party/googletest",
    "json/": "third_party/jsoncpp",
    "openssl/": "third_party/openssl",
    "prometheus/": "third_party/prometheus",
    "zlib.h": "third_party/zlib",
}
