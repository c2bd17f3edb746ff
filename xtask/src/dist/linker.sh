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
exec rust-lld "$@"
