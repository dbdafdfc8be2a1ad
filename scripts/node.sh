# shellcheck shell=bash
# Node, and the locked eslint and prettier in node_modules.

setup_node() { # sets NODE
  local sum
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    apt_install nodejs npm || die "Node and npm are needed to check the JavaScript: install the packages nodejs and npm" 3
  fi
  NODE=$(command -v node)
  sum=$(sha256sum "$ROOT/package-lock.json" | cut -c1-16)
  [ "$(cat "$ROOT/node_modules/.lock" 2>/dev/null)" != "$sum" ] || return 0
  log "eslint and prettier: installing what package-lock.json names"
  (cd "$ROOT" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$DEV/logs/npm.log" 2>&1) ||
    { tail -3 "$DEV/logs/npm.log" >&2; die "npm ci failed (is a package registry reachable?)" 3; }
  echo "$sum" >"$ROOT/node_modules/.lock"
}
