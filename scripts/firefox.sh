# shellcheck shell=bash
# A Firefox, the second engine of the browser tests: the machine's, else apt, else the distribution's packages unpacked without root.

find_firefox() {
  local c
  for c in ${CIVIC_FIREFOX:-} firefox-esr firefox "$DEV/firefox-root/run"; do
    # Ubuntu's firefox is a script that asks for the snap, which cannot read .dev
    case $(readlink -f "$(command -v "$c" 2>/dev/null)") in
      '' | /snap/*) ;;
      *) ! grep -qsI snap "$(command -v "$c")" && command -v "$c" && return ;;
    esac
  done
  return 1
}

setup_firefox() { # exports CIVIC_FIREFOX, and the NODE that drives it with the puppeteer-core of node_modules
  make_dev
  CIVIC_FIREFOX=$(find_firefox) || {
    if can_root; then apt_install firefox-esr fonts-dejavu-core; else unpack_browser firefox usr/lib/firefox-esr/firefox-esr firefox-esr; fi ||
      die "a Firefox is needed for the browser tests: install the package firefox-esr, or set CIVIC_FIREFOX to one" 3
    CIVIC_FIREFOX=$(find_firefox) || die "firefox-esr was installed but is not found: set CIVIC_FIREFOX to its path" 3
  }
  "$CIVIC_FIREFOX" --version >"$DEV/logs/firefox.log" 2>&1 || die "$CIVIC_FIREFOX does not start: $(tail -1 "$DEV/logs/firefox.log")" 3
  setup_node
  export CIVIC_FIREFOX NODE
}
