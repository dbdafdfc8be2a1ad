# shellcheck shell=bash
# lint, shell, psql, i18n, screenshots, rights, bench, simulate, clean

lint() { # lint [--fix]: every check runs; the exit code is non-zero when one fails
  local fix=${1:-} addons po failed=0 hooks ruff=(check --quiet --output-format=concise) format=(format --check --output-format=concise) prettier=--check
  case $fix in
    '') ;;
    --fix) ruff=(check --quiet --output-format=concise --fix) format=(format --quiet) prettier=--write ;;
    *) die "./civic lint knows only --fix" 2 ;;
  esac
  setup_node_modules
  cd "$ROOT"
  addons=$(list_addons | sed 's|^|addons/|')
  hooks=(env -u PYTHONPATH "PATH=$DEV/venv/bin:$PATH")
  check() { # check NAME COMMAND...
    local name=$1
    shift
    "$@" || { log "lint: $name found something"; failed=1; }
  }
  check ruff python -m ruff "${ruff[@]}" .
  check "ruff format" python -m ruff "${format[@]}" .
  # shellcheck disable=SC2086
  if [ -n "$addons" ]; then
    # a README is judged by tests/test_repository.py; `from odoo import _` is as good as self.env._, and shorter
    check pylint-odoo "${hooks[@]}" pylint --rcfile=.pylintrc -d all -e odoolint -d missing-readme,prefer-env-translation,consider-merging-classes-inherited $addons
    check oca-checks-odoo-module "${hooks[@]}" oca-checks-odoo-module --config=.oca_hooks.cfg $fix $addons
    po=$(find addons -name '*.po' -o -name '*.pot')
    [ -z "$po" ] || check oca-checks-po "${hooks[@]}" oca-checks-po --config=.oca_hooks.cfg $fix $po
  fi
  check prettier "$NODE" node_modules/prettier/bin/prettier.cjs $prettier --log-level=warn addons
  check eslint "$NODE" node_modules/eslint/bin/eslint.js ${fix:+--fix} --no-error-on-unmatched-pattern addons
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
  prepare setup_printing demo_template
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

civic_rights() {
  prepare setup_printing demo_template
  export TEST_DB DEMO_DB PYTHONPATH=$PYTHONPATH:$ROOT/tests
  python -m support.rights
}

civic_bench() {
  prepare setup_printing demo_template
  export TEST_DB DEMO_DB PYTHONPATH=$PYTHONPATH:$ROOT/tests
  cd "$ROOT"
  python -m benchmarks "$@"
}

civic_review() { # civic_review OPTIONS...: precision and recall of the suspicious patterns; no database
  setup_venv
  PYTHONPATH=$ROOT/tests:$ROOT/tests/rules python -m support.frauds "$@"
}

civic_simulate() { # civic_simulate [--keep] OPTIONS...: on a copy of the template, dropped afterwards or kept as civic_simulated
  local db=civic_run_$$_simulate keep= rc=0 options=()
  for option in "$@"; do
    [ "$option" = --keep ] && keep=1 || options+=("$option")
  done
  prepare addons_template
  new_database "$db" "$TEST_DB"
  PYTHONPATH=$PYTHONPATH:$ROOT/tests python -m support.simulation --config "$DEV/odoo.conf" --database "$db" "${options[@]}" || rc=$?
  if [ -n "$keep" ]; then
    drop_db civic_simulated
    rename_db "$db" civic_simulated
    log "kept: ./civic psql civic_simulated"
  else
    drop_db "$db"
  fi
  return $rc
}

civic_clean() {
  [ -n "$DEV" ] && [ "$DEV" != / ] || die "CIVIC_DEV is empty" 2
  [ ! -d "$DEV" ] || [ -e "$DEV/.gitignore" ] || die "$DEV does not look like a folder that ./civic made" 2
  postgres_stop || true
  rm -rf "$DEV" "$ROOT/node_modules" "$PG_SOCKET"
  log "removed $DEV and node_modules"
}
