# The words of this project. `make` lists them; `make run` is all a newcomer needs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# Many short processes start here: let Python keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
DATA := $(or $(PGA_DATA_DIR),var)
ASSETS := pga/web/assets
DIST := pga/web/static/dist
LOOK := $(ASSETS)/package-lock.json $(ASSETS)/app.css $(wildcard pga/web/static/css/*.css) pga/web/build.py
AXE := $(ASSETS)/node_modules/axe-core/axe.min.js
SAY := printf '• %s\n'
# Tests write much and keep nothing: in memory where there is room, for a disk waits at each commit.
ROOM := $(shell [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm)
PYTEST := TMPDIR=$(or $(ROOM),$(TMPDIR),/tmp) $(BIN)/pytest

.PHONY: help run test check torture bench fix lint types imports cov migration shell deps
.PHONY: setup test-setup catalogues

##@ Use it
run: setup $(DATA)/.ready ## first time: set everything up; then serve on 127.0.0.1:8000
	@exec $(BIN)/python -m config.supervisor

##@ Prove it
test: test-setup ## set up what tests need, run them all, skip none; T=tests/records for a part
	$(if $(T),$(PYTEST) $(T),$(PYTEST) -n 2 --dist worksteal --cov --cov-report=)

check: lint types imports test cov ## lint, types, imports, tests and coverage: what CI runs

torture: test-setup ## the long fault and load runs
	$(BIN)/pytest --torture tests/torture tests/policy/test_cedar.py tests/audit/test_crashes.py \
		tests/records/test_crash.py $(T)

bench: test-setup ## print the performance table, write bench.json; B=name for a part
	$(BIN)/python -m tests.benchmarks $(B)

##@ One part of check
lint: .venv/.dev ## style, format, and no address of a registry in a lock file
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@! grep -nE '://|^-' requirements/*.txt
	@! grep -n '"resolved"' $(ASSETS)/package-lock.json

types: .venv/.dev ## types, strict
	$(BIN)/mypy
	$(BIN)/mypy requirements/link.py migrations/env.py

imports: .venv/.dev ## which package may import which
	$(BIN)/lint-imports

cov: .venv/.dev ## coverage of the last full test run, by branch
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 \
		--include='audit/*,pga/policy/*,pga/records/*,pga/sharing/*'

##@ Work on it
fix: .venv/.dev ## format and repair
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

migration: setup ## write a migration: make migration store=app m="give cases a review date"
	$(BIN)/pga db revision --store "$(or $(store),app)" --message "$(or $(m),$(error say what it does: m="…"))"

shell: setup ## a Flask shell
	$(BIN)/flask --app wsgi shell

deps: .venv/.uv ## recompile the pinned, hashed requirements
	@for name in uv main dev; do \
		$(SAY) "requirements/$$name.txt"; \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
			--generate-hashes --no-header requirements/$$name.in -o requirements/$$name.txt; \
	done

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- Set-up: each step leaves a stamp, so that it runs again only when its source changed. ----

setup: .venv/.main $(DIST)/app.css catalogues

test-setup: .venv/.dev debian $(DIST)/app.css $(AXE) catalogues

.PHONY: debian
debian:
	@requirements/debian.sh

.venv/.uv: requirements/uv.txt requirements/venv.sh
	@requirements/venv.sh
	@touch $@

.venv/.main: .venv/.uv requirements/main.txt requirements/link.py pyproject.toml
	@$(SAY) 'Packages of the product (under a minute)'
	@$(BIN)/uv pip install --compile-bytecode --require-hashes -r requirements/main.txt
	@$(BIN)/python requirements/link.py
	@touch $@

.venv/.dev: .venv/.main requirements/dev.txt
	@$(SAY) 'Packages for tests and checks (under a minute)'
	@$(BIN)/uv pip install --compile-bytecode --require-hashes -r requirements/main.txt -r requirements/dev.txt
	@touch $@

# Without npm there is no bundle but a plain look; as long as it is absent, each run asks again.
$(DIST)/app.css: .venv/.main $(LOOK)
	@$(SAY) 'Style sheets and fonts'
	@$(BIN)/python -m pga.web.build
	@if [ -f $@ ]; then touch $@; fi

$(AXE): $(ASSETS)/package-lock.json | .venv/.main
	@[ -f $@ ] || { rm -rf $(DIST); $(BIN)/python -m pga.web.build --required; }
	@touch $@

catalogues: .venv/.catalogues

.venv/.catalogues: .venv/.main $(shell find audit auth config pga -name '*.po')
	@$(SAY) 'Translations'
	@$(BIN)/python -m pga.web.catalogues
	@touch $@

$(DATA)/.ready: $(wildcard migrations/versions/*.py)
	@$(SAY) "Databases, keys and the demo region in $(DATA)"
	@if [ "$${PGA_MODE:-demo}" != production ]; then $(BIN)/pga init; fi
	@$(BIN)/pga db upgrade
	@if [ "$${PGA_MODE:-demo}" = demo ]; then $(BIN)/pga demo load; else $(BIN)/pga agreement models; fi
	@touch $@
