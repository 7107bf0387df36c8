#!/bin/bash
# Runs tools/bazel in a tree of its own, with stand-ins for dpkg, apt-get, sudo, the installer and
# Bazel.
set -uo pipefail

readonly tree=$TEST_TMPDIR/tree
readonly bin=$TEST_TMPDIR/bin
readonly called=$TEST_TMPDIR/called
failures=0

stand_in() { # PATH, BODY: a program that notes its call and then does BODY
  printf '#!/bin/bash\necho "%s $*" >>"%s"\n%s\n' "${1##*/}" "$called" "$2" >"$1"
  chmod +x "$1"
}

prepare() { # INSTALLED-PACKAGE...
  rm -rf "$tree" "$bin" "$TEST_TMPDIR/home"
  mkdir -p "$tree/tools/build" "$tree/third_party" "$bin" "$TEST_TMPDIR/home"
  cp -L tools/bazel "$tree/tools/bazel"
  cp -L third_party/packages.txt "$tree/third_party/packages.txt"
  local tool
  for tool in bash cat cut getent mkdir mktemp mv readlink rm touch; do
    ln -s "$(type -P "$tool")" "$bin/$tool"
  done
  stand_in "$bin/real" 'printf "<%s>" "$@"'
  stand_in "$tree/tools/build/install_packages.sh" "printf '%s\n' \"\$@\" >>$TEST_TMPDIR/installed"
  printf '%s\n' "$@" >"$TEST_TMPDIR/installed"
  # As dpkg-query does, it says nothing of packages that it does not know.
  stand_in "$bin/dpkg-query" \
    "while read -r p; do echo \"\$p installed\"; done <$TEST_TMPDIR/installed"
  : >"$called"
}

run() { # ARGUMENT...: sets output, code and calls
  output=$(cd "$tree/third_party" &&
    env -i PATH="$bin" HOME="${home-$TEST_TMPDIR/home}" BAZEL_REAL="$bin/real" \
      "$bin/bash" "$tree/tools/bazel" "$@" 2>&1)
  code=$?
  calls=$(<"$called")
  : >"$called"
}

expect() { # WHAT, CONDITION...
  local what=$1
  shift
  if ! "$@"; then
    printf 'FAILED: %s\n  exit code %s, calls: %s\n  output: %s\n' \
      "$what" "$code" "$calls" "$output" >&2
    failures=$((failures + 1))
  fi
}

contains() { [[ $1 == *"$2"* ]]; }
lacks() { [[ $1 != *"$2"* ]]; }
equals() { [[ $1 == "$2" ]]; }

mapfile -t all < <(sed 's/#.*//; /^ *$/d; s/ //g' third_party/packages.txt)
expect "the list has packages" test "${#all[@]}" -gt 20

prepare "${all[@]}"
run build "//a b:c" --x=
expect "arguments arrive as they are" equals "$output" "<build><//a b:c><--x=>"
expect "dpkg is asked the first time" contains "$calls" dpkg-query
run version
expect "dpkg is not asked again" lacks "$calls" dpkg-query
touch -d 1990-01-01 "$TEST_TMPDIR/home/.cache/ringcache/packages"
run version
expect "dpkg is asked when its database is newer" contains "$calls" dpkg-query
echo "another-package" >>"$tree/third_party/packages.txt"
stand_in "$bin/apt-get" ""
stand_in "$bin/sudo" '[[ $1 != -n ]] || shift; "$@"'
run version
expect "a longer list is looked at" contains "$calls" "install_packages.sh another-package"
expect "what is installed is said" contains "$output" "installing Debian packages: another-package"
expect "then Bazel runs" contains "$output" "<version>"

prepare "${all[@]:1}"
run version
expect "without apt-get it fails" test "$code" -ne 0
expect "and says what is missing" contains "$output" "${all[0]}"
expect "and does not run Bazel" lacks "$calls" "real version"
stand_in "$bin/apt-get" ""
stand_in "$tree/tools/build/install_packages.sh" "exit 1"
stand_in "$bin/sudo" '[[ $1 != -n ]] || shift; "$@"'
run version
expect "a failed installation fails" test "$code" -ne 0
expect "and gives the command" \
  contains "$output" "apt-get install --no-install-recommends ${all[0]}"
stand_in "$tree/tools/build/install_packages.sh" ""
run version
expect "an installation without effect fails" test "$code" -ne 0
if ((EUID != 0)); then
  rm "$bin/sudo"
  run version
  expect "without sudo it fails" test "$code" -ne 0
  expect "and gives the command" contains "$output" "apt-get install --no-install-recommends"
fi

for home in "" relative "$TEST_TMPDIR/with space" /nonexistent/home; do
  prepare "${all[@]}"
  run version
  expect "works with HOME='$home'" contains "$output" "<version>"
done

((failures == 0)) || exit 1
echo "all as expected"
