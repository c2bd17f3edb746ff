# A toolchain that builds for wasm32: rustup's target, else the distribution's Rust.
# shellcheck shell=bash

WASM_TARGET=wasm32-unknown-unknown
DISTRO_LIB=/usr/lib/rustlib/$WASM_TARGET/lib
DISTRO_PACKAGES=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy)

# wasm_works: proves it by building a library without dependencies, with the
# link-time optimisation that the widget is built with.
wasm_works() {
  local folder status=0
  folder=$(mktemp -d)
  printf '#[unsafe(no_mangle)]\npub extern "C" fn answer(n: usize) -> usize { vec![n; n].len() }\n' >"$folder/probe.rs"
  (cd "$folder" && "${RUSTC_FOR_WASM[@]}" --edition 2024 --crate-type cdylib --target "$WASM_TARGET" \
    -C opt-level=1 -C lto=fat -C panic=abort probe.rs -o probe.wasm) >"$LOGS/wasm-probe.log" 2>&1 || status=1
  [ -s "$folder/probe.wasm" ] || status=1
  rm -rf "$folder"
  return $status
}

step_wasm() {
  WASM_TOOLCHAIN=""
  WASM_PATH=""
  if [ "${FRONTDESK_WASM:-}" != distro ]; then
    RUSTC_FOR_WASM=(rustc)
    CARGO_FOR_WASM=(cargo)
    if wasm_works && std_source; then
      ok "wasm32 by the default toolchain"
      forget_stale_wasm
      return
    fi
    if command -v rustup >/dev/null && [ ! -f "$CACHE/rustup-has-no-wasm" ]; then
      step "rustup target add $WASM_TARGET" "the widget and the console are WebAssembly"
      if with_progress "$LOGS/rustup-target.log" timeout 300 rustup target add "$WASM_TARGET" && wasm_works && std_source; then
        ok "wasm32 by rustup"
        forget_stale_wasm
        return
      fi
      say "rustup could not bring it; going on with the distribution's Rust"
      # Not tried again at every start; delete the file to have it tried.
      touch "$CACHE/rustup-has-no-wasm"
    fi
  fi
  wasm_by_distro
  std_source || fail "the standard library's source could not be made ready" \
    "The log is $LOGS/wasm-std-source.log."
  forget_stale_wasm
}

# std_source: the standard library's source, with the crates it is made of. The widget is built
# with a library of its own, made for size (xtask/src/dist/widget.rs).
std_source() {
  local library
  library=$("${RUSTC_FOR_WASM[@]}" --print sysroot)/lib/rustlib/src/rust/library
  if [ ! -f "$library/Cargo.lock" ] && command -v rustup >/dev/null && [ ! -f "$CACHE/rustup-has-no-wasm" ]; then
    step "rustup component add rust-src" "the widget's standard library is built from source, for size"
    with_progress "$LOGS/rustup-src.log" timeout 300 rustup component add rust-src || true
  fi
  [ -f "$library/Cargo.lock" ] || return 1
  (
    cd "$library"
    unset RUSTUP_TOOLCHAIN RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
    RUSTC_BOOTSTRAP=1 "${CARGO_FOR_WASM[@]}" fetch --locked --target "$WASM_TARGET"
  ) >"$LOGS/wasm-std-source.log" 2>&1
}

wasm_by_distro() {
  local missing=() package
  for package in "${DISTRO_PACKAGES[@]}" "$DISTRO_LLD"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    step "Debian packages: ${missing[*]}" "Debian's Rust $DISTRO_RUST with its source builds the wasm32 library that rustup could not fetch"
    apt_install "installing the distribution's Rust" "${missing[@]}"
  fi
  if command -v rustup >/dev/null; then
    rustup run distro rustc -V >/dev/null 2>&1 || rustup toolchain link distro /usr ||
      fail "rustup could not link the distribution's Rust" "Run: rustup toolchain link distro /usr"
    WASM_TOOLCHAIN=distro
    RUSTC_FOR_WASM=(rustup run distro rustc)
    CARGO_FOR_WASM=(cargo +distro)
  else
    # Without rustup the same programs are chosen by the PATH.
    WASM_PATH=/usr/bin
    RUSTC_FOR_WASM=(/usr/bin/rustc)
    CARGO_FOR_WASM=(env PATH="/usr/bin:$PATH" /usr/bin/cargo)
  fi
  if ! wasm_works || [ "$(cat "$DISTRO_LIB/.frontdesk" 2>/dev/null)" != "$("${RUSTC_FOR_WASM[@]}" -V)" ]; then
    build_wasm_library
    wasm_works || fail "the distribution's Rust still builds no WebAssembly" \
      "The compiler's words are in $LOGS/wasm-probe.log."
  fi
  ok "wasm32 by the distribution's $("${RUSTC_FOR_WASM[@]}" -V)"
}

# Debian ships the standard library's source but not its wasm32 build. A crate
# without dependencies, built with -Zbuild-std, compiles the library beside it.
# embed-bitcode: without it link-time optimisation fails. test: wasm-bindgen-test needs it.
build_wasm_library() {
  local folder=$CACHE/wasm-std
  step "the standard library for $WASM_TARGET from Debian's source" "Debian ships it as source only (about a minute)"
  rm -rf "$folder"
  mkdir -p "$folder/src"
  printf '[package]\nname = "std-builder"\nversion = "0.0.0"\nedition = "2021"\n[lib]\n[workspace]\n' >"$folder/Cargo.toml"
  : >"$folder/src/lib.rs"
  (
    cd "$folder"
    unset RUSTUP_TOOLCHAIN RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR=$folder/target \
      with_progress "$LOGS/wasm-std.log" "${CARGO_FOR_WASM[@]}" build --release \
      -Zbuild-std=std,panic_abort,proc_macro,test --target "$WASM_TARGET"
  ) || fail "the wasm32 library could not be built" "The log is $LOGS/wasm-std.log."
  need_root "putting the wasm32 library beside the distribution's Rust" "cp LIBRARY $DISTRO_LIB"
  as_root rm -rf "$DISTRO_LIB"
  as_root mkdir -p "$DISTRO_LIB"
  as_root cp "$folder/target/$WASM_TARGET/release/deps/"*.rlib "$DISTRO_LIB/"
  as_root rm -f "$DISTRO_LIB"/libstd_builder-*.rlib
  "${RUSTC_FOR_WASM[@]}" -V | as_root tee "$DISTRO_LIB/.frontdesk" >/dev/null
  rm -rf "$folder"
}

# What was compiled against another library does not link with this one.
forget_stale_wasm() {
  local stamp=$CACHE/wasm-library now
  now=$("${RUSTC_FOR_WASM[@]}" -V)-$("${RUSTC_FOR_WASM[@]}" --print target-libdir --target "$WASM_TARGET" | xargs -I{} ls {} | sha256sum | cut -c1-16)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ]; then
    if [ -f "$stamp" ] && [ -d "$CACHE/target-wasm" ]; then
      say "the wasm32 library changed: clearing $CACHE/target-wasm"
      rm -rf "$CACHE/target-wasm"
    fi
    echo "$now" >"$stamp"
  fi
}
