# DayZero. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

.DEFAULT_GOAL := help
.PHONY: help setup demo up test test-reference test-browser faults assets assets-docs bench soak lint format lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: $(STAMP) ## make .venv with the locked packages and the project itself

$(STAMP): requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, this is $$($(PYTHON) -V); set PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "the venv module is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## the whole flow on real servers, with synthetic reports (INPUT=file.ndjson: with yours); ends by itself
	$(BIN)/dayzero demo $(if $(INPUT),--input $(INPUT))

up: setup ## start everything, print the addresses and stay up
	$(BIN)/dayzero up

test: setup ## everything that needs PyPI only, but for the faults
	$(BIN)/pytest --ignore=tests/integration/faults

test-reference: setup ## what needs ../shared/reference or $DAYZERO_REFERENCE
	$(BIN)/pytest tests/reference

test-browser: setup ## the form in a real Chromium: DAYZERO_CHROMIUM, else chromium on PATH
	$(BIN)/pytest tests/browser

assets: ## build what the pages are styled with (needs node); what it builds is committed
	npm ci --ignore-scripts --no-audit --no-fund
	npm run --silent build

faults: setup ## servers that are killed, stopped, full, unreachable: on real ones, which ends with the ledger check
	$(BIN)/pytest tests/integration/faults

bench: setup ## measure, as ratios to floors of the same run (ONLY="cues e2b-read e2b-write audit intake triage": some of them)
	$(BIN)/python -m tests.bench $(ONLY)

soak: setup ## ten minutes of steady work, and the memory of every process (MINUTES=1 RATE=5: shorter, fewer a second)
	$(BIN)/python -m tests.bench.soak $(or $(MINUTES),10) $(RATE)

lint: setup ## ruff, mypy, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## format, and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

assets-docs: ## copy what the API page needs from its npm package; needs node, and is committed as copied
	npm ci --ignore-scripts --no-audit --no-fund
	cd node_modules/swagger-ui-dist && cp swagger-ui.css swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt ../../intake/api/static/

lock: setup ## compile the lock files anew
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra local --extra dev -c requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock

clean: ## remove what runs and tests leave behind
	rm -rf .run .mypy_cache .ruff_cache .hypothesis .import_linter_cache
