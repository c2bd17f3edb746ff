#!/bin/sh
# The widget's linker: rustc's, told nothing of exports that nobody calls.
#
# Leptos brings three classes for streams (`wasm-streams`, through `server_fn`) that are exported
# whether anybody uses them or not. What an export reaches through a vtable cannot be taken away once
# it is linked, so it is kept from being linked. A name that is exported twice does no harm.
for argument do
  shift
  case $argument in *intounderlying*) argument=main ;; esac
  set -- "$@" "$argument"
done
# rustup's toolchain brings its own; the distribution's uses the distribution's, under its version.
for linker in rust-lld wasm-ld "$(ls /usr/bin/wasm-ld-* 2>/dev/null | sort -V | tail -n 1)"; do
  if command -v "$linker" >/dev/null 2>&1; then exec "$linker" "$@"; fi
done
echo "linker.sh: no rust-lld, wasm-ld or wasm-ld-VERSION is on the PATH; run make setup" >&2
exit 1
