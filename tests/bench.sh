#!/bin/sh
# Runs the benchmarks of tests/load on a release build; each writes target/bench/<name>.json and prints its table.
#
#   tests/bench.sh [NAME]
set -eu
cd "$(dirname "$0")/.."
mkdir -p target/bench
cargo build --locked --release --workspace --bins
exec target/release/sealtape-bench --server target/release/sealtape --out target/bench "$@"
