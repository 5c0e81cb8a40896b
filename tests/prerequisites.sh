#!/bin/sh
# Checks what a target needs before it starts, so that nobody waits ten minutes for "command not found".
#
#   tests/prerequisites.sh run     what `make run` needs; installs nothing, ever
#   tests/prerequisites.sh test    what `make test` needs; installs Debian's packages when this user may
#
# What is missing and cannot be installed is named with the command that installs it.
set -eu

missing=''
want() { missing="${missing}  - $1
"; }

# at_least HAVE WANT: compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

toolchain() {
  if command -v cargo >/dev/null && command -v rustc >/dev/null; then
    have=$(rustc --version | cut -d ' ' -f 2)
    at_least "$have" 1.90 || want "Rust 1.90 or newer (found $have): run 'rustup update stable'"
  else
    want "Rust 1.90 or newer: install rustup from https://rustup.rs"
  fi
  command -v cc >/dev/null || want "a C compiler for SQLite and zstd: 'apt-get install gcc libc6-dev'"
  if command -v node >/dev/null && command -v npm >/dev/null; then
    have=$(node --version | tr -d v)
    at_least "$have" 20.19 || want "Node 20.19 or newer (found $have): see https://nodejs.org"
  else
    want "Node 20.19 or newer with npm: see https://nodejs.org"
  fi
}

has_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; }
has_chromium() { [ -n "${CHROMIUM_BIN:-}" ] || [ -x /usr/bin/chromium ]; }
# Debian splits ensurepip out of python3; without it `python3 -m venv` fails half-way.
has_venv() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the Debian packages that are not there yet.
debian_packages() {
  has_chromium || echo chromium fonts-liberation
  has_postgres || echo postgresql
  has_venv || echo python3-venv
  command -v strace >/dev/null || echo strace
}

# Prints the prefix that makes us root without a prompt, or fails.
as_root() {
  if [ "$(id -u)" = 0 ]; then echo env; elif sudo -n true 2>/dev/null; then echo sudo -n; else return 1; fi
}

install_debian() {
  packages=$(debian_packages | tr '\n' ' ')
  [ -n "$packages" ] || return 0
  if command -v apt-get >/dev/null && root=$(as_root); then
    echo "installing for the tests: $packages"
    $root apt-get update -qq
    # RUNLEVEL=1 keeps Debian from starting its own PostgreSQL: the tests start one on a private socket.
    # shellcheck disable=SC2086 # two lists of words
    $root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
  fi
  has_chromium || want "Chromium: 'apt-get install chromium fonts-liberation', or set CHROMIUM_BIN to its path"
  has_postgres || want "PostgreSQL 15 or newer, the server: 'apt-get install postgresql'"
  has_venv || want "Python's venv module: 'apt-get install python3-venv'"
  command -v strace >/dev/null || want "strace, for the fsync test: 'apt-get install strace'"
}

toolchain
if [ "${1:-run}" = test ]; then
  if command -v python3 >/dev/null; then
    have=$(python3 -c 'import platform; print(platform.python_version())')
    at_least "$have" 3.11 || want "Python 3.11 or newer (found $have)"
  else
    want "Python 3.11 or newer: 'apt-get install python3 python3-venv'"
  fi
  install_debian
fi

if [ -n "$missing" ]; then
  printf 'Missing, and not installed for you:\n%s' "$missing" >&2
  exit 1
fi
