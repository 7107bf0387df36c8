#!/bin/bash
# Passes if the first file, what the walled libraries reach of gRPC, is empty and the second, what
# a gRPC service reaches, is not: a query that finds nothing anywhere proves nothing.
set -euo pipefail

if ! [[ -s $2 ]]; then
  echo "the control finds no gRPC in a gRPC service: the query is wrong" >&2
  exit 1
fi
if [[ -s $1 ]]; then
  echo "reached from behind the wall; bazel query 'somepath(...)' shows on which path:" >&2
  cat "$1" >&2
  exit 1
fi
