# shellcheck shell=bash
# Databases. Templates are kept by the hash of what they are made of; a test or a demo starts from a copy:
#   civic_base_HASH   what our addons need from Odoo, Italian loaded, attachments inside, web assets made
#   civic_test_HASH   + our addons but civic_demo        civic_demo_HASH   + civic_demo

db_exists() { [ "$(psql -d postgres -Atqc "select 1 from pg_database where datname = '$1'")" = 1 ]; }

drop_db() {
  psql -d postgres -Atqc "select pg_terminate_backend(pid) from pg_stat_activity where datname = '$1'" >/dev/null 2>&1 || true
  dropdb --if-exists "$1" 2>/dev/null || true
}

manifests() { python "$ROOT/scripts/manifests.py" "$@"; }

# CIVIC_ADDONS="a b" limits every command to these addons and what they need
ONLY_ADDONS=${CIVIC_ADDONS:-}

hash_of() { printf %s "$*" | sha256sum | cut -c1-10; }

odoo_step() { # odoo_step STRICT LOG ARGUMENTS...: runs Odoo into a log and judges exit code and log
  local strict=$1 file=$DEV/logs/$2
  shift 2
  rm -f "$file"
  if ! odoo "$@" >"$file" 2>&1; then
    tail -30 "$file" >&2
    die "Odoo failed: the whole log is in $file" 5
  fi
  python "$ROOT/scripts/checklog.py" $strict "$file" || die "Odoo's log is not clean: $file" 5
}

install_addons() { # install_addons STRICT DB ADDONS [OPTIONS...]
  local strict=$1 db=$2 addons=$3
  shift 3
  odoo_step "$strict" "install-$db.log" server -d "$db" -i "$addons" --stop-after-init --no-http --log-level=warn "$@"
}

make_assets() { # bundles are kept by content, so those of the base stay good where an addon adds nothing
  odoo_step '' "assets-$1.log" shell -d "$1" --no-http --log-level=warn \
    <<<"env['ir.attachment'].force_storage(); env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()"
}

keep_newest() { # keep_newest KIND N
  local db
  for db in $(psql -d postgres -Atqc "select datname from pg_database where datname like 'civic\_$1\_%' order by oid desc offset $2"); do
    drop_db "$db"
  done
}

new_database() { # new_database NAME TEMPLATE
  drop_db "$1"
  if [ "$2" = template0 ]; then
    createdb -T template0 -E UTF8 --lc-collate=C --lc-ctype=C.UTF-8 "$1" || die "PostgreSQL cannot create the database $1" 4
  else
    createdb -T "$2" "$1" || die "PostgreSQL cannot copy $2 to $1" 4
  fi
}

rename_db() { psql -d postgres -qc "alter database \"$1\" rename to \"$2\""; }

base_template() { # sets BASE_DB
  local needs new
  needs=$(manifests external)
  BASE_DB=civic_base_$(hash_of "3 $ODOO_VERSION ${needs:-web}") # 3: count up when this function makes a different base
  ! db_exists "$BASE_DB" || return 0
  new=${BASE_DB}_$$
  log "database: installing Odoo's own modules once, for some minutes (${needs:-web})"
  new_database "$new" template0
  install_addons '' "$new" base
  psql -d "$new" -qc "insert into ir_config_parameter (key, value) values ('ir_attachment.location', 'db')"
  install_addons '' "$new" "${needs:-web}" --load-language=it_IT # later than base, so that Odoo's first users speak English
  make_assets "$new"
  rename_db "$new" "$BASE_DB"
  keep_newest base 2
}

addons_template() { # sets TEST_DB and TEST_ADDONS; ONLY_ADDONS limits it to some and what they need
  local addons missing new
  [ -n "$(manifests closure)" ] || die "there is no addon in $ROOT/addons yet" 6
  addons=$(manifests closure ${ONLY_ADDONS:-$(list_addons | grep -vx civic_demo)}) || exit 6
  TEST_ADDONS=${addons//,/ }
  # shellcheck disable=SC2086
  missing=$(manifests missing $TEST_ADDONS)
  [ -z "$missing" ] || die "an addon depends on something that is nowhere: $missing" 5
  base_template
  # shellcheck disable=SC2086
  TEST_DB=civic_test_$(hash_of "$BASE_DB $(manifests sources $TEST_ADDONS)")
  ! db_exists "$TEST_DB" || return 0
  new=${TEST_DB}_$$
  log "database: installing $addons"
  new_database "$new" "$BASE_DB"
  install_addons --install "$new" "$addons"
  make_assets "$new"
  rename_db "$new" "$TEST_DB" 2>/dev/null || drop_db "$new"
  keep_newest test 4
}

demo_template() { # sets DEMO_DB: everything, with the demo data when there are some
  local new
  addons_template
  DEMO_DB=$TEST_DB
  [ -z "$ONLY_ADDONS" ] && list_addons | grep -qx civic_demo || return 0
  DEMO_DB=civic_demo_$(hash_of "$TEST_DB $(manifests sources)")
  ! db_exists "$DEMO_DB" || return 0
  new=${DEMO_DB}_$$
  log "database: installing civic_demo"
  new_database "$new" "$TEST_DB"
  install_addons --install "$new" civic_demo
  make_assets "$new"
  rename_db "$new" "$DEMO_DB" 2>/dev/null || drop_db "$new"
  keep_newest demo 3
}

drop_left_overs() { # what killed runs left behind: names that end with the id of a process that is gone
  local db pid
  for db in $(psql -d postgres -Atqc "select datname from pg_database where datname ~ '^civic_(base|test|demo)_.*_[0-9]+$|^civic_run_[0-9]+'"); do
    pid=$(sed -E 's/^civic_run_([0-9]+).*/\1/; s/^civic_.*_([0-9]+)$/\1/' <<<"$db")
    kill -0 "$pid" 2>/dev/null || drop_db "$db"
  done
}

list_addons() { manifests closure | tr , '\n'; }

prepare() { # prepare FUNCTION...: one ./civic at a time builds environment and templates
  local f
  make_dev
  exec 9>"$DEV/lock"
  flock -n 9 || { log "waiting for another ./civic that is preparing the databases"; flock 9; }
  for f in setup_venv setup_odoo setup_postgres drop_left_overs write_conf "$@"; do $f; done
  exec 9>&-
}

setup() { prepare; }

civic_setup() {
  local start=$SECONDS
  prepare demo_template
  log "ready in $((SECONDS - start)) s; $(du -sh "$DEV" | cut -f1) in $DEV"
}
