#!/bin/sh
# Runs make targets one after another, each timed, and prints a table. A red suite does not hide the ones behind it.
#
#   tests/suites.sh test-format test-lint …
set -u

MAKE=${MAKE:-make}
table=''
passed=0
failed=0
for target in "$@"; do
  name=${target#test-}
  printf '\n== %s\n' "$name"
  begin=$(date +%s)
  if "$MAKE" --no-print-directory "$target"; then
    state=ok
    passed=$((passed + 1))
  else
    state=FAILED
    failed=$((failed + 1))
  fi
  seconds=$(($(date +%s) - begin))
  table="$table$(printf '%-14s %6d s  %s' "$name" "$seconds" "$state")
"
done

printf '\n%s' "$table"
printf 'suites: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
