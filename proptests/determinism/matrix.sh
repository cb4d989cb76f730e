#!/usr/bin/env bash
# Builds the pure libraries in every way that must not matter, and compares the hashes of the same seeds.
# usage: matrix.sh SOURCE_DIR BUILD_DIR [RUNNER]    Exits 13 where two builds disagree.
# RUNNER is a quickbite_hashes that is built already, by g++ with -O3; else it is built here.
set -euo pipefail
source=${1:?the sources} out=${2:?where to build} reference=${3:-}
seeds=${SEEDS:-200} foreign_seeds=${FOREIGN_SEEDS:-20}
mkdir -p "$out"

# build NAME CXX FLAGS…: leaves $out/NAME/bin/quickbite_hashes
build() {
  local name=$1 cxx=$2
  shift 2
  local generator=()
  command -v ninja >/dev/null && generator=(-G Ninja)
  if ! { cmake "${generator[@]}" -S "$source" -B "$out/$name" -DQUICKBITE_PURE_ONLY=ON -DCMAKE_BUILD_TYPE=None \
      -DCMAKE_CXX_COMPILER="$cxx" -DQUICKBITE_WERROR=OFF "$@" &&
      cmake --build "$out/$name" --target quickbite_hashes; } >"$out/$name.log" 2>&1; then
    tail -20 "$out/$name.log"
    echo "$name: does not build"
    exit 1
  fi
}

# agree NAME SEEDS COMMAND…: compares with the reference.
agree() {
  local name=$1 count=$2
  shift 2
  "$@" 1 "$count" >"$out/$name.hashes"
  if ! cmp -s <(head -n "$count" "$out/reference.hashes") "$out/$name.hashes"; then
    echo "$name: differs from gcc-O3; the first seed that does:"
    diff <(head -n "$count" "$out/reference.hashes") "$out/$name.hashes" | head -4
    exit 13
  fi
  echo "$name: the same hashes for $count seeds"
}

if [ -z "$reference" ]; then
  build gcc-O3 g++ -DCMAKE_CXX_FLAGS="-O3"
  reference=$out/gcc-O3/bin/quickbite_hashes
fi
"$reference" 1 "$seeds" >"$out/reference.hashes"
agree gcc-O3-again "$seeds" "$reference"

build gcc-O0 g++ -DCMAKE_CXX_FLAGS="-O0"
agree gcc-O0 "$seeds" "$out/gcc-O0/bin/quickbite_hashes"

build gcc-sanitized g++ -DCMAKE_CXX_FLAGS="-O1 -g1" -DQUICKBITE_SANITIZE="address,undefined"
agree gcc-sanitized "$seeds" "$out/gcc-sanitized/bin/quickbite_hashes"

clang=$(command -v clang++-14 || command -v clang++ || true)
if [ -n "$clang" ]; then
  build clang-O0 "$clang" -DCMAKE_CXX_FLAGS="-O0"
  agree clang-O0 "$seeds" "$out/clang-O0/bin/quickbite_hashes"
  build clang-O3 "$clang" -DCMAKE_CXX_FLAGS="-O3"
  agree clang-O3 "$seeds" "$out/clang-O3/bin/quickbite_hashes"
else
  echo "clang: skipped, there is no clang++"
fi

for arch in aarch64 s390x; do
  cxx=$arch-linux-gnu-g++
  if command -v "$cxx" >/dev/null && command -v "qemu-$arch" >/dev/null; then
    build "$arch" "$cxx" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$arch" -DCMAKE_CXX_FLAGS="-O2" \
      -DCMAKE_EXE_LINKER_FLAGS="-static"
    agree "$arch" "$foreign_seeds" "qemu-$arch" "$out/$arch/bin/quickbite_hashes"
  else
    echo "$arch: skipped, there is no $cxx or no qemu-$arch"
  fi
done
