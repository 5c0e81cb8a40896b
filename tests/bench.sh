#!/bin/sh
# Runs the benchmarks on a release build; each writes target/bench/<name>.json and prints its table. Those of tests/load drive
# the server; `decisions` measures the policy alone, beside casbin and Cedar.
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
exec target/release/sealtape-bench --server target/release/sealtape --out target/bench "$@"
