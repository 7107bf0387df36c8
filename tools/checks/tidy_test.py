"""Holds the tree to what the style can count. Reads the real tree, so it always runs."""

import pathlib
import tempfile
import unittest

from tools.checks import build_style, source_tree, tidy


def violations_of(path, text, check):
    """Runs one check on a tree of one file."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        return list(check(source_tree.SourceTree(folder)))


def header(comment="// What it is.", guard="RINGCACHE_NET_LOOP_H_"):
    return f"{comment}\n\n#ifndef {guard}\n#define {guard}\n#endif  // {guard}\n"


class TextTest(unittest.TestCase):
    def test_white_space(self):
        self.assertEqual(violations_of("net/a.cc", "int a;\n", tidy.check_text), [])
        for text in ["int a;", "\tint a;\n", "int a; \n", "int a;\r\n"]:
            self.assertEqual(len(violations_of("net/a.cc", text, tidy.check_text)), 1, repr(text))

    def test_recorded_bytes_may_be_anything(self):
        self.assertEqual(violations_of("net/testdata/a.txt", "a\t \r\n", tidy.check_text), [])

    def test_files_and_lines_have_limits(self):
        self.assertEqual(violations_of("net/a.cc", "//\n" * 600 + "", tidy.check_sizes), [])
        self.assertEqual(len(violations_of("net/a.cc", "//\n" * 601, tidy.check_sizes)), 1)
        self.assertEqual(len(violations_of("server/main.cc", "//\n" * 100, tidy.check_sizes)), 1)
        self.assertEqual(violations_of("net/a.cc", "/" * 100 + "\n", tidy.check_sizes), [])
        self.assertEqual(len(violations_of("net/a.cc", "/" * 101 + "\n", tidy.check_sizes)), 1)
        self.assertEqual(violations_of("net/a.cc", "// " + "─" * 97 + "\n", tidy.check_sizes), [])


class FunctionsTest(unittest.TestCase):
    def lengths(self, text):
        return [length for _, length in tidy.function_lengths(text)]

    def test_finds_functions_where_they_are(self):
        text = """
namespace a {
struct Point { int x = 0; };
const int kTable[] = {1, 2, 3};
class Loop {
 public:
  Loop() : a_(1), b_{2} {
    Run();
  }
  int Size() const { return 1; }
  void Run() RC_EXCLUDES(mutex_) override {
    auto f = [&](int x) {
      return x;
    };
    if (f(1)) {
    }
  }
};
enum class E { kA };
template <typename T>
auto Make(T t) -> std::vector<T> {
  return {t, "}"};
}
}  // namespace a
"""
        self.assertEqual(self.lengths(text), [3, 1, 7, 4])

    def test_the_share_of_long_functions_is_limited(self):
        short = "void F() {\n}\n"
        long = "void G() {\n" + "  F();\n" * 70 + "}\n"
        self.assertEqual(violations_of("net/a.cc", short * 24 + long, tidy.check_functions), [])
        self.assertEqual(len(violations_of("net/a.cc", short * 23 + long, tidy.check_functions)), 2)


class NamesTest(unittest.TestCase):
    def test_names_that_say_nothing(self):
        for path in [
            "net/string_util.cc",
            "common/a.h",
            "net/test_helpers.h",
            "net/pool-inl.h",
            "net/manager.h",
        ]:
            self.assertEqual(len(violations_of(path, "", tidy.check_names)), 1, path)
        for path in ["net/utilisation.h", "net/commonly.h", "net/pool.h"]:
            self.assertEqual(violations_of(path, "", tidy.check_names), [], path)
        text = "class SessionManager {};\n"
        self.assertEqual(len(violations_of("net/a.h", text, tidy.check_names)), 1)


class HeadersTest(unittest.TestCase):
    def one(self, *args, **kwargs):
        return violations_of("net/loop.h", header(*args, **kwargs), tidy.check_headers)

    def test_the_head_is_short_and_there(self):
        self.assertEqual(self.one(), [])
        self.assertEqual(self.one("// What.\n" * 7 + "//   a drawing\n//\n// What."), [])
        self.assertEqual(len(self.one("")), 1)
        self.assertEqual(len(self.one("\n".join(["// What."] * 9))), 1)

    def test_the_guard_is_the_path(self):
        self.assertEqual(len(self.one(guard="LOOP_H_")), 1)

    def test_the_namespace_is_the_folder(self):
        check = tidy.check_namespaces
        net, client = "namespace ringcache::net {\n}\n", "namespace ringcache::client {\n}\n"
        self.assertEqual(violations_of("net/a.cc", net, check), [])
        self.assertEqual(len(violations_of("net/a.cc", client, check)), 1)
        self.assertEqual(len(violations_of("net/a.cc", "int x;\n", check)), 1)
        self.assertEqual(violations_of("server/main.cc", "int main() {}\n", check), [])


class LanguageTest(unittest.TestCase):
    def test_constructs_that_are_ruled_out(self):
        for line in [
            "using namespace absl;",
            "std::string_view key;",
            "throw 1;",
            "try {",
            "#pragma once",
            "#if 0",
        ]:
            found = violations_of("net/a.h", line + "\n", tidy.check_language)
            self.assertEqual(len(found), 1, line)
        text = '// throw\nLog("try { std::string_view");\n'
        self.assertEqual(violations_of("net/a.h", text, tidy.check_language), [])

    def test_tests_do_not_sleep(self):
        text = "absl::SleepFor(x);\n"
        self.assertEqual(len(violations_of("net/a_test.cc", text, tidy.check_language)), 1)
        self.assertEqual(violations_of("net/a.cc", text, tidy.check_language), [])


class BuildFilesTest(unittest.TestCase):
    def one(self, text):
        return violations_of("net/BUILD", text, build_style.check_build_files)

    def test_flags_globs_and_order(self):
        in_order = 'cc_library(name = "a", deps = [":b", "//a/b:c", "//a/b:d"])'
        self.assertEqual(self.one(in_order), [])
        self.assertEqual(len(self.one('cc_library(name = "a", deps = ["//a", ":b"])')), 1)
        self.assertEqual(len(self.one('cc_library(name = "a", deps = [":b", ":b"])')), 1)
        self.assertEqual(len(self.one('cc_library(name = "a", copts = ["-O3"])')), 1)
        self.assertGreaterEqual(len(self.one('cc_library(name = "a", srcs = glob(["*.cc"]))')), 1)


class TreeTest(unittest.TestCase):
    def test_the_tree_is_tidy(self):
        tree = source_tree.SourceTree(source_tree.workspace_root())
        self.assertGreater(len(tree.select(".cc")), 0)
        found = [
            violation
            for check in tidy.CHECKS + [build_style.check_build_files]
            for violation in check(tree)
        ]
        if found:
            self.fail(f"{len(found)} violations\n" + "\n".join(sorted(found)))


if __name__ == "__main__":
    unittest.main()
