"""Holds documents to the tree: what they name exists. Reads the real tree, so it always runs."""

import pathlib
import re
import tempfile
import unittest

from tools.checks import docs, source_tree

_TREE = {
    ".bazelrc": "build:asan --copt=-g\n",
    "docs/other.md": "# One heading\n\ntext\n",
    "net/BUILD": 'cc_library(name = "net")\ncc_test(name = "loop_test")\n',
    "net/loop.h": "",
    "server/options.cc": 'constexpr Option kTable[] = {{"memory-limit", 1}};\n',
    "tools/bazel": "",
}


def violations_of(text):
    """Checks a document of the given text in a small tree."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in {**_TREE, "docs/page.md": text}.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        return list(docs.check_documents(source_tree.SourceTree(folder)))


class DocumentTest(unittest.TestCase):
    def right(self, text):
        self.assertEqual(violations_of(text), [], text)

    def wrong(self, text):
        self.assertEqual(len(violations_of(text)), 1, text)

    def test_paths(self):
        for text in ["`net/loop.h`", "`loop.h`", "`net/`", "`/metrics`", "`apps/v1`", "net/x.h"]:
            self.right(text)
        for text in ["`net/timer.h`", "`timer.h`", "`router/`", "see\n```\ncat net/timer.h\n```"]:
            self.wrong(text)

    def test_targets(self):
        for text in ["`//net`", "`//net:loop_test`", "`//net/...`", "`//...`", "`https://a.b/c`"]:
            self.right(text)
        for text in ["`//net:timer`", "`//router`", "`//router/...`"]:
            self.wrong(text)

    def test_flags(self):
        for text in ["`--memory-limit`", "`--memory-limit=64`", "`kubectl get --watch`"]:
            self.right(text)
        for text in ["`--memory-size`", "`tools/bazel run //net -- --memory-size=1`"]:
            self.wrong(text)

    def test_configurations(self):
        self.right("`tools/bazel test --config=asan //...`")
        self.wrong("`tools/bazel test --config=msan //...`")

    def test_links(self):
        self.right("[a](other.md#one-heading) [b](../net/loop.h) [c](https://example.com)")
        self.wrong("[a](missing.md)")
        self.wrong("[a](other.md#another-heading)")

    def test_headings_have_something_under_them(self):
        self.right("# A\n\n## B\n\ntext\n")
        self.wrong("# A\n\n## B\n\n## C\n\ntext\n")
        self.wrong("text\n\n# A\n")


class TreeTest(unittest.TestCase):
    def test_what_the_documents_name_exists(self):
        tree = source_tree.SourceTree(source_tree.workspace_root())
        self.assertTrue(tree.exists("README.md"))
        found = list(docs.check_documents(tree))
        if found:
            self.fail(f"{len(found)} violations\n" + "\n".join(found))

    def test_each_kind_of_route_is_described_or_its_absence_explained(self):
        tree = source_tree.SourceTree(source_tree.workspace_root())
        rows = re.findall(r'^    \{"(\w+)",', tree.text("router/route/route_types.cc"), re.M)
        self.assertIn("PoolRoute", rows)
        text = tree.text("docs/routing.md")
        self.assertEqual([name for name in rows if f"`{name}`" not in text], [])


if __name__ == "__main__":
    unittest.main()
