#!/usr/bin/env bash
# Entry point of the Docker image: the master password is a must, `civic-setup` prepares the database,
# everything else goes to the official image's own entry point (which adds HOST, USER and PASSWORD).
set -euo pipefail
: "${ODOO_ADMIN_PASSWD:?set ODOO_ADMIN_PASSWD, the master password of Odoo}"
conf=/var/lib/odoo/odoo.conf
(umask 077 && { cat /etc/odoo/odoo.conf && echo "admin_passwd = $ODOO_ADMIN_PASSWD"; } >"$conf")
export ODOO_RC=$conf
if [ "${1:-}" = civic-setup ]; then
  addons=${CIVIC_INSTALL:-civic_demo}
  if PGPASSWORD=$PASSWORD psql -h "$HOST" -U "$USER" -d civic -Atqc 'select 1 from ir_module_module limit 1' >/dev/null 2>&1; then
    exec /entrypoint.sh odoo -d civic -i "$addons" -u stored_value,sms_gateway --stop-after-init --no-http
  fi
  exec /entrypoint.sh odoo -d civic -i "$addons" --load-language=it_IT --stop-after-init --no-http
fi
exec /entrypoint.sh "$@"
