# Node and the npm packages: wasm-opt, esbuild and what drives the browser.
# shellcheck shell=bash

node_is_new_enough() {
  local have
  have=$("$1" --version 2>/dev/null | first_number) || return 1
  version_at_least "$have" "$NODE_MIN"
}

step_node() {
  local own=$CACHE/node/node_modules/.bin
  if [ "${FRONTDESK_NODE:-}" != npm ] && command -v node >/dev/null && command -v npm >/dev/null &&
    node_is_new_enough "$(command -v node)"; then
    NODE=$(command -v node)
    NODE_BIN=""
  else
    if ! node_is_new_enough "$own/node" || [ ! -x "$own/npm" ]; then
      node_from_npm
    fi
    # Only a folder of our own goes before the PATH: /usr/bin there would put
    # the distribution's Rust before rustup's.
    NODE=$own/node
    NODE_BIN=$own
    export PATH="$NODE_BIN:$PATH"
  fi
  ok "Node $("$NODE" --version) ($NODE)"
}

# Debian 12 has Node 18. Its npm can fetch a newer one: the packages
# `node-linux-*` on the npm registry hold nothing but the program.
node_from_npm() {
  local arch
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) fail "no Node for $(uname -m) on the npm registry" "Install Node $NODE_MIN or newer by hand." ;;
  esac
  if ! command -v npm >/dev/null; then
    step "Debian package: npm" "it fetches Node $NODE_NPM; Debian's own Node is too old (a few minutes, many small packages)"
    apt_install "installing npm" npm
  fi
  step "Node $NODE_NPM from the npm registry" "the asset tools and the browser tests need Node $NODE_MIN or newer"
  mkdir -p "$CACHE/node"
  [ -f "$CACHE/node/package.json" ] || echo '{"private":true}' >"$CACHE/node/package.json"
  with_progress "$LOGS/node.log" npm install --prefix "$CACHE/node" --no-audit --no-fund --no-package-lock \
    "node-linux-$arch@$NODE_NPM" "npm@$NPM_NPM" ||
    fail "npm could not fetch Node $NODE_NPM" "Look at the network, or install Node $NODE_MIN or newer by hand."
}

step_npm_packages() {
  local folder=$ROOT/tests/e2e stamp want
  stamp=$folder/node_modules/.frontdesk-stamp
  want=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum | cut -d' ' -f1)-$("$NODE" --version)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
    step "npm packages in tests/e2e" "wasm-opt, esbuild and puppeteer-core, as package-lock.json pins them"
    PUPPETEER_SKIP_DOWNLOAD=true with_progress "$LOGS/npm.log" \
      npm --prefix "$folder" ci --no-audit --no-fund ||
      fail "npm could not install the packages" "Look at the network; the log is $LOGS/npm.log."
    echo "$want" >"$stamp"
  fi
  # Trunk looks for wasm-opt on the PATH, where the other tools are.
  ln -sfn "$folder/node_modules/.bin/wasm-opt" "$TOOLS/bin/wasm-opt"
  ok "npm packages: wasm-opt, esbuild, puppeteer-core"
}
