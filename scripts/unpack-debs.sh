#!/usr/bin/env bash
# unpack-debs.sh FOLDER PACKAGE...: downloads packages of this machine's release and what is not installed of all they
# depend on, and unpacks them into FOLDER, without root.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
DEV=${DEV:-$ROOT/.dev}
. "$ROOT/scripts/lib.sh"
. "$ROOT/scripts/apt-private.sh"
out=$1
shift
AT=$DEV/apt-release
# what is installed need not be downloaded; nothing is locked, because nothing is installed
APT_STATUS=(-o Debug::NoLocking=true)
for tool in apt-get dpkg-deb; do
  command -v $tool >/dev/null || die "'$tool' is missing: packages can be unpacked without root on Debian and Ubuntu only" 3
done
mkdir -p "$AT" "$DEV/logs"
apt_private "$AT" apt-get update >"$DEV/logs/apt-release.log" 2>&1 || true
apt_private "$AT" apt-get install -y --download-only --no-install-recommends "$@" >>"$DEV/logs/apt-release.log" 2>&1 ||
  { grep '^E:' "$DEV/logs/apt-release.log" >&2; die "the packages could not be downloaded: $*" 3; }
rm -rf "$out.part"
mkdir -p "$out.part"
for deb in "$AT"/cache/archives/*.deb; do dpkg-deb -x "$deb" "$out.part"; done
rm -rf "$AT" "$out"
mv "$out.part" "$out"
