# shellcheck shell=bash
# apt with lists and cache of its own: works as any user and leaves the machine's packages untouched.
# No mirror is named in this repository: the addresses come from the machine's own sources.

APT_STATUS=(-o Dir::State::status=/dev/null) # as if nothing were installed
apt_private() { # apt_private FOLDER TOOL ARGUMENTS...; FOLDER/sources.list replaces the machine's sources when it exists
  local at=$1 tool=$2 sources=()
  shift 2
  mkdir -p "$at/lists/partial" "$at/cache/archives/partial"
  [ ! -e "$at/sources.list" ] || sources=(-o Dir::Etc::sourcelist="$at/sources.list" -o Dir::Etc::sourceparts=-)
  "$tool" -q "${sources[@]}" -o Dir::State::lists="$at/lists" -o Dir::Cache="$at/cache" "${APT_STATUS[@]}" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false \
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}

apt_mirrors() { # addresses to try: DEBIAN_MIRROR, else the machine's own (its release first, no security archive)
  local codename
  if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR"
    return
  fi
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # without --no-release-info nothing is printed before the first apt-get update
  # shellcheck disable=SC2016
  apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -v cn="$codename" '$2 == "main" && $3 !~ /security/ {print ($1 == cn ? 0 : 1), $3}' | sort -u | sort -n -k1,1 | awk '!s[$2]++ {print $2}'
}
