# Helpers of setup.sh: saying, asking, showing progress, becoming root.
# shellcheck shell=bash

say() { printf '\033[1msetup\033[0m  %s\n' "$*"; }
# ok WHAT: a step with nothing to do, in one line.
ok() { printf 'setup  \033[32mok\033[0m  %s\n' "$*"; }
# step WHAT WHY: a step that is going to do something.
step() { printf '\n\033[1msetup  >>  %s\033[0m\n       why: %s\n' "$1" "$2"; }

# fail WHAT FIX...: ends the set-up; the lines after the first say what to do.
fail() {
  printf '\n\033[31msetup  failed: %s\033[0m\n' "$1" >&2
  shift
  printf '       %s\n' "$@" >&2
  exit 1
}

# version_at_least HAVE WANT
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# first_number: the first dotted number in what comes in.
first_number() { grep -oE '[0-9]+(\.[0-9]+)+' | head -n1; }

# with_progress LOG COMMAND...: runs a long command, its output in LOG, and shows
# every few seconds how long it has run and the last line it wrote.
with_progress() {
  local log=$1 pid began=$SECONDS last shown=""
  shift
  : >"$log"
  "$@" >>"$log" 2>&1 </dev/null &
  pid=$!
  trap 'kill "$pid" 2>/dev/null || true; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    if [ $(((SECONDS - began) % 10)) -eq 0 ]; then
      last=$(tail -n1 "$log" | tr -d '\r' | cut -c1-90)
      if [ "$last" != "$shown" ] || [ $(((SECONDS - began) % 60)) -eq 0 ]; then
        printf '       %4d s  %s\n' $((SECONDS - began)) "$last"
        shown=$last
      fi
    fi
  done
  trap - INT TERM
  if wait "$pid"; then
    printf '       done after %d s\n' $((SECONDS - began))
  else
    printf '       failed after %d s; the end of %s:\n' $((SECONDS - began)) "$log" >&2
    tail -n 20 "$log" | sed 's/^/       | /' >&2
    return 1
  fi
}

# as_root WHY COMMAND...: runs a command as root. Root just runs it; a person is
# asked once before sudo is used; without a terminal it says what to run and ends.
SUDO_AGREED=""
need_root() {
  local why=$1 shown=$2 answer
  [ "$(id -u)" -eq 0 ] && return 0
  [ -n "$SUDO_AGREED" ] && return 0
  if [ "${CI:-}" = true ] || [ ! -t 0 ]; then
    fail "$why needs root, and there is nobody to ask" \
      "Run this by hand, then 'make setup' again:" "  sudo $shown"
  fi
  command -v sudo >/dev/null || fail "$why needs root, and sudo is not here" \
    "Run this as root, then 'make setup' again:" "  $shown"
  printf '       %s needs root. To run:\n         sudo %s\n       Go on? [y/N] ' "$why" "$shown"
  read -r answer
  case $answer in
    y | Y | yes) SUDO_AGREED=yes; sudo -v ;;
    *) fail "not agreed" "Run it by hand, then 'make setup' again:" "  sudo $shown" ;;
  esac
}
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# apt_install WHY PACKAGE...: installs Debian packages, updating the lists first.
APT_UPDATED=""
apt_install() {
  local why=$1
  shift
  command -v apt-get >/dev/null || fail "this is no Debian: apt-get is missing" \
    "Install what these Debian packages hold by hand, then run 'make setup' again:" "  $*"
  need_root "$why" "apt-get install -y --no-install-recommends $*"
  if [ -z "$APT_UPDATED" ]; then
    with_progress "$LOGS/apt-update.log" as_root apt-get update ||
      fail "apt-get update did not work" "Look at the network and at /etc/apt/sources.list*." 
    APT_UPDATED=yes
  fi
  with_progress "$LOGS/apt-install.log" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "$@" ||
    fail "apt-get could not install: $*" "The log is $LOGS/apt-install.log."
}

# write_env: what was found, for Makefile and xtask. Plain KEY=VALUE lines.
write_env() {
  local fresh=$ENV_FILE.new
  {
    echo "# Written by setup/setup.sh; run 'make setup' to renew."
    echo "FRONTDESK_CACHE=$CACHE"
    echo "FRONTDESK_PATH=${NODE_BIN:+$NODE_BIN:}$TOOLS/bin"
    echo "FRONTDESK_NODE=$NODE"
    echo "FRONTDESK_CHROMIUM=$CHROMIUM"
    echo "FRONTDESK_CHROMEDRIVER=$CHROMEDRIVER"
    echo "FRONTDESK_WASM_TOOLCHAIN=$WASM_TOOLCHAIN"
    echo "FRONTDESK_WASM_PATH=$WASM_PATH"
    echo "FRONTDESK_TARGET=$CACHE/target"
    echo "FRONTDESK_TARGET_WASM=$CACHE/target-wasm"
  } >"$fresh"
  mv "$fresh" "$ENV_FILE"
}
