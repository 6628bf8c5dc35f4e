# The verbs of the project. Each line calls a tool that also works by hand.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WEB_SOURCES := $(shell find web/src web/public web/index.html web/package-lock.json web/vite.config.ts -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix bench sweep shape shapes docs stale lock

help: ## List the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: .venv/.dev src/careflow/web/index.html ## Install what development needs

demo: .venv/.demo src/careflow/web/index.html ## Start the synthetic clinic on http://127.0.0.1:8000
	$(BIN)/careflow demo

test: setup ## Run every test in its short form
	tools/system_packages.sh
	tools/test_servers.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --junitxml=test-results/junit.xml
	cd web && npm run --silent test

check: setup ## Run every static check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/vulture
	$(BIN)/codespell src tests tools benchmarks docs web/src *.md
	$(BIN)/python tools/check_scopes.py
	$(BIN)/python -m tools.write_reference --check
	cd web && npm run --silent check

fix: setup ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd web && npm run --silent fix

bench: setup ## Measure read, search, create and import beside the bare yardstick
	$(BIN)/python -m benchmarks.measure

sweep: setup ## Run the long counts
	tools/system_packages.sh
	tools/test_servers.sh
	$(BIN)/python -m pytest -m sweep --timeout 1800

shapes: setup ## Stand the deployment shapes up on loopback and let things befall them
	tools/system_packages.sh
	tools/test_servers.sh
	$(BIN)/python -m tools.shapes

shape: ## Print sizes of files and functions
	$(BIN)/python tools/print_shape.py

docs: setup ## Regenerate the reference pages and the API schema
	$(BIN)/python -m tools.write_reference
	-$(BIN)/python tools/write_works.py

stale: setup ## List facts whose sources were read too long ago
	$(BIN)/python tools/list_stale.py

lock: ## Pin every dependency with hashes
	tools/lock.sh

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.demo: requirements/demo.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements/demo.txt
	CAREFLOW_TEST_SKIP_WEB=1 $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements/dev.txt
	CAREFLOW_TEST_SKIP_WEB=1 $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/.demo

src/careflow/web/index.html: $(WEB_SOURCES) hatch_build.py
	$(PYTHON) hatch_build.py
	@touch $@
