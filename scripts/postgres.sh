# shellcheck shell=bash
# A private PostgreSQL cluster in .dev/pg, reached only through a socket; or an existing server named by PGHOST.

PG_ROOT=$DEV/pg
PG_SOCKET=/tmp/civic-pg-$(printf %s "$DEV" | sha256sum | cut -c1-10) # a socket path may have 107 bytes at most

pg_bin() { # the folder of the newest server binaries at hand; of the cluster's own version once there is a cluster
  local d want
  want=$(cat "$PG_ROOT/data/PG_VERSION" 2>/dev/null || true)
  for d in ${PG_BIN:-} $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V -r) $(ls -d "$DEV"/pg-root/usr/lib/postgresql/*/bin 2>/dev/null); do
    if [ -x "$d/initdb" ] && [ -x "$d/postgres" ] && [[ -z $want || $d = "${PG_BIN:-}" || $d = */"$want"/bin ]]; then
      echo "$d"
      return
    fi
  done
  return 1
}

fetch_postgres() {
  if can_root; then
    log "PostgreSQL: installing the server of this machine's distribution (no cluster of its own)"
    as_root sh -c 'mkdir -p /etc/postgresql-common && [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf'
    apt_install postgresql || die "PostgreSQL could not be installed with apt: install it by hand, or set PGHOST to a running one" 3
  else
    log "PostgreSQL: no root here, so the distribution's packages are unpacked into .dev/pg-root"
    "$ROOT/scripts/unpack-debs.sh" "$DEV/pg-root" postgresql ||
      die "PostgreSQL could not be had without root: ask for the package postgresql, or set PGHOST to a running server" 3
  fi
}

pg_as() { # PostgreSQL refuses to run as root: another user inside a user namespace, else nobody who may enter our folders
  local enter=(--inh-caps=+dac_override --ambient-caps=+dac_override)
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif [ "$(cat "$PG_ROOT/.mode")" = userns ]; then
    unshare --user --map-user=1000 --map-group=1000 -- "$@"
  else
    setpriv "${enter[@]}" true 2>/dev/null || enter=()
    setpriv --reuid=65534 --regid=65534 --clear-groups "${enter[@]}" -- "$@"
  fi
}

use_programs() { # use_programs BIN: puts them on PATH; unpacked ones need the unpacked libraries beside them
  local libs name
  PG_RUN=$1
  if [[ $1 = "$DEV"/pg-root/* ]]; then
    libs=$(unpacked_libs "$DEV/pg-root")
    PG_RUN=$DEV/pg-programs
    mkdir -p "$PG_RUN"
    for name in initdb pg_ctl psql createdb dropdb pg_isready pg_dump; do
      printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/%s "$@"\n' "$libs" "$1" "$name" >"$PG_RUN/$name"
      chmod +x "$PG_RUN/$name"
    done
  fi
  export PATH=$PG_RUN:$PATH
}

init_cluster() {
  log "PostgreSQL: creating a private cluster in $PG_ROOT"
  rm -rf "$PG_ROOT"
  mkdir -p "$PG_ROOT"
  if unshare --user --map-user=1000 --map-group=1000 true 2>/dev/null; then
    echo userns >"$PG_ROOT/.mode"
  else
    echo setpriv >"$PG_ROOT/.mode"
    [ "$(id -u)" != 0 ] || chown 65534:65534 "$PG_ROOT"
  fi
  if ! pg_as "$PG_RUN/initdb" -D "$PG_ROOT/data" -U odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$DEV/logs/initdb.log" 2>&1; then
    tail -3 "$DEV/logs/initdb.log" >&2
    rm -rf "$PG_ROOT"
    die "PostgreSQL's initdb failed, see above: set PGHOST to a running server" 4
  fi
  cat >>"$PG_ROOT/data/postgresql.conf" <<'C'
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
shared_buffers = 256MB
jit = off
max_connections = 250
C
}

setup_postgres() {
  local bin
  if [ -n "${PGHOST:-}" ] && [ "$PGHOST" != "$PG_SOCKET" ]; then
    export PGHOST PGPORT=${PGPORT:-5432} PGUSER=${PGUSER:-$(id -un)}
    command -v createdb >/dev/null || { bin=$(pg_bin) && PATH=$bin:$PATH; }
    command -v createdb >/dev/null || die "PGHOST is set, but the PostgreSQL client programs (psql, createdb) are missing: install postgresql-client" 3
    psql -d postgres -Atqc 'select 1' >/dev/null 2>"$DEV/logs/pghost.log" ||
      die "no PostgreSQL answers at PGHOST=$PGHOST, PGPORT=$PGPORT, PGUSER=$PGUSER: $(head -1 "$DEV/logs/pghost.log")" 4
    return
  fi
  bin=$(pg_bin) || {
    [ ! -e "$PG_ROOT/data/PG_VERSION" ] ||
      die "the cluster in .dev/pg needs PostgreSQL $(cat "$PG_ROOT/data/PG_VERSION"), which is not on this machine any more: ./civic clean starts afresh" 4
    fetch_postgres
    bin=$(pg_bin) || die "no PostgreSQL server binaries found: set PG_BIN to their folder, or PGHOST" 3
  }
  use_programs "$bin"
  export PGHOST=$PG_SOCKET PGPORT=5432 PGUSER=odoo
  unset PGDATABASE PGPASSWORD
  [ -e "$PG_ROOT/data/PG_VERSION" ] || init_cluster
  pg_isready -q || start_cluster
}

start_cluster() {
  # whoever reaches the socket is a superuser: nobody else may enter its folder
  { rm -rf "$PG_SOCKET" && mkdir -m 700 "$PG_SOCKET"; } 2>/dev/null || die "$PG_SOCKET cannot be made: does it belong to another user?" 4
  if [ "$(id -u)" = 0 ] && [ "$(cat "$PG_ROOT/.mode")" = setpriv ]; then
    chown 65534:65534 "$PG_SOCKET"
  fi
  log "PostgreSQL: starting the private server"
  pg_as "$PG_RUN/pg_ctl" -D "$PG_ROOT/data" -w -s -l "$PG_ROOT/server.log" -o "-k $PG_SOCKET -p 5432" start </dev/null >/dev/null 9>&- ||
    die "the private PostgreSQL does not start: $(tail -1 "$PG_ROOT/server.log" 2>/dev/null)" 4
}

postgres_stop() {
  local bin
  [ -e "$PG_ROOT/data/postmaster.pid" ] || { log "PostgreSQL is not running"; return 0; }
  bin=$(pg_bin) || die "no PostgreSQL binaries found" 3
  use_programs "$bin"
  pg_as "$PG_RUN/pg_ctl" -D "$PG_ROOT/data" -s -m fast stop && log "PostgreSQL stopped"
}
