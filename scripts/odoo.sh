# shellcheck shell=bash
# Where Odoo 19 comes from: ODOO_HOME, an installed odoo, else Debian's package extracted into .dev/odoo-root.

setup_odoo() { # sets ODOO_BIN, ODOO_ADDONS, ODOO_VERSION and PYTHONPATH
  local home=${ODOO_HOME:-} site=$DEV/odoo-root/usr/lib/python3/dist-packages
  if [ -z "$home" ] && [ ! -e "$DEV/odoo-root/.complete" ]; then
    home=$(cd / && python3 -c 'import odoo.release as r, pathlib
assert r.version_info[:2] == (19, 0)
print(pathlib.Path(r.__file__).parents[1])' 2>/dev/null || true)
  fi
  if [ -z "$home" ]; then
    "$ROOT/scripts/fetch-odoo.sh"
    ODOO_BIN=$DEV/odoo-root/usr/bin/odoo ODOO_ADDONS=$site/odoo/addons PYTHONPATH=$site
    ODOO_VERSION=$(cat "$DEV/odoo-root/.complete")
  else
    [ -d "$home/odoo" ] || die "ODOO_HOME=$home holds no odoo folder: give an Odoo 19.0 checkout or the folder in which the odoo package lies" 3
    PYTHONPATH=$home ODOO_ADDONS=$home/odoo/addons
    [ ! -d "$home/addons" ] || ODOO_ADDONS=$ODOO_ADDONS,$home/addons
    if [ -e "$home/odoo-bin" ]; then
      ODOO_BIN=$home/odoo-bin
    else
      ODOO_BIN=$DEV/odoo-bin
      printf 'import odoo.cli\nodoo.cli.main()\n' >"$ODOO_BIN"
    fi
    ODOO_VERSION=$(cd / && PYTHONPATH=$home "$DEV/venv/bin/python" -c 'import odoo.release as r; print(r.version, "'"$home"'")') ||
      die "ODOO_HOME=$home cannot be imported" 3
    [[ $ODOO_VERSION = 19.0* ]] || die "ODOO_HOME=$home is Odoo ${ODOO_VERSION%% *}, but 19.0 is needed" 3
  fi
  export PYTHONPATH ODOO_BIN ODOO_ADDONS ODOO_VERSION
}

odoo() { # odoo COMMAND ARGUMENTS...
  local command=${1:-help}
  shift || true
  python "$ODOO_BIN" "$command" -c "$DEV/odoo.conf" "$@"
}

write_conf() { # the same for every command; threads and connections agree: 20 threads with two cursors each never wait for each other
  # the queue's section comes first: whoever adds an option adds it at the end
  cat >"$DEV/odoo.conf" <<C
[queue_job]
channels = root:1

[options]
server_wide_modules = base,rpc,web,queue_job
addons_path = $ODOO_ADDONS,$ROOT/addons
data_dir = $DEV/data
bin_path = $DEV/bin
db_host = $PGHOST
db_port = $PGPORT
db_user = $PGUSER
db_maxconn = 40
http_interface = 127.0.0.1
max_cron_threads = 0
list_db = False
limit_time_real = 3600
limit_time_cpu = 1800
C
  chmod 600 "$DEV/odoo.conf"
  [ -z "${PGPASSWORD:-}" ] || echo "db_password = $PGPASSWORD" >>"$DEV/odoo.conf"
  export ODOO_MAX_HTTP_THREADS=auto
}
