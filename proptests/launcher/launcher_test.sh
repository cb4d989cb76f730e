#!/usr/bin/env bash
# The launcher, in a copy of its own and on a pretended system: nothing is installed or built.
set -euo pipefail

source_dir="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
there="$(mktemp -d)/a path with spaces"
trap 'rm -rf "${there%/*}"' EXIT
mkdir -p "$there/bin"
cp "$source_dir/quickbite" "$source_dir/CMakeLists.txt" "$there/"
launcher="$there/quickbite"

# pretend NAME BODY: a command that stands before the real one.
pretend() {
  printf '#!/bin/bash\n%s\n' "$2" >"$there/bin/$1"
  chmod +x "$there/bin/$1"
}

# ends_with STATUS COMMAND…: what it says goes to $said.
ends_with() {
  local wanted="$1" status=0
  shift
  said="$(cd / && PATH="$there/bin:$PATH" "$@" </dev/null 2>&1)" || status=$?
  [ "$status" -eq "$wanted" ] || fail "'${*##*/}' ended with $status instead of $wanted"
}

says() { [[ "$said" == *"$1"* ]] || fail "it does not say '$1'"; }
fail() { printf 'FAILED: %s. It said:\n%s\n' "$1" "$said" >&2; exit 1; }

# Help needs no build; no command at all is a mistake.
ends_with 0 "$launcher" --help
says './quickbite test'
ends_with 2 "$launcher"
says './quickbite up'
ends_with 0 "$launcher" test --help
says './quickbite test'
ends_with 0 "$launcher" --version
[[ "$said" =~ ^quickbite\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "the version is no version"

# Nothing is there, and this is not root: each package is named with its reason, and installed with sudo.
pretend id 'echo 1000'
pretend dpkg-query ':'
pretend apt-cache ':'
pretend apt-get ':'
pretend sudo "printf '%s\n' \"\$*\" >>'$there/sudo.log'"
ends_with 0 "$launcher" setup
says 'libpqxx-dev       the PostgreSQL client'
says 'rapidjson-dev     JSON'
grep -q 'apt-get .*install .*libpqxx-dev .*rapidjson-dev' "$there/sudo.log" || fail "sudo was not asked to install"
! grep -q clang "$there/sudo.log" || fail "it installs what only 'test all' needs"
ends_with 0 "$launcher" setup all
grep -q 'apt-get .*install .*clang' "$there/sudo.log" || fail "it does not install what 'test all' needs"

# Nothing is missing: nothing is installed.
pretend dpkg-query 'for name; do echo "installed $name"; done'
: >"$there/sudo.log"
ends_with 0 "$launcher" setup all
[ ! -s "$there/sudo.log" ] || fail "it installs what is there"

# The installation fails: what apt-get said is shown, and the launcher ends.
pretend dpkg-query ':'
pretend sudo 'echo "E: no such package"; exit 100'
ends_with 1 "$launcher" setup
says 'E: no such package'
says 'could not install'

# Told not to install, it does not.
ends_with 0 env QUICKBITE_NO_INSTALL=1 "$launcher" setup
[ -z "$said" ] || fail "it should be silent"

# A command builds first and is then passed on, with the caller's folder and its exit code; a failing build ends there.
pretend dpkg-query 'for name; do echo "installed $name"; done'
mkdir -p "$there/build/release/bin"
printf '#!/bin/bash\necho "in $PWD: $*"\nexit 11\n' >"$there/build/release/bin/quickbite"
chmod +x "$there/build/release/bin/quickbite"
touch "$there/build/release/build.ninja"
pretend ninja 'echo "[1/1] Building"'
ends_with 11 "$launcher" sim --seeds '1 2'
[ "$said" = 'in /: sim --seeds 1 2' ] || fail "the command was not passed on as it was"
pretend ninja 'echo "FAILED: x.o"; echo "x.cc:1: error: wrong"; exit 1'
ends_with 1 "$launcher" sim
says 'x.cc:1: error: wrong'

# What a simulation runs is counted before `profiled` is built, and once more where that was of something else, or not done to its end.
mkdir -p "$there/domain" "$there/sim" "$there/build/profiled/bin"
echo one >"$there/sim/source"
printf '#!/bin/bash\necho "counted $1" >>"%s"\n' "$there/steps" >"$there/build/profiled/bin/quickbite"
chmod +x "$there/build/profiled/bin/quickbite"
mkdir "$there/cmake"
pretend cmake "echo \"\${@: -1}\" >>'$there/steps'
  touch '$there/build/profiled/'{build.ninja,left.gcda}
  echo \"QUICKBITE_PROFILE:STRING=\${@: -1}\" | sed 's/=.*=/=/' >'$there/build/profiled/CMakeCache.txt'"
pretend ninja "echo \"ninja \${@: -1}\" >>'$there/steps'; echo '[1/1] Building'"
readonly trained=$'-DQUICKBITE_PROFILE=train\nninja quickbite\ncounted sim\ncounted bench\n-DQUICKBITE_PROFILE=use\n'
ends_with 0 "$launcher" build profiled
[ "$(cat "$there/steps")" = "profiled
${trained}ninja programs" ] || fail "it did: $(cat "$there/steps")"
ends_with 0 "$launcher" build profiled
[ "$(tail -n 2 "$there/steps")" = $'ninja programs\nninja programs' ] || fail "it counted again what it knew"
sed -i 's/use/train/' "$there/build/profiled/CMakeCache.txt"
ends_with 0 "$launcher" build profiled
grep -q =use "$there/build/profiled/CMakeCache.txt" || fail "it built with counters what somebody configured by hand"
echo another >"$there/sim/source"
printf '#!/bin/bash\necho "it says why"; exit 12\n' >"$there/build/profiled/bin/quickbite"
ends_with 1 "$launcher" build profiled
says 'it says why'
printf '#!/bin/bash\n[ ! -e "%s/left.gcda" ] || exit 12\nexit 10\n' "$there/build/profiled" >"$there/build/profiled/bin/quickbite"
echo one >"$there/sim/source"
: >"$there/steps"
ends_with 0 "$launcher" build profiled
[ "$(head -n 1 "$there/steps")" = -DQUICKBITE_PROFILE=train ] || fail "it built with counters what it had counted before"
rm -r "$there/domain" "$there/sim" "$there/cmake" "$there/bin/cmake"

# What a failed test leaves of files in memory is kept, and goes when tests pass there again.
mkdir -p "$there/build/dev"
touch "$there/build/dev/build.ninja"
pretend ninja 'echo "[1/1] Building"'
pretend ctest "case \$TMPDIR in /dev/shm/*) echo why >\"\$TMPDIR/log\" ;; esac; echo \"\$TMPDIR\" >'$there/tmpdir'; exit 8"
ends_with 1 env -u TMPDIR QUICKBITE_NO_INSTALL=1 "$launcher" test -R x
if grep -q '^/dev/shm/' "$there/tmpdir"; then
  [ "$(cat "$there/build/dev/left-by-tests/log")" = why ] || fail "it does not keep what the test left"
  says 'left-by-tests'
  [ ! -e "$(cat "$there/tmpdir")" ] || fail "it leaves files in memory"
  pretend ctest 'echo "100% tests passed"'
  ends_with 0 env -u TMPDIR QUICKBITE_NO_INSTALL=1 "$launcher" test -R x
  [ ! -e "$there/build/dev/left-by-tests" ] || fail "it keeps what an earlier test left"
fi
mkdir "$there/mine"
pretend ctest "echo \"\$TMPDIR\" >'$there/tmpdir'"
ends_with 0 env TMPDIR="$there/mine" QUICKBITE_NO_INSTALL=1 "$launcher" test -R x
[ "$(cat "$there/tmpdir")" = "$there/mine" ] || fail "the tests' files are not where TMPDIR says"

# No apt-get, and no way to build either: it says what is needed.
mkdir "$there/few"
for tool in bash env readlink dirname cat sed mkdir; do ln -s "$(command -v $tool)" "$there/few/"; done
ends_with 1 env PATH="$there/few" "$launcher" sim
says 'no apt-get'
says 'libabsl-dev       Abseil'

# The phone app is built where there is Node: once, until a source changes. What goes wrong with it is said and stops nothing else.
mkdir -p "$there/services/app"
echo '{}' >"$there/services/app/package-lock.json"
echo one >"$there/services/app/source"
pretend dpkg-query 'for name; do echo "installed $name"; done'
pretend ninja 'echo "[1/1] Building"'
pretend node 'echo v18.20.4'
pretend npm "printf '%s\n' \"\$*\" >>'$there/npm.log'
  case \$1 in ci) mkdir -p node_modules ;; run) mkdir -p ../../build/app; echo page >../../build/app/index.html ;; esac"
ends_with 0 "$launcher" app
ends_with 0 "$launcher" app
[ "$(cat "$there/npm.log")" = $'ci\nrun build' ] || fail "npm was asked for: $(cat "$there/npm.log")"
echo two >"$there/services/app/source"
ends_with 11 "$launcher" up --exit
says 'in /: up --exit'
[ "$(cat "$there/npm.log")" = $'ci\nrun build\nrun build' ] || fail "a change was not built, or fetched anew"
echo three >"$there/services/app/source"
pretend npm 'echo "npm says why"; exit 1'
ends_with 1 "$launcher" app
says 'npm says why'
ends_with 11 "$launcher" up --exit
says 'the phone app could not be built'
says 'in /: up --exit'

# Node cannot be had: everything else goes on without it.
rm "$there/bin/node" "$there/bin/npm"
for tool in id dpkg-query apt-cache apt-get sudo ninja; do ln -sf "$there/bin/$tool" "$there/few/"; done
for tool in comm cut sort sed grep flock tail printf sleep; do ln -sf "$(command -v $tool)" "$there/few/"; done
pretend dpkg-query 'for name; do case $name in nodejs | npm) ;; *) echo "installed $name" ;; esac; done'
pretend sudo 'echo "E: Unable to locate package npm"; exit 100'
ends_with 11 env PATH="$there/few" "$launcher" up --exit
says 'npm               fetches what the phone app is built of'
says 'going on without nodejs npm'
says 'it needs Node.js and npm'
says 'in /: up --exit'

echo "the launcher does what it says"
