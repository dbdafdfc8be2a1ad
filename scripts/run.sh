# shellcheck shell=bash
# ./civic run

CIVIC_DB=${CIVIC_DB:-civic}

check_ports() {
  local port=${HTTP_PORT:-8069} p
  [[ $port =~ ^[0-9]+$ ]] && [ "$port" -gt 0 ] && [ "$port" -lt 65533 ] || die "HTTP_PORT=$port is not a port number" 2
  for p in "$port" $((port + 3)); do
    ! port_open "$p" || die "port $p is in use (is another Odoo running?): choose another one with HTTP_PORT=... ./civic run" 7
  done
}

demo_database() { # creates the database, or brings one made from older sources up to date; its comment holds their state
  local old update install state new=civic_run_$$_demo
  # shellcheck disable=SC2086
  state=$(manifests state $ONLY_ADDONS)
  if ! db_exists "$CIVIC_DB"; then
    demo_template
    new_database "$new" "$DEMO_DB"
    psql -d postgres -qc "comment on database \"$new\" is '$state'"
    rename_db "$new" "$CIVIC_DB"
  else
    old=$(psql -d postgres -Atqc "select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname = '$CIVIC_DB'")
    [[ $old = '{'* ]] || die "there is a database '$CIVIC_DB' that ./civic did not make: choose another name with CIVIC_DB=... ./civic run" 7
    [ "$old" != "$state" ] || return 0
    # shellcheck disable=SC2046,SC2086
    eval "local $(manifests changed "$old" $ONLY_ADDONS)"
    log "database: bringing '$CIVIC_DB' up to date (changed: ${update:-none}; new: ${install:-none})"
    odoo_step '' "update-$CIVIC_DB.log" server -d "$CIVIC_DB" --stop-after-init --no-http --log-level=warn \
      ${update:+-u "$update"} ${install:+-i "$install"}
    psql -d postgres -qc "comment on database \"$CIVIC_DB\" is '$state'"
  fi
}

civic_run() {
  [ $# = 0 ] || die "./civic run takes no arguments; see ./civic help" 2
  local port=${HTTP_PORT:-8069} start=$SECONDS logins=
  [ -n "$ONLY_ADDONS" ] || logins=$ROOT/addons/civic_demo/LOGINS.txt
  check_ports
  prepare setup_printing demo_database
  log "starting Odoo on port $port (set-up took $((SECONDS - start)) s)"
  python "$ROOT/scripts/announce.py" "http://127.0.0.1:$port" "$$" ${logins:+"$logins"} &
  exec "$DEV/venv/bin/python" "$ODOO_BIN" server -c "$DEV/odoo.conf" -d "$CIVIC_DB" --db-filter "^$CIVIC_DB\$" \
    --http-port="$port" --gevent-port=$((port + 3)) --max-cron-threads=1 --log-level=warn
}
