#!/bin/sh
# Every Rust test on SQLite and on one PostgreSQL cluster that lives only as long as this script.
# Called by `make test-rust` with RUST_TEST, NEXTEST and CARGO set.
set -eu
cd "$(dirname "$0")/.."

cluster=$(pwd)/target/pg
stop() { tests/pg.sh stop "$cluster" >/dev/null 2>&1 || true; }
trap stop EXIT
trap 'exit 130' INT TERM
stop
SEALTAPE_TEST_PG=$(tests/pg.sh start "$cluster")
export SEALTAPE_TEST_PG

echo "-- all crates; acceptance on SQLite"
SEALTAPE_TEST_DATABASE=sqlite $RUST_TEST --workspace
if [ -n "$NEXTEST" ]; then
  # nextest leaves out documentation examples, some of which must not compile.
  $CARGO test --locked --quiet --doc --workspace
else
  $CARGO test --locked --doc --workspace
fi
echo "-- acceptance on PostgreSQL"
if [ -n "$NEXTEST" ]; then
  # --workspace chooses the same features as above: nothing is compiled again.
  SEALTAPE_TEST_DATABASE=postgres $RUST_TEST --workspace -E 'package(sealtape-tests)'
else
  SEALTAPE_TEST_DATABASE=postgres $RUST_TEST --package sealtape-tests
fi
