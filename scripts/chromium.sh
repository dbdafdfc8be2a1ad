# shellcheck shell=bash
# A Chromium for the browser tests: the machine's, else apt, else the distribution's packages unpacked without root.

find_chromium() {
  local c
  for c in ${CHROMIUM:-} chromium google-chrome google-chrome-stable "$DEV/chromium-root/run"; do
    case $(command -v "$c" 2>/dev/null) in
      '' | /snap/* | "$DEV/bin/"*) ;; # a snap cannot read .dev
      *) command -v "$c" && return ;;
    esac
  done
  return 1
}

unpack_browser() { # unpack_browser NAME COMMAND PACKAGE: the unpacked browser is told where its libraries and fonts are
  local root=$DEV/$1-root libs
  log "$1: no root here, so the distribution's packages are unpacked into .dev/$1-root"
  "$ROOT/scripts/unpack-debs.sh" "$root" "$3" fonts-dejavu-core fontconfig-config || return 1
  libs=$(unpacked_libs "$root")
  cat >"$root/fonts.conf" <<F
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$root/usr/share/fonts</dir><dir>/usr/share/fonts</dir><cachedir>$root/fontcache</cachedir></fontconfig>
F
  printf '#!/bin/sh\nexport FONTCONFIG_FILE=%s LD_LIBRARY_PATH=%s\nexec %s "$@"\n' "$root/fonts.conf" "$libs" "$root/$2" >"$root/run"
  chmod +x "$root/run"
}

setup_chromium() { # exports CHROMIUM, and puts it on PATH under the name that Odoo looks for
  make_dev
  CHROMIUM=$(find_chromium) || {
    if can_root; then apt_install chromium fonts-dejavu-core; else unpack_browser chromium usr/lib/chromium/chromium chromium; fi ||
      die "a Chromium is needed for the browser tests: install the package chromium, or set CHROMIUM to one" 3
    CHROMIUM=$(find_chromium) || die "chromium was installed but is not found: set CHROMIUM to its path" 3
  }
  "$CHROMIUM" --version --no-sandbox >"$DEV/logs/chromium.log" 2>&1 || die "$CHROMIUM does not start: $(tail -1 "$DEV/logs/chromium.log")" 3
  # Playwright brings a Node of its own, which not every machine has the libraries for
  if ! "$DEV"/venv/lib/python3*/site-packages/playwright/driver/node --version >/dev/null 2>&1; then
    setup_node
    export PLAYWRIGHT_NODEJS_PATH=$NODE
  fi
  mkdir -p "$DEV/bin"
  ln -sfn "$CHROMIUM" "$DEV/bin/chromium"
  export CHROMIUM PATH=$DEV/bin:$PATH
  write_wkhtmltopdf
}

write_wkhtmltopdf() { # Debian has no wkhtmltopdf any more: Chromium prints in its place; a real one on PATH is not touched
  cat >"$DEV/bin/wkhtmltopdf.new" <<W
#!/bin/sh
unset PYTHONPATH
export CHROMIUM='$CHROMIUM' ${PLAYWRIGHT_NODEJS_PATH:+PLAYWRIGHT_NODEJS_PATH='$PLAYWRIGHT_NODEJS_PATH'}
exec '$DEV/venv/bin/python' '$ROOT/scripts/wkhtmltopdf.py' "\$@"
W
  chmod +x "$DEV/bin/wkhtmltopdf.new"
  if [ "$(command -v wkhtmltopdf)" = "$DEV/bin/wkhtmltopdf" ] || ! command -v wkhtmltopdf >/dev/null; then
    mv "$DEV/bin/wkhtmltopdf.new" "$DEV/bin/wkhtmltopdf"
  else
    rm -f "$DEV/bin/wkhtmltopdf.new"
  fi
}

setup_printing() { # for ./civic run: without a Chromium everything works but printing
  (setup_chromium) || log "no Chromium here, so cards and letters cannot be printed as PDF"
}
