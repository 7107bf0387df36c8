"""Holds deps and #includes against the table of arrows.py. Reads the real tree: always runs."""

import pathlib
import tempfile
import unittest

from tools.checks import arrows, layering, source_tree


def violations_of(files, check):
    """Runs one check on a tree of the given files, {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        graph = layering.Graph(source_tree.SourceTree(folder))
        return graph.violations + list(check(graph))


def library(name, deps=(), hdrs=(), rule="cc_library", **attributes):
    lines = "".join(f"    {key} = {value!r},\n" for key, value in attributes.items())
    fixed = f"    name = {name!r},\n    hdrs = {list(hdrs)!r},\n    deps = {list(deps)!r},\n"
    return f"{rule}(\n{fixed}{lines})\n"


class ArrowsTest(unittest.TestCase):
    def one(self, path, *targets):
        return violations_of({path: "\n".join(targets)}, layering.check_arrows)

    def test_an_arrow_of_the_table_is_allowed(self):
        self.assertEqual(self.one("client/BUILD", library("client", ["//net", ":pool"])), [])
        absl = library("storage", ["//third_party/absl:span"])
        self.assertEqual(self.one("storage/BUILD", absl), [])

    def test_a_leaf_may_not_know_a_leaf(self):
        self.assertEqual(
            self.one("storage/BUILD", library("storage", ["//protocol"])),
            ["//storage:storage: may not use //protocol:protocol"],
        )

    def test_a_leaf_may_not_use_other_libraries(self):
        build = library("metrics", ["//third_party/prometheus"])
        self.assertEqual(len(self.one("metrics/BUILD", build)), 1)

    def test_a_select_hides_no_dep(self):
        build = 'cc_library(name = "x", deps = [] + select({"a": [":y"], "b": ["//net"]}))'
        self.assertEqual(len(self.one("storage/BUILD", build)), 1)

    def test_a_subpackage_is_held_like_its_folder(self):
        self.assertEqual(len(self.one("storage/slab/BUILD", library("slab", ["//net"]))), 1)

    def test_external_labels_belong_to_third_party(self):
        build = library("x", ["@debian_absl//:strings"])
        self.assertEqual(len(self.one("tools/x/BUILD", build)), 1)

    def test_an_unknown_folder_fails(self):
        found = self.one("gossip/BUILD", library("gossip"))
        self.assertEqual(len(found), 1)
        self.assertIn("not in the table", found[0])

    def test_only_programs_compose(self):
        deps = ["//admin:service"]
        self.assertEqual(self.one("server/BUILD", library("server", deps, rule="cc_binary")), [])
        self.assertEqual(len(self.one("server/BUILD", library("lib", deps))), 1)

    def test_tests_may_use_the_test_libraries(self):
        deps = ["//third_party/googletest:gtest_main"]
        self.assertEqual(self.one("net/BUILD", library("loop_test", deps, rule="cc_test")), [])
        self.assertEqual(len(self.one("net/BUILD", library("loop", deps))), 1)

    def test_what_the_backend_reaches_may_not_use_grpc(self):
        backend = library("backend", [":snapshot"])
        snapshot = library("snapshot", ["//third_party/grpc:grpc++"])
        service = library("service", [":backend", "//third_party/grpc:grpc++"])
        self.assertEqual(len(self.one("admin/BUILD", backend, snapshot, service)), 1)
        self.assertEqual(self.one("admin/BUILD", backend, library("snapshot"), service), [])

    def test_a_room_within_a_room_has_its_own_rules(self):
        ring = library("ring", [":backend", "//discovery:discovery"])
        self.assertEqual(self.one("admin/BUILD", ring, library("backend", ["//metrics"])), [])
        curious = library("backend", ["//discovery:discovery"])
        self.assertEqual(len(self.one("admin/BUILD", ring, curious)), 1)

    def test_what_cannot_be_read_is_reported(self):
        self.assertEqual(len(self.one("net/BUILD", "[cc_library(name = n) for n in ['a']]")), 1)
        build = "cc_library(name = 'a', deps = make_deps())"
        self.assertEqual(len(self.one("net/BUILD", build)), 1)


class IncludesTest(unittest.TestCase):
    def one(self, include, deps, **more):
        files = {
            "net/BUILD": library("net", [":loop"]) + library("loop", hdrs=["loop.h"]),
            "net/loop.h": "",
            "client/BUILD": library("client", deps, srcs=["client.cc"]),
            "client/client.cc": f"#include {include}\n",
        }
        return violations_of(files | more, layering.check_includes)

    def test_an_include_needs_a_direct_dep(self):
        self.assertEqual(self.one('"net/loop.h"', ["//net:loop"]), [])
        self.assertEqual(len(self.one('"net/loop.h"', [])), 1)
        self.assertEqual(len(self.one("<net/loop.h>", [])), 1)

    def test_an_umbrella_offers_its_deps(self):
        self.assertEqual(self.one('"net/loop.h"', ["//net"]), [])

    def test_a_header_without_a_target_fails(self):
        self.assertEqual(len(self.one('"net/timer.h"', [])), 1)

    def test_an_unused_dep_fails(self):
        found = self.one("<vector>", ["//net"])
        self.assertEqual(found, ["//client:client: includes nothing of its dep //net:net"])

    def test_external_includes_need_a_dep(self):
        self.assertEqual(len(self.one('"absl/types/span.h"', [])), 1)
        self.assertEqual(self.one('"absl/types/span.h"', ["//third_party/absl:span"]), [])

    def test_generated_headers_have_owners(self):
        generated = (
            "proto_library(name = 'p', srcs = ['a.proto'])\n"
            "cc_proto_library(name = 'c', deps = [':p'])\n"
            "cc_grpc_library(name = 'g', proto = ':p', cc_proto = ':c')\n"
        )
        more = {"client/BUILD": generated + library("client", [":c"], srcs=["client.cc"])}
        self.assertEqual(self.one('"client/a.pb.h"', [], **more), [])
        self.assertEqual(len(self.one('"client/a.grpc.pb.h"', [], **more)), 2)


class TargetsTest(unittest.TestCase):
    def test_a_file_without_a_target_fails(self):
        files = {"net/BUILD": library("net", hdrs=["loop.h"]), "net/loop.h": "", "net/timer.cc": ""}
        found = violations_of(files, layering.check_every_file_has_a_target)
        self.assertEqual(found, ["net/timer.cc: in no target of net/BUILD"])

    def test_only_the_public_target_is_visible(self):
        def one(name, visibility, **attributes):
            build = library(name, visibility=visibility, **attributes)
            return violations_of({"net/BUILD": build}, layering.check_visibility)

        self.assertEqual(one("net", ["//visibility:public"]), [])
        self.assertEqual(len(one("loop", ["//visibility:public"])), 1)
        self.assertEqual(len(one("loop", ["//server:__pkg__"])), 1)
        self.assertEqual(one("loop", ["//net:__subpackages__"]), [])
        self.assertEqual(one("fake_loop", ["//server:__pkg__"], testonly=True), [])

    def test_private_is_the_default(self):
        build = 'package(default_visibility = ["//visibility:public"])'
        self.assertEqual(len(violations_of({"net/BUILD": build}, layering.check_visibility)), 1)

    def test_the_wall_names_every_public_library(self):
        def one(scope):
            attributes = f'scope = {scope!r}, expression = "{" ".join(scope)}"'
            query = f'genquery(name = "grpc_reach", {attributes})'
            files = {"net/BUILD": library("net") + library("loop"), "tools/checks/BUILD": query}
            return violations_of(files, layering.check_wall_is_complete)

        walled = arrows.WALLED_LIBRARIES
        self.assertEqual(one(walled + ["//net:net"]), [])
        self.assertEqual(len(one(walled)), 1)
        self.assertEqual(len(one(walled[1:] + ["//net:net"])), 1)


class TreeTest(unittest.TestCase):
    def test_the_tree_keeps_to_the_table(self):
        graph = layering.Graph(source_tree.SourceTree(source_tree.workspace_root()))
        self.assertGreater(len(graph.cc_targets()), 0)
        found = layering.check(graph)
        if found:
            self.fail(f"{len(found)} violations\n" + "\n".join(sorted(found)))


if __name__ == "__main__":
    unittest.main()
