#!/bin/sh
# A throw-away PostgreSQL cluster for tests: its own folder, a private socket, no TCP, a locale that is not C (so that a
# comparison that forgot COLLATE "C" shows).
#
#   tests/pg.sh start DIR [--auto-stop]   starts it unless it runs, prints a superuser URL
#   tests/pg.sh stop DIR                  stops it and removes DIR
#
# --auto-stop: the cluster goes away by itself after five minutes without a connection. SEALTAPE_PG_FSYNC=on for
# benchmarks, with vacuum as in production; tests need neither.
set -eu

action=${1:?start or stop}
dir=${2:?folder of the cluster}
auto=${3:-}

bin=${SEALTAPE_PG_BIN:-}
if [ -z "$bin" ]; then
  for candidate in /usr/lib/postgresql/*/bin; do [ -x "$candidate/initdb" ] && bin=$candidate; done
fi
if [ -z "$bin" ] && command -v initdb >/dev/null 2>&1; then bin=$(dirname "$(command -v initdb)"); fi
if [ -z "$bin" ]; then
  echo "PostgreSQL 15 or later is not installed: apt-get install postgresql" >&2
  exit 3
fi

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# 107 bytes is all a socket's path may have, so the socket's folder is short whatever DIR is.
socket=$(printf '%s' "$dir" | cksum | cut -d' ' -f1)
socket="/tmp/sealtape-pg-$socket"
url="postgres://postgres@localhost/postgres?host=$(printf '%s' "$socket" | sed 's|/|%2F|g')"

mkdir -p "$dir" "$socket"
chmod 700 "$socket"
home=$dir
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir" "$socket"
  # A repository below /root is closed to the server's user: then the data lies beside the socket.
  as_server test -x "$dir" || home=$socket
fi

running() { as_server "$bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1; }

create() {
  rm -rf "$home/data"
  options="-U postgres --auth=trust --encoding=UTF8 --no-sync"
  # shellcheck disable=SC2086
  as_server "$bin/initdb" -D "$home/data" $options --locale-provider=icu --icu-locale=de --locale=C.UTF-8 >"$dir/initdb.log" 2>&1 || {
    rm -rf "$home/data"
    # shellcheck disable=SC2086
    as_server "$bin/initdb" -D "$home/data" $options >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 5; }
  }
  fsync=${SEALTAPE_PG_FSYNC:-off}
  as_server tee -a "$home/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$socket'
unix_socket_permissions = 0700
fsync = $fsync
full_page_writes = $fsync
synchronous_commit = $fsync
max_connections = 300
shared_buffers = 64MB
autovacuum = $fsync
log_min_messages = fatal
CONF
}

# Stops the cluster once nobody has been connected for five minutes; leaves alone one that was started since.
watch() {
  mine=$(as_server head -n 1 "$home/data/postmaster.pid")
  idle=0
  while [ "$idle" -lt 20 ]; do
    sleep 15
    [ "$(as_server head -n 1 "$home/data/postmaster.pid" 2>/dev/null)" = "$mine" ] || return 0
    busy=$(as_server "$bin/psql" -X -A -t -h "$socket" -U postgres -c \
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" 2>/dev/null || echo 1)
    if [ "$busy" = 0 ]; then idle=$((idle + 1)); else idle=0; fi
  done
  stop
}

stop() {
  if running; then as_server "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null; fi
  rm -rf "$dir" "$socket"
}

case $action in
start)
  mkdir -p "$dir"
  exec 9>"$dir.lock"
  flock 9 2>/dev/null || true # two test processes may ask at once
  if ! running; then
    create
    as_server "$bin/pg_ctl" -D "$home/data" -l "$dir/server.log" -w -t 60 start >/dev/null 2>&1 9>&- || { cat "$dir/server.log" >&2; exit 6; }
    if [ "$auto" = --auto-stop ]; then
      # exec, not a plain redirection: that keeps copies of the caller's pipe open while the function runs.
      (exec </dev/null >/dev/null 2>&1 9>&- && watch) &
    fi
  fi
  echo "$url"
  ;;
stop) stop; rm -f "$dir.lock" ;;
*)
  echo "start or stop" >&2
  exit 2
  ;;
esac
