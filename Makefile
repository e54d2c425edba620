# The two commands that matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export SHIXUN_PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: run test setup check lint types contracts fmt demo bench docs assets lock help tests

run: .setup-run ## the whole site with its demo region, at http://localhost:8000
	@SHIXUN_DEMO=1 $(BIN)/shixun prepare --demo
	@SHIXUN_DEMO=1 exec $(BIN)/shixun serve

test: setup check ## prepare everything, then lint, types, contracts and every test

setup: ## .venv with all locked packages, and the assets
	@$(PYTHON) scripts/setup.py dev

.PHONY: .setup-run
.setup-run:
	@$(PYTHON) scripts/setup.py run

check: lint types contracts tests ## lint, types, contracts and tests, without the preparation

lint: ## ruff, djlint and the guard on the lock files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint src --lint --quiet
	@! grep -nE '(https?|file)://|git\+' requirements/*.lock
	@! grep -nE '"resolved"' package-lock.json

types: ## mypy, strict for the rulebook and the ledger
	$(BIN)/mypy

contracts: ## the stairs: who may import whom
	$(BIN)/lint-imports --no-cache

tests: ## every test: PostgreSQL, SQLite and the browser; prints the ten slowest
	@$(BIN)/python scripts/run_tests.py

fmt: ## bring the code into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

demo: .setup-run ## build the demo region anew, in the database that is set
	@SHIXUN_DEMO=1 $(BIN)/shixun prepare
	@SHIXUN_DEMO=1 $(BIN)/shixun demo

bench: setup ## the measurements of benchmarks/ (QUICK=1: small ones, nothing written)
	$(BIN)/python benchmarks/run.py $(if $(QUICK),--quick)

docs: setup ## check the documents: links, settings, journeys, glossary
	$(BIN)/pytest -q tests/architecture/test_documents.py

assets: ## style sheets, scripts and icons from their npm packages
	@$(PYTHON) scripts/setup.py run

lock: ## resolve the dependencies anew into requirements/ and package-lock.json
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/base.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate requirements/bootstrap.in -o requirements/bootstrap.lock
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate requirements/node.in -o requirements/node.lock
	npm install --package-lock-only

help:
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
