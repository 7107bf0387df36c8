"""The files of the tree as the checks see them: all, whether a BUILD file names them or not."""

import os
import pathlib

# What Bazel, git and editors leave in the tree.
_IGNORED_FOLDERS = {".git", "__pycache__", "node_modules", ".vscode", ".idea", ".cache"}


def workspace_root():
    """The real workspace: in a test's runfiles this file is a link into it."""
    root = pathlib.Path(os.path.realpath(__file__)).parents[2]
    if not (root / "WORKSPACE").is_file():
        raise RuntimeError(f"{root} is no workspace: the check does not run on the real tree")
    return root


class SourceTree:
    """Paths are strings relative to the root, with '/' between the parts."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = sorted(self._walk())

    def _walk(self):
        for folder, subfolders, names in os.walk(self.root):
            relative = os.path.relpath(folder, self.root)
            subfolders[:] = [
                name
                for name in subfolders
                if name not in _IGNORED_FOLDERS
                and not (relative == "." and name.startswith("bazel-"))
                and not os.path.islink(os.path.join(folder, name))
            ]
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    yield os.path.normpath(os.path.join(relative, name))

    def select(self, *suffixes):
        return [path for path in self.paths if path.endswith(suffixes)]

    def build_files(self):
        return [path for path in self.paths if os.path.basename(path) in ("BUILD", "BUILD.bazel")]

    def text(self, path):
        with open(self.root / path, encoding="utf-8", newline="") as file:
            return file.read()

    def exists(self, path):
        return (self.root / path).exists()
