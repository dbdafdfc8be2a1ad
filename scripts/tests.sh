# shellcheck shell=bash
# ./civic test

part() { # part NAME COMMAND...: runs one part and goes on; tests/parts turns its exit code into a test
  local name=$1 start=$SECONDS rc=0
  shift
  log "test: $name"
  ("$@") || rc=$?
  export CIVIC_PARTS="${CIVIC_PARTS:-} $name=$rc"
  log "test: $name $([ $rc = 0 ] && echo passed || echo FAILED) in $((SECONDS - start)) s"
}

plain_pytest() { # everything that does not run inside Odoo
  python -m pytest --junitxml="$DEV/reports/tests.xml" "$@"
}

rules_tests() {
  setup_venv
  plain_pytest "$ROOT/tests/rules" "$ROOT/tests/scripts" "$@"
}

addon_tests() { # addon_tests DB ADDON... [-- PYTEST OPTIONS]: pytest-odoo on a copy of the template
  local db=$1 folders=() rc=0 log_file=$DEV/logs/test-addons.log
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    [ ! -d "$ROOT/addons/$1/tests" ] || folders+=("$ROOT/addons/$1/tests")
    shift
  done
  [ $# = 0 ] || shift
  [ ${#folders[@]} -gt 0 ] || { log "no addon has tests yet"; return 0; }
  new_database "$db" "$TEST_DB"
  rm -f "$log_file" "$DEV/reports/addons.xml"
  { cat "$DEV/odoo.conf" && echo "logfile = $log_file"; } >"$DEV/odoo-tests.conf"
  # no job runner: a test that means to run a job runs it itself
  ODOO_QUEUE_JOB_CHANNELS=root:0 python -m pytest -o addopts='' -q -rs --strict-markers --odoo-http --odoo-log-level=warn --odoo-config="$DEV/odoo-tests.conf" --odoo-database="$db" \
    --junitxml="$DEV/reports/addons.xml" "${folders[@]}" "$@" || rc=$?
  PYTHONPATH=$PYTHONPATH:$ROOT/tests python -m support.leaks "$db" "$log_file" || rc=1
  drop_db "$db"
  python "$ROOT/scripts/checklog.py" "$log_file" || rc=1
  python "$ROOT/scripts/noskips.py" "$DEV/reports/addons.xml" || rc=1
  return $rc
}

civic_test() {
  local what=all
  case ${1:-} in lint | rules | repo | addons | js | e2e | all) what=$1 && shift ;; esac
  make_dev
  mkdir -p "$DEV/reports"
  case $what in
    rules) rules_tests "$@" ;;
    lint) setup_venv && lint "$@" ;;
    addons) only_addons "$@" ;;
    repo) on_template demo_template "$ROOT/tests"/test_*.py "$@" ;;
    js) on_template addons_template "$ROOT/tests/js" "$@" ;;
    e2e) on_template browser_template "$ROOT/tests/e2e" "$@" ;;
    all) all_tests "$@" ;;
  esac
}

only_addons() {
  local names=()
  while [ $# -gt 0 ] && [ -e "$ROOT/addons/$1/__manifest__.py" ]; do
    names+=("$1")
    shift
  done
  ONLY_ADDONS=${names[*]:-$ONLY_ADDONS}
  prepare setup_chromium addons_template
  # shellcheck disable=SC2086
  addon_tests "civic_run_$$" ${ONLY_ADDONS:-$TEST_ADDONS} -- "$@"
}

browser_template() { # the demo, axe-core and a second engine that look at its pages, and what looks at the API
  setup_node_modules
  setup_firefox
  setup_contract
  demo_template
}

on_template() { # on_template FUNCTION PYTEST_ARGUMENTS...: prepares the template that FUNCTION makes
  prepare setup_chromium "$1"
  shift
  export TEST_DB=${TEST_DB:-} DEMO_DB=${DEMO_DB:-}
  plain_pytest "$@"
}

all_tests() { # ends with a closing line of pytest in which every test counts
  prepare setup_chromium setup_firefox setup_node_modules setup_contract demo_template
  export TEST_DB DEMO_DB CIVIC_PARTS=
  part lint lint
  # shellcheck disable=SC2086
  part addons addon_tests "civic_run_$$" $TEST_ADDONS civic_demo
  log "test: rules, scripts, repository, JavaScript, end-to-end"
  plain_pytest "$ROOT"/tests/{parts,rules,scripts} "$ROOT"/tests/test_*.py "$ROOT"/tests/{js,e2e} "$@"
}
