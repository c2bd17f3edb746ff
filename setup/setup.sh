#!/usr/bin/env bash
# Brings everything that building and testing Frontdesk needs, and nothing twice.
#
#   setup/setup.sh          what `make setup` runs
#   FRONTDESK_WASM=distro   take the distribution's Rust for wasm32 even if rustup's works
#   FRONTDESK_NODE=npm      take Node from the npm registry even if the machine's is new enough
#   CI=true                 never ask: go on as root, else say what to run
#
# Where it puts things: programs under ${XDG_CACHE_HOME:-~/.cache}/frontdesk/tools,
# schemathesis in a folder beside that, npm packages in tests/e2e/node_modules,
# Debian packages by apt. What it found it writes to
# ${XDG_CACHE_HOME:-~/.cache}/frontdesk/env, which Makefile and xtask read.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/frontdesk
TOOLS=$CACHE/tools
LOGS=$CACHE/logs
ENV_FILE=$CACHE/env
STARTED=$SECONDS
mkdir -p "$TOOLS/bin" "$LOGS"

# shellcheck source=versions.env
. "$ROOT/setup/versions.env"
# shellcheck source=lib.sh
. "$ROOT/setup/lib.sh"
for part in rust packages node python tools wasm; do
  # shellcheck source=/dev/null
  . "$ROOT/setup/steps/$part.sh"
done

step_packages
step_rust
step_crates
step_node
step_npm_packages
step_schemathesis
step_wasm
step_tools

write_env
say "Ready after $((SECONDS - STARTED)) s. What was found stands in $ENV_FILE"
