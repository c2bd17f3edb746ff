# Debian packages: a C compiler, Chromium and its driver.
# shellcheck shell=bash

step_packages() {
  local missing=() why=()
  if ! command -v cc >/dev/null || ! echo 'int main(void){return 0;}' | cc -x c - -o /dev/null 2>/dev/null; then
    missing+=(build-essential); why+=("a C compiler builds SQLite and links Rust programs")
  fi
  if ! command -v chromium >/dev/null; then
    missing+=(chromium); why+=("the browser the tests run in")
  fi
  if ! command -v chromedriver >/dev/null; then
    missing+=(chromium-driver); why+=("steers that browser for wasm-bindgen-test")
  fi
  if [ ${#missing[@]} -gt 0 ]; then
    step "Debian packages: ${missing[*]}" "$(printf '%s; ' "${why[@]}")"
    # Chromium draws no text without a font; a small machine has none.
    command -v fc-list >/dev/null && [ -n "$(fc-list 2>/dev/null)" ] || missing+=(fonts-dejavu-core)
    apt_install "installing packages" ca-certificates "${missing[@]}"
  fi
  CHROMIUM=$(command -v chromium) || fail "chromium is still missing" "Run: apt-get install chromium"
  CHROMEDRIVER=$(command -v chromedriver) || fail "chromedriver is still missing" "Run: apt-get install chromium-driver"
  local have
  have=$(dpkg-query -W -f '${Version}' chromium 2>/dev/null | first_number || true)
  if [ -n "$have" ] && ! version_at_least "$have" "$CHROMIUM_MIN"; then
    fail "Chromium $have is older than $CHROMIUM_MIN" "Run: apt-get install --only-upgrade chromium chromium-driver"
  fi
  ok "C compiler; Chromium ${have:-($CHROMIUM)} and its driver"
}
