# shellcheck shell=bash
# The locked virtual environment in .dev/venv.

find_python() {
  local p
  for p in ${PYTHON:-} python3.12 python3.11 python3.13 python3; do
    if command -v "$p" >/dev/null &&
      "$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$p"
      return
    fi
    [ "$p" != "${PYTHON:-}" ] || die "PYTHON=$PYTHON is not a Python 3.11-3.13 with the venv module"
  done
  return 1
}

other_python() { # is PYTHON set to another version than the environment's?
  local version='import sys; print(sys.version_info[:2])'
  [ -n "${PYTHON:-}" ] && [ "$("$PYTHON" -c "$version" 2>&1)" != "$("$DEV/venv/bin/python" -c "$version" 2>&1)" ]
}

setup_venv() {
  make_dev
  local lock=$ROOT/requirements/dev.txt tools=$ROOT/requirements/tools.txt sum python
  sum=$(cat "$lock" "$tools" | sha256sum | cut -c1-16)
  [ "$(cat "$DEV/venv/.lock" 2>/dev/null)" != "$sum" ] || other_python || return 0
  python=$(find_python) || {
    [ -z "${PYTHON:-}" ] || exit 1
    apt_install python3 python3-venv ||
      die "a Python 3.11-3.13 with venv is needed: install the packages python3 and python3-venv, or set PYTHON" 3
    python=$(find_python) || die "the Python of this machine is not 3.11-3.13: set PYTHON to one that is" 3
  }
  log "Python packages: creating the locked environment with $("$python" --version)"
  step "Python packages" install_venv "$python" "$lock" "$tools" "$DEV/venv"
  echo "$sum" >"$DEV/venv/.lock"
}

setup_contract() { # what judges the API from outside, apart from Odoo's packages; after setup_venv
  local lock=$ROOT/requirements/contract.txt sum
  sum=$(sha256sum <"$lock" | cut -c1-16)
  [ "$(cat "$DEV/contract/.lock" 2>/dev/null)" != "$sum" ] || return 0
  step "Python packages that judge the API" \
    install_venv "$(find_python)" "$lock" "$ROOT/requirements/tools.txt" "$DEV/contract"
  echo "$sum" >"$DEV/contract/.lock"
}

install_venv() { # install_venv PYTHON LOCK TOOLS PLACE: uv is quick; pip is the way out where uv has no wheel
  (
    unset PYTHONPATH
    if [ ! -x "$DEV/tools/bin/uv" ]; then
      "$1" -m venv --clear "$DEV/tools"
      "$DEV/tools/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$3" >"$DEV/logs/pip.log" 2>&1 ||
        log "uv cannot be had, using pip (slower)"
    fi
    if [ -x "$DEV/tools/bin/uv" ]; then
      export UV_PYTHON_DOWNLOADS=never UV_CACHE_DIR=${UV_CACHE_DIR:-$DEV/uv-cache}
      "$DEV/tools/bin/uv" venv -q --clear --python "$1" "$4" &&
        "$DEV/tools/bin/uv" pip sync -q --require-hashes --python "$4/bin/python" "$2"
    else
      "$1" -m venv --clear "$4" &&
        "$4/bin/pip" install -q --disable-pip-version-check --no-deps --require-hashes -r "$2"
    fi
  ) || die "the Python packages of ${2#"$ROOT/"} could not be installed (is a package index reachable?)" 3
}

python() { "$DEV/venv/bin/python" "$@"; }
