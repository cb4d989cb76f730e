#!/usr/bin/env bash
# compare.sh [ROUNDS]: runs per second of the hundred-order run, QuickBite's simulator and madsim in turn, on one core. Needs cargo.
# QUICKBITE_PRESET names QuickBite's build: release, or profiled.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
rounds="${1:-6}"
[[ "$rounds" =~ ^[1-9][0-9]*$ ]] || { echo "compare.sh: ROUNDS is a number from 1 on, not $rounds" >&2; exit 2; }
command -v cargo >/dev/null || { echo "compare.sh: madsim is Rust: it needs cargo, 1.85 or later" >&2; exit 1; }

echo "building both; madsim takes some minutes the first time" >&2
preset="${QUICKBITE_PRESET:-release}"
"$root/quickbite" build "$preset" programs
there="$root/build/peers/madsim" # nothing that cargo writes stands among the sources
mkdir -p "$there" && cp -r "$here/Cargo.toml" "$here/src" "$there/"
(cd "$there" && RUSTFLAGS='--cfg madsim' cargo build --quiet --release --target-dir .)

tcmalloc="$(c++ -print-file-name=libtcmalloc_minimal.so)"
[ -e "$tcmalloc" ] || { echo "compare.sh: there is no $tcmalloc to lend madsim, which the quickbite command has" >&2; exit 1; }
cpu="$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" # the first that is ours
ours() { taskset -c "$cpu" "$root/build/$preset/bin/quickbite" bench sim --seconds 2 --json | sed -n 's/.*"runs_per_s_warm": *\([0-9]*\).*/\1/p'; }
theirs() { LD_PRELOAD="$1" taskset -c "$cpu" "$there/release/hundred-orders-on-madsim" 200 3 | cut -d. -f1; }

for ((round = 1; round <= rounds; ++round)); do
  a="$(ours)"
  b="$(theirs "$tcmalloc")"
  c="$(theirs "")" # with the allocator that a program in Rust has by itself
  d="$(ours)"
  echo "round $round of $rounds: QuickBite $a and $d, madsim $b, as it is $c" >&2
  echo "$a $b $c $d"
done | awk '
  NF != 4 { bad = 1; exit }
  { us[NR] = ($1 + $4) / 2; lent[NR] = $2; own[NR] = $3; to_lent[NR] = us[NR] / $2; to_own[NR] = us[NR] / $3 }
  function median(of, n,   i, j, t) {
    for (i = 1; i <= n; ++i) for (j = i + 1; j <= n; ++j) if (of[j] < of[i]) { t = of[i]; of[i] = of[j]; of[j] = t }
    return n % 2 ? of[(n + 1) / 2] : (of[n / 2] + of[n / 2 + 1]) / 2
  }
  END {
    if (bad || NR == 0) exit 1
    printf "medians: QuickBite %.0f runs/s, madsim with the same malloc %.0f, as it is %.0f\n", median(us, NR), median(lent, NR), median(own, NR)
    printf "of the ratios of a round: %.2f and %.2f\n", median(to_lent, NR), median(to_own, NR)
  }'
