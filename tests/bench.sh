#!/bin/sh
# Runs the benchmarks on a release build; each writes target/bench/<name>.json and prints its table. Those of tests/load drive
# the server; `decisions` measures the policy alone, beside casbin and Cedar. `ledger` compares on both databases.
#
#   tests/bench.sh [NAME]
set -eu
cd "$(dirname "$0")/.."
mkdir -p target/bench
case "${1:-decisions}" in
decisions) cargo bench --locked --package policy --features bench --bench decisions ;;
esac
[ "${1:-}" != decisions ] || exit 0
cargo build --locked --release --workspace --bins
case "${1:-ledger}" in
ledger)
  # What a commit costs is what is measured, so this PostgreSQL is as durable as a real one.
  trap 'tests/pg.sh stop "$PWD/target/pg-bench"' EXIT
  trap 'exit 1' INT TERM
  SEALTAPE_TEST_PG=$(SEALTAPE_PG_FSYNC=on tests/pg.sh start "$PWD/target/pg-bench")
  export SEALTAPE_TEST_PG
  ;;
esac
target/release/sealtape-bench --server target/release/sealtape --out target/bench "$@"
