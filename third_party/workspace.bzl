"""Everything that comes from outside the tree: all is in Debian's packages, see packages.txt."""

load("//third_party:debian_library.bzl", "debian_library")
load("//third_party/absl:targets.bzl", "ABSL_TARGETS")
load("//third_party/protobuf:well_known_protos.bzl", "WELL_KNOWN_PROTOS")

def _rule_sets():
    """Replaces what Bazel 4 would download before the first target."""
    native.local_repository(name = "platforms", path = "/usr/share/bazel/platforms")
    native.local_repository(name = "bazel_skylib", path = "/usr/share/bazel/tools/skylib")
    native.local_repository(name = "rules_java", path = "/usr/share/bazel/rules/java")
    native.local_repository(name = "rules_proto", path = "/usr/share/bazel/rules/proto")

    # Debian's bazel-rules-cc is too new for Bazel 4.2: a stub forwards to the built-in rules.
    native.local_repository(name = "rules_cc", path = "third_party/bazel/rules_cc")
    native.local_repository(
        name = "com_google_protobuf",
        path = "third_party/bazel/com_google_protobuf",
    )
    native.local_repository(
        name = "remote_coverage_tools",
        path = "third_party/bazel/remote_coverage_tools",
    )

def ringcache_dependencies():
    """Declares every external repository. Each is fetched only when a target needs it."""
    _rule_sets()
    debian_library(name = "debian_absl", package = "libabsl-dev", modules = ABSL_TARGETS)
    debian_library(
        name = "debian_benchmark",
        package = "libbenchmark-dev",
        modules = {"benchmark": "benchmark"},
    )
    debian_library(
        name = "debian_cares",
        package = "libc-ares-dev",
        modules = {"cares": "libcares"},
    )
    debian_library(
        name = "debian_googlemock",
        package = "libgmock-dev",
        modules = {"gmock": "gmock", "gmock_main": "gmock_main"},
    )
    debian_library(
        name = "debian_googletest",
        package = "libgtest-dev",
        modules = {"gtest": "gtest", "gtest_main": "gtest_main"},
    )

    # gRPC without TLS, which the admin interface does not offer: a process needs 4 MB less memory
    # than with all of the library. The shared library of reflection would bring all of it back, its
    # archive does not.
    debian_library(
        name = "debian_grpc",
        package = "libgrpc++-dev",
        archives = {"grpc++_reflection": "libgrpc++_reflection.a"},
        modules = {"grpc++": "grpc++_unsecure"},
    )
    debian_library(
        name = "debian_grpc_plugin",
        package = "protobuf-compiler-grpc",
        programs = ["/usr/bin/grpc_cpp_plugin"],
    )
    debian_library(
        name = "debian_grpc_proto",
        package = "grpc-proto",
        proto_root = "/usr/share/grpc-proto",
        protos = [
            "grpc/health/v1/health.proto",
            "grpc/reflection/v1alpha/reflection.proto",
        ],
    )
    debian_library(
        name = "debian_jsoncpp",
        package = "libjsoncpp-dev",
        modules = {"jsoncpp": "jsoncpp"},
    )
    debian_library(
        name = "debian_libmemcached",
        package = "libmemcached-dev",
        modules = {"libmemcached": "libmemcached"},
    )
    debian_library(
        name = "debian_openssl",
        package = "libssl-dev",
        modules = {"crypto": "libcrypto", "ssl": "libssl"},
    )
    debian_library(
        name = "debian_prometheus",
        package = "prometheus-cpp-dev",
        modules = {"core": "prometheus-cpp-core", "pull": "prometheus-cpp-pull"},
    )
    debian_library(
        name = "debian_protobuf",
        package = "libprotobuf-dev",
        modules = {"protobuf": "protobuf"},
        protos = ["google/protobuf/%s.proto" % name for name in WELL_KNOWN_PROTOS],
    )
    debian_library(
        name = "debian_protoc",
        package = "protobuf-compiler",
        programs = ["/usr/bin/protoc"],
    )
    debian_library(name = "debian_zlib", package = "zlib1g-dev", modules = {"zlib": "zlib"})
