#!/usr/bin/env bash
# Brings Odoo 19.0 to $DEV/odoo-root: Debian's odoo-19 package, unpacked and mended; nothing is installed.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
DEV=${DEV:-$ROOT/.dev}
. "$ROOT/scripts/lib.sh"
. "$ROOT/scripts/apt-private.sh"
PIN=19.0.0+dfsg-1
OUT=$DEV/odoo-root
SITE=$OUT/usr/lib/python3/dist-packages
AT=$DEV/apt
LOCK=$ROOT/requirements/debs.sha256
WAYS="run 'docker compose up' (README), set ODOO_HOME to an Odoo 19.0 checkout, DEB_CACHE to a folder with the packages of requirements/debs.sha256, or DEBIAN_MIRROR to a Debian mirror that has sid"

[ ! -e "$OUT/.complete" ] || exit 0
for tool in dpkg-deb sha256sum; do
  command -v $tool >/dev/null || die "Odoo: '$tool' is missing, so Debian's package cannot be unpacked; $WAYS" 3
done
mkdir -p "$AT/debs"

locked() { (cd "$AT/debs" && sha256sum -c --quiet --strict "$LOCK" >/dev/null 2>&1); }
found() { apt_private "$AT" apt-cache madison odoo-19 2>/dev/null | grep -q ' 19\.'; }
fonts_and_libs() { awk '{print $2}' "$LOCK" | sed 's/_.*//' | grep -v '^odoo-19$'; }

take_cache() {
  local d
  [ -n "${DEB_CACHE:-}" ] || return 0
  [ -d "$DEB_CACHE" ] || die "DEB_CACHE=$DEB_CACHE is not a folder" 3
  for d in "$DEB_CACHE"/*.deb; do
    [ ! -e "$d" ] || cp -n "$d" "$AT/debs/"
  done
}

find_mirror() { # the fonts and jQuery come from trixie: sid's Font Awesome has no 4.7 files any more
  local mirror keyring=''
  command -v apt-get >/dev/null || return 1
  [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ] || keyring='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] '
  for mirror in $(apt_mirrors); do
    printf 'deb %s%s sid main\ndeb %s%s trixie main\n' "$keyring" "$mirror" "$keyring" "$mirror" >"$AT/sources.list"
    log "Odoo: looking for the package odoo-19 on this machine's mirror (suites sid and trixie)"
    apt_private "$AT" apt-get update >"$DEV/logs/apt-update.log" 2>&1 || true
    ! found || return 0
  done
  return 1
}

download() {
  local f p version versions
  for f in "$AT/debs"/*.deb; do # one cut short by an interruption
    [ ! -e "$f" ] || dpkg-deb --info "$f" >/dev/null 2>&1 || rm -f "$f"
  done
  found || find_mirror || die "Odoo: no mirror of this machine has Debian's odoo-19: $WAYS" 3
  versions=$(apt_private "$AT" apt-cache madison odoo-19 2>/dev/null | awk '$3 ~ /^19\./ {print $3}' | sort -u)
  version=$(grep -Fx "$PIN" <<<"$versions" || tail -1 <<<"$versions")
  cd "$AT/debs"
  ls odoo-19_*.deb >/dev/null 2>&1 || {
    log "Odoo: downloading odoo-19 $version (122 MB)"
    apt_private "$AT" apt-get download "odoo-19=$version" >/dev/null || die "Odoo: the download failed: $WAYS" 3
  }
  for p in $(fonts_and_libs); do
    ls "${p}"_*.deb >/dev/null 2>&1 || apt_private "$AT" apt-get download "$p/trixie" >/dev/null || die "Odoo: the package $p could not be downloaded: $WAYS" 3
  done
  cd "$ROOT"
  rm -rf "$AT/lists" "$AT/cache"
  locked || log "WARNING: Odoo: the mirror moved on to odoo-19 $version; signed by Debian, but not the packages of requirements/debs.sha256"
}

unpack() {
  local d e fonts web
  log "Odoo: unpacking"
  rm -rf "$OUT"
  mkdir -p "$OUT"
  for d in $(if locked; then awk '{print $2}' "$LOCK"; else cd "$AT/debs" && ls ./*.deb; fi); do dpkg-deb -x "$AT/debs/$d" "$OUT"; done
  # Debian left this file out but not its line in mail's manifest; without it every backend bundle logs an error
  d=$SITE/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
  [ -e "$d" ] || { mkdir -p "${d%/*}" && echo '/* left out by Debian: background blur in calls is off */' >"$d"; }
  # Debian links woff to woff2 and the other way round
  fonts=$OUT/usr/share/fonts-font-awesome/fonts
  web=$SITE/odoo/addons/web/static/lib/fontawesome/fonts
  for e in woff woff2; do ln -sfr "$fonts/fontawesome-webfont.$e" "$web/fontawesome-webfont.$e"; done
  # a second, half copy of the addons that would end up in odoo.addons.__path__
  rm -rf "$SITE/addons" "$SITE/doc" "$SITE/setup"
  find "$OUT/usr/share/doc" "$OUT/usr/share/lintian" -mindepth 1 -delete 2>/dev/null || true
  find "$SITE" -path '*/i18n/*.po' ! -name 'it*.po' -delete
  "$DEV/venv/bin/python" -c "import sys; sys.path.insert(0, '$SITE')
import odoo.release as r
assert r.version_info[:2] == (19, 0), r.version_info" || die "Odoo: the unpacked package is not Odoo 19.0" 3
}

take_cache
if locked; then log "Odoo: all packages are at hand"; else download; fi
unpack
(cd "$AT/debs" && ls odoo-19_*.deb | tail -1 | tr _ ' ' | cut -d' ' -f1,2) >"$OUT/.complete"
