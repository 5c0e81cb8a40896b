# Sealtape from a shell. `make help` lists what there is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

CARGO ?= cargo
DATA ?= data
NAME ?=
STAMPS := target/stamps
VENV := target/venv
WEB_PACKAGES := frontend/node_modules/.package-lock.json
BROWSER_PACKAGES := tests/browser/node_modules/.package-lock.json
# nextest when it is there; plain `cargo test` runs the same tests.
NEXTEST := $(shell command -v cargo-nextest >/dev/null 2>&1 && echo yes)
RUST_TEST := $(if $(NEXTEST),$(CARGO) nextest run --locked,$(CARGO) test --locked --lib --bins --tests --no-fail-fast)

WEB_SOURCES := $(shell find frontend policy/src/access/policy.csv -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/test-results/*')
WEB_DISTS := $(addsuffix /dist,$(addprefix frontend/,agent replay console demo))
# A dist folder somebody removed is built again, whatever the stamp says.
WEB_MISSING := $(if $(filter 4,$(words $(wildcard $(WEB_DISTS)))),,missing)

##@ Use
.PHONY: help run build
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Build what changed and start console, replay and sample shop on this machine (DATA=folder)
	@tests/prerequisites.sh run
	@$(MAKE) --no-print-directory build
	@exec target/debug/sealtape serve --demo --data $(DATA)

build: $(STAMPS)/web ## Build the front end and the server (dev profile)
	@# The whole workspace on purpose: `--package server` would choose other features and compile the tree twice.
	$(CARGO) build --locked --workspace --bins

##@ Prove
.PHONY: test test-format test-deny test-docs test-lint test-python test-helm test-web test-rust test-browser prove bench
SUITES := test-format test-deny test-docs build test-lint test-python test-web test-rust test-browser
test: ## Run every proof in its short form and print each suite's time
	@tests/prerequisites.sh test
	@MAKE='$(MAKE)' tests/suites.sh $(SUITES)

test-format: ## rustfmt
	$(CARGO) fmt --all --check

test-deny: $(WEB_PACKAGES) ## Licences, banned crates and sources against deny.toml
	python3 tests/licences.py

test-docs: ## Links, limits and attack tests of the pages against the tree
	python3 tests/docs.py

test-lint: $(STAMPS)/web $(BROWSER_PACKAGES) ## clippy, tsc, eslint, prettier: no warning passes
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	@tests/unchanged.sh lint-frontend frontend -- npm --prefix frontend run --silent check
	@tests/unchanged.sh lint-browser tests/browser frontend/.prettierrc.json -- npm --prefix tests/browser run --silent check

test-python: $(VENV)/ready ## Second implementation of the sealed formats, and the chart
	$(VENV)/bin/python -B -m unittest discover -s tests/second_implementation
	@$(MAKE) --no-print-directory test-helm

test-helm: $(VENV)/ready ## Lint, render and validate the Helm chart, offline
	$(VENV)/bin/python -B -m unittest discover -s tests/helm

test-web: $(STAMPS)/web ## Front-end unit tests
	npm --prefix frontend test --silent

test-rust: build $(VENV)/ready ## Rust tests on SQLite and on a PostgreSQL of their own
	@NEXTEST='$(NEXTEST)' RUST_TEST='$(RUST_TEST)' CARGO='$(CARGO)' tests/rust.sh

test-browser: build $(BROWSER_PACKAGES) ## The whole way in Chromium: shop, agent, console, replay
	SEALTAPE_BIN=$(CURDIR)/target/debug/sealtape npm --prefix tests/browser test --silent

prove: $(STAMPS)/web ## The same tests at full counts, results in target/prove (NAME=one)
	@python3 tests/prove.py $(NAME)

bench: $(STAMPS)/web ## Benchmarks on a release build, results in target/bench (NAME=one)
	@tests/bench.sh $(NAME)

##@ Keep in step
.PHONY: openapi docs clean
openapi: build ## Write openapi.json from the handlers and the typed client from it
	target/debug/sealtape openapi > openapi.json.new && mv openapi.json.new openapi.json
	npm --prefix frontend run generate -w @sealtape/api-client

docs: ## Bring the generated table of docs/threat-model.md up to date
	python3 tests/docs.py --write

clean: ## Remove everything built; recordings under data/ stay
	rm -rf target $(WEB_DISTS) frontend/node_modules tests/browser/node_modules

# What the targets above stand on. A stamp is newer than everything it was made from.
# npm writes this file last; while it is newer than the lock, what is installed is what the lock says.
%/node_modules/.package-lock.json: %/package-lock.json
	npm --prefix $* ci --no-progress
	@touch $@

$(STAMPS)/web: $(WEB_PACKAGES) $(WEB_SOURCES) $(WEB_MISSING)
	npm --prefix frontend run --silent build
	@mkdir -p $(@D) && touch $@

$(VENV)/ready: tests/requirements.txt tests/second_implementation/requirements.txt tests/storage/requirements.txt \
  tests/witness/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check $(addprefix --requirement ,$(filter-out tests/witness/%,$^))
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --ignore-requires-python --no-deps \
	  --requirement tests/witness/requirements.txt
	@touch $@

.PHONY: missing
missing:
