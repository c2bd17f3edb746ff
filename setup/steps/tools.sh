# Cargo's helpers, built once into the cache.
# shellcheck shell=bash

# tool CRATE VERSION PROGRAM WHY [install options...]
# A program of our own must be the pinned version; see `tool_or_newer` for the others.
tool() {
  local crate=$1 version=$2 program=$3 why=$4 have
  shift 4
  have=$("$TOOLS/bin/$program" --version 2>/dev/null | first_number || true)
  if [ "$have" != "$version" ]; then
    step "$crate $version" "$why (some minutes, once)"
    # Quick to build rather than quickest to run: these take seconds either way.
    CARGO_TARGET_DIR="$CACHE/target-tools" \
      CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_DEBUG=0 \
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_STRIP=symbols \
      with_progress "$LOGS/$crate.log" cargo install "$crate" --version "$version" --root "$TOOLS" --force "$@" ||
      fail "cargo could not install $crate $version" \
        "Look at the network and at $LOGS/$crate.log." \
        "By hand: cargo install $crate --version $version --root $TOOLS $*"
    TOOLS_BUILT=yes
  fi
  ok "$crate $version"
}

# The same, but a program of that version or newer anywhere on the PATH will do.
tool_or_newer() {
  local have
  have=$("$3" --version 2>/dev/null | first_number || true)
  if [ -n "$have" ] && version_at_least "$have" "$2"; then
    ok "$1 $have ($(command -v "$3"))"
  else
    tool "$@"
  fi
}

step_tools() {
  TOOLS_BUILT=""
  # wasm-bindgen-cli's own lock file names crates that are gone, hence no --locked.
  tool wasm-bindgen-cli "$WASM_BINDGEN" wasm-bindgen "makes the JavaScript beside the WebAssembly, and runs its tests"
  tool trunk "$TRUNK" trunk "bundles the widget and the console, and serves them with reload" --locked
  tool_or_newer cargo-nextest "$CARGO_NEXTEST" cargo-nextest "runs the native tests" --locked
  tool_or_newer cargo-deny "$CARGO_DENY" cargo-deny "checks licences and sources of what we depend on" --locked
  # What the builds left behind is of no use any more, and large.
  if [ -n "$TOOLS_BUILT" ]; then rm -rf "$CACHE/target-tools"; fi
}
