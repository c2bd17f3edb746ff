# Everything starts here. `make` alone lists what there is.

PORT ?= 8080
DATA ?= ./data
# Where `make install` puts the program: for everybody if root asks, else for who asks.
PREFIX ?= $(if $(filter 0,$(shell id -u)),/usr/local,$(HOME)/.local)

CACHE := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/frontdesk
# What is built is kept outside the clone, so that a fresh one starts warm.
export CARGO_TARGET_DIR ?= $(CACHE)/target

.DEFAULT_GOAL := help
.PHONY: help setup demo install dev test

help:
	@echo "make demo    build everything and start a chat with a demo page on http://localhost:$(PORT)"
	@echo "             PORT=8080 and DATA=./data can be set"
	@echo "make install build the program as it is run for real, and put it into $(PREFIX)/bin"
	@echo "             PREFIX can be set"
	@echo "make test    everything that is checked: format, lints, tests, browsers (what CI runs)"
	@echo "make dev     the server, and the widget's page with reload, for people who change the widget"
	@echo "make setup   bring what is missing on this machine; the other commands do it by themselves"
	@echo "cargo xtask  lists the single chores (assets, sizes, one end-to-end test, benchmarks)"

setup:
	@setup/setup.sh

demo: setup
	@cargo xtask dist
	@cargo build --package frontdesk-server
	@# What steers the set-up is not meant for the server, which refuses settings it does not know.
	@exec env -u FRONTDESK_WASM -u FRONTDESK_NODE -u FRONTDESK_TARGET_WASM \
		"$(CARGO_TARGET_DIR)/debug/frontdesk" serve --demo \
		--listen 127.0.0.1:$(PORT) --data "$(DATA)" --public-url http://localhost:$(PORT)

install: setup
	@cargo xtask dist
	@cargo build --release --package frontdesk-server
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	@install -m 755 "$(CARGO_TARGET_DIR)/release/frontdesk" "$(DESTDIR)$(PREFIX)/bin/frontdesk"
	@echo "$(DESTDIR)$(PREFIX)/bin/frontdesk"

dev: setup
	@cargo xtask dev --port $(PORT)

test: setup
	@cargo xtask test
