# schemathesis: asks the REST API everything that its description allows, and what it forbids.
# shellcheck shell=bash

step_schemathesis() {
  local folder=$CACHE/schemathesis stamp=$CACHE/schemathesis/.frontdesk-stamp want
  # What it is made of is pinned too: another version of that draws other requests.
  want=$SCHEMATHESIS-$(sha256sum <"$ROOT/setup/schemathesis.txt" | cut -d' ' -f1)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ] || ! "$folder/bin/schemathesis" --version >/dev/null 2>&1; then
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
      step "Debian packages: python3 python3-venv" "schemathesis, which tests the REST API, is a Python program"
      apt_install "installing Python" python3 python3-venv
    fi
    step "schemathesis $SCHEMATHESIS in a folder of its own" "the end-to-end suite 'openapi' sends with it whatever the REST API describes (a minute, once)"
    rm -rf "$folder"
    with_progress "$LOGS/schemathesis-venv.log" python3 -m venv "$folder" ||
      fail "python3 could not make $folder" "The log is $LOGS/schemathesis-venv.log."
    with_progress "$LOGS/schemathesis.log" "$folder/bin/pip" install --disable-pip-version-check \
      --constraint "$ROOT/setup/schemathesis.txt" "schemathesis==$SCHEMATHESIS" ||
      fail "pip could not install schemathesis $SCHEMATHESIS" \
        "Look at the network; the log is $LOGS/schemathesis.log." \
        "By hand: $folder/bin/pip install -c $ROOT/setup/schemathesis.txt schemathesis==$SCHEMATHESIS"
    echo "$want" >"$stamp"
  fi
  ln -sfn "$folder/bin/schemathesis" "$TOOLS/bin/schemathesis"
  ok "schemathesis $SCHEMATHESIS"
}
