#!/bin/sh
# Runs a check of source files unless it passed for exactly these bytes before.
#
#   tests/unchanged.sh NAME PATH… -- COMMAND…
#
# What counts: every tracked or new file below the paths, types that builds wrote, what npm installed, the version of
# Node, the command itself.
# Contents and not times, so that a file put back with an old date is checked again. A check that fails is never
# remembered, and `make clean` forgets all.
set -eu
cd "$(dirname "$0")/.."

name=$1
shift
paths=''
while [ "$1" != -- ]; do
  paths="$paths $1"
  shift
done
shift

# Without git nobody knows which files count: then nothing is remembered.
# shellcheck disable=SC2086 # paths of this repository have no spaces
files=$(git ls-files --cached --others --exclude-standard -- $paths) || exec "$@"
[ -n "$files" ] || exec "$@"

print() {
  # A file that was deleted and not committed is still listed; that it cannot be read is part of the print.
  printf '%s\n' "$files" | sort -u | tr '\n' '\0' | xargs -0 sha256sum 2>&1
  find frontend -path '*/node_modules' -prune -o -path '*/dist/*.d.ts' -print0 | sort -z | xargs -0 -r sha256sum
  sha256sum frontend/node_modules/.package-lock.json tests/browser/node_modules/.package-lock.json "$0"
  node --version
  echo "$*"
}

stamp=target/stamps/$name
now=$(print "$@" | sha256sum)
if [ -n "$now" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then
  echo "$name: passed before for these files"
  exit 0
fi
rm -f "$stamp"
"$@"
mkdir -p target/stamps
printf '%s\n' "$now" >"$stamp"
