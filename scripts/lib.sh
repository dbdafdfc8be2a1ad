# shellcheck shell=bash
# Words that every other script uses.

log() { printf '[civic] %s\n' "$*" >&2; }

die() { # die SENTENCE [CODE]: one sentence, non-zero exit
  printf '[civic] %s\n' "$1" >&2
  exit "${2:-1}"
}

step() { # step WHAT COMMAND...: says what is done, and how long when it took a while
  local what=$1 start=$SECONDS
  shift
  "$@"
  [ $((SECONDS - start)) -lt 2 ] || log "$what: done in $((SECONDS - start)) s"
}

as_root() { # runs a command as root, directly or through a sudo that asks nothing
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

can_root() { as_root true 2>/dev/null; }

apt_install() { # apt_install PACKAGE...: only with root
  can_root && command -v apt-get >/dev/null || return 1
  log "installing with apt: $*"
  as_root apt-get update -qq >"$DEV/apt-install.log" 2>&1 || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$DEV/apt-install.log" 2>&1 ||
    { tail -3 "$DEV/apt-install.log" >&2; return 1; }
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

make_dev() {
  mkdir -p "$DEV/logs" || die "cannot write to $DEV"
  [ -e "$DEV/.gitignore" ] || echo '*' >"$DEV/.gitignore"
}

unpacked_libs() { # unpacked_libs FOLDER: the library path of packages unpacked there (some keep private libraries in a folder below)
  find "$1/usr/lib" "$1/lib" -maxdepth 3 -path '*-linux-gnu*' -name '*.so*' -printf '%h\n' 2>/dev/null | sort -u | paste -sd:
}
