# shellcheck shell=bash
# A Chromium for the browser tests: the machine's, else apt, else Debian's packages unpacked into .dev/chromium-root.

find_chromium() {
  local c
  for c in ${CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
    case $(command -v "$c" 2>/dev/null) in
      '' | /snap/*) ;; # a snap cannot read .dev
      *) command -v "$c" && return ;;
    esac
  done
  return 1
}

setup_chromium() { # exports CHROMIUM, and puts it on PATH under the name that Odoo looks for
  make_dev
  CHROMIUM=$(find_chromium) || {
    apt_install chromium || die "a Chromium is needed for the browser tests: install the package chromium, or set CHROMIUM to one" 3
    CHROMIUM=$(find_chromium) || die "chromium was installed but is not found: set CHROMIUM to its path" 3
  }
  mkdir -p "$DEV/bin"
  ln -sf "$CHROMIUM" "$DEV/bin/chromium"
  export CHROMIUM PATH=$DEV/bin:$PATH
}
