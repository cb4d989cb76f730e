#!/usr/bin/env bash
# The app's own tests: app_test.sh unit | smoke STAGE | all STAGE. Ends with 77 where something that it needs is not there.
set -euo pipefail

app="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../services/app" && pwd)"
skip() { echo "skipped: $1"; exit 77; }

what="$1"
command -v node >/dev/null && command -v npm >/dev/null || skip "Node and npm are not here"
[ -x "$app/node_modules/.bin/vitest" ] || skip "the app's packages are not installed: ./quickbite app"
cd "$app"
if [ "$what" = unit ]; then exec node_modules/.bin/vitest run; fi

[ -f "$app/../../build/app/index.html" ] || skip "the app is not built: ./quickbite app"
QUICKBITE_CHROMIUM="${QUICKBITE_CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}"
[ -n "$QUICKBITE_CHROMIUM" ] || skip "Chromium is not here: ./quickbite setup all"
export QUICKBITE_CHROMIUM QUICKBITE_STAGE="$2"
files=(); if [ "$what" = smoke ]; then files=(browser/smoke_test.ts); fi
exec node_modules/.bin/vitest run --config vitest.browser.config.ts "${files[@]}"
