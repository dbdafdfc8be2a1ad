# shellcheck shell=bash
# lint, shell, psql, i18n, screenshots, bench, clean

lint() { # every check runs; the exit code is non-zero when one fails
  local addons failed=0
  addons=$(list_addons | sed "s|^|$ROOT/addons/|")
  cd "$ROOT"
  check() { # check NAME COMMAND...
    local name=$1
    shift
    "$@" || { log "lint: $name found something"; failed=1; }
  }
  check ruff python -m ruff check --quiet .
  check "ruff format" python -m ruff format --check --quiet .
  # shellcheck disable=SC2086
  if [ -n "$addons" ]; then
    check pylint-odoo env -u PYTHONPATH "$DEV/venv/bin/python" -m pylint --rcfile="$ROOT/.pylintrc" $addons
    check oca-checks-odoo-module env -u PYTHONPATH "$DEV/venv/bin/oca-checks-odoo-module" --config="$ROOT/.oca_hooks.cfg" $addons
    local po
    po=$(find addons -name '*.po' -o -name '*.pot')
    [ -z "$po" ] || check oca-checks-po env -u PYTHONPATH "$DEV/venv/bin/oca-checks-po" --config="$ROOT/.oca_hooks.cfg" $po
  fi
  setup_node
  check prettier "$NODE" node_modules/prettier/bin/prettier.cjs --check --log-level=warn addons tests
  check eslint "$NODE" node_modules/eslint/bin/eslint.js --no-error-on-unmatched-pattern addons
  return $failed
}

civic_shell() {
  prepare
  odoo shell -d "${1:-$CIVIC_DB}" --no-http --log-level=warn
}

civic_psql() {
  prepare
  exec psql -d "${1:-$CIVIC_DB}"
}

civic_i18n() { # civic_i18n [ADDON...]
  local db=civic_run_$$_i18n folder=$DEV/i18n addons
  prepare demo_template
  addons=${*:-$(list_addons | paste -sd' ')}
  mkdir -p "$folder"
  new_database "$db" "$DEMO_DB"
  odoo_step '' i18n.log shell -d "$db" --no-http --log-level=warn \
    < <(printf 'ADDONS = "%s".split()\nFOLDER = "%s"\n' "$addons" "$folder" && cat "$ROOT/scripts/export_terms.py")
  drop_db "$db"
  # shellcheck disable=SC2086
  python "$ROOT/scripts/i18n.py" "$folder" $addons
}

civic_screenshots() {
  export CIVIC_SCREENSHOTS=1
  civic_test e2e "$@"
  log "screenshots are in docs/screenshots: look at them before you commit them"
}

civic_bench() {
  [ -e "$ROOT/benchmarks/run.py" ] || die "there is no benchmarks/run.py yet" 6
  prepare demo_template
  export TEST_DB DEMO_DB
  python "$ROOT/benchmarks/run.py" "$@"
}

civic_clean() {
  [ -n "$DEV" ] && [ "$DEV" != / ] || die "CIVIC_DEV is empty" 2
  [ ! -d "$DEV" ] || [ -e "$DEV/.gitignore" ] || die "$DEV does not look like a folder that ./civic made" 2
  postgres_stop || true
  rm -rf "$DEV" "$ROOT/node_modules" "$PG_SOCKET"
  log "removed $DEV and node_modules"
}
