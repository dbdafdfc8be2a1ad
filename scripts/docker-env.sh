#!/usr/bin/env bash
# Writes .env with random passwords for docker compose; keeps one that is already there.
set -euo pipefail
cd "$(dirname "$0")/.."
[ ! -e .env ] || { echo ".env is there already: nothing to do"; exit 0; }
secret() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
(umask 077 && printf 'POSTGRES_PASSWORD=%s\nODOO_ADMIN_PASSWD=%s\n' "$(secret)" "$(secret)" >.env)
echo ".env written: docker compose up --build"
