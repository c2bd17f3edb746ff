# The Rust toolchain itself is expected; its formatter and linter are added.
# shellcheck shell=bash

step_rust() {
  command -v cargo >/dev/null || fail "cargo is missing" \
    "Frontdesk expects a Rust toolchain, $RUST_MIN or newer. Install one from https://rustup.rs and open a new shell."
  local have
  have=$(cd / && rustc -V | first_number)
  version_at_least "$have" "$RUST_MIN" || fail "Rust $have is older than $RUST_MIN" \
    "Run: rustup update stable"
  local component missing=()
  for component in fmt clippy; do
    cargo "$component" --version >/dev/null 2>&1 || missing+=("${component/fmt/rustfmt}")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    step "Rust components: ${missing[*]}" "'make test' checks formatting and lints"
    with_progress "$LOGS/components.log" rustup component add "${missing[@]}" ||
      fail "rustup could not add ${missing[*]}" "Look at the network, or install a toolchain that has them."
  fi
  ok "Rust $have with rustfmt and clippy"
}

# Later steps build offline, so that a build does not depend on the network's mood.
step_crates() {
  if ! (cd "$ROOT" && cargo fetch --offline) >/dev/null 2>&1; then
    step "crates named by Cargo.lock" "everything after this builds without the network"
    (cd "$ROOT" && with_progress "$LOGS/fetch.log" cargo fetch) ||
      fail "cargo could not fetch the crates" "Look at the network; the log is $LOGS/fetch.log."
  fi
  ok "crates of Cargo.lock"
}
