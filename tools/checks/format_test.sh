#!/bin/bash
# Passes if clang-format would change no C++ file of the tree. Mend with the command that it prints.
set -euo pipefail

# In runfiles this script is a link into the real workspace.
cd "$(dirname "$(readlink -f "$0")")/../.."
[[ -f WORKSPACE ]]

# A file that is wrong on purpose: the formatter must be there and must see it.
if printf 'int  x ;\n' | clang-format --dry-run -Werror --assume-filename=x.cc 2>/dev/null; then
  echo "clang-format accepts anything" >&2
  exit 1
fi
mapfile -d '' files < <(find . \( -name .git -o -name 'bazel-*' \) -prune -o \
  \( -name '*.h' -o -name '*.cc' -o -name '*.proto' \) -type f -print0 | sort -z)
((${#files[@]} > 0))
if ! clang-format --dry-run -Werror --style=file "${files[@]}" 2>"$TEST_TMPDIR/report"; then
  mapfile -t wrong < <(grep -o '^\./[^:]*' "$TEST_TMPDIR/report" | sort -u)
  echo "mend with: clang-format -i ${wrong[*]}" >&2
  exit 1
fi
echo "${#files[@]} files"
