#!/usr/bin/env bash
# Two processes of one build give the same hashes, and different seeds different ones.
# usage: determinism_test.sh QUICKBITE_HASHES
set -euo pipefail
hashes=${1:?the runner}
first=$("$hashes" 1 50)
second=$("$hashes" 1 50)
if [ "$first" != "$second" ]; then
  echo "the same seeds gave different runs; the first that differs:"
  diff <(echo "$first") <(echo "$second") | head -4
  exit 1
fi
distinct=$(cut -d' ' -f2 <<<"$first" | sort -u | wc -l)
if [ "$distinct" -ne 50 ]; then
  echo "50 seeds gave only $distinct different runs"
  exit 1
fi
if "$hashes" 2 1 2>/dev/null; then
  echo "a range that ends before it begins was taken"
  exit 1
fi
