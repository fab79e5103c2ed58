# Everything a developer does. `make` lists it.

export MEND_HOME ?= $(CURDIR)/.mend
VENV := .venv
PY := $(VENV)/bin/python
# Named after the folder, so that a copied or moved clone installs itself again instead of running the other one's code.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/.runtime-$(HERE)
DEVELOPER := $(VENV)/.developer-$(HERE)
TESTS ?=
WORKERS ?= 2
# A file's tests share what it sets up; the files begin in the order of tests/conftest.py, not the longest list first.
SPREAD := --dist loadfile --no-loadscope-reorder

# A night, a page and most tests start processes: each reads what the first of them compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup demo up stop pictures check check-long browser test lint types docs-check format docs bench clean lock

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "  Settings: MEND_PORT (8080), MEND_HOME (.mend here), PYTHON (3.11 to 3.13), TESTS=path for make check, test and check-long"

setup: $(RUNTIME) ## Only make the virtual environment, .venv

demo: $(RUNTIME) ## Set up, simulate a telecom centre, run it through Airflow, show the result; again to go on
	@$(PY) -m mend_airflow.local demo

up: $(RUNTIME) ## Start PostgreSQL and Airflow in the background (MEND_SCHEDULE=on: with the nightly schedule)
	@$(PY) -m mend_airflow.local up

stop: $(RUNTIME) ## Stop what demo or up started; everything is kept
	@$(PY) -m mend_airflow.local stop

pictures: $(DEVELOPER) ## Take the pictures of docs/pictures.md from the running demo
	@sh tests/browser/install
	@$(PY) -m mend_airflow.local pictures

check: lint types docs-check test ## All that a change must pass: style, layout, types, SQL, documents, tests; CI calls it

check-long: $(DEVELOPER) ## What takes long: the tests of many seeds, and kills at many points
	$(PY) -m pytest -n $(WORKERS) $(SPREAD) -m long $(TESTS)

browser: $(DEVELOPER) ## See the pages in Chromium (installs Debian's Chromium, fonts and axe-core where missing)
	@sh tests/browser/install
	$(PY) -m pytest -q -n 0 tests/browser

test: $(DEVELOPER) ## Run the tests, without the long ones
	$(PY) -m pytest -n $(WORKERS) $(SPREAD) -m "not long" $(TESTS)

lint: $(DEVELOPER) ## Check style and layout of Python and SQL, and the words
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m pytest -q -n 0 tests/style tests/mend/foundation/pipeline/test_models.py

types: $(DEVELOPER) ## Check the types
	$(PY) -m mypy

docs-check: $(DEVELOPER) ## Check that the generated pages are what their sources give
	$(PY) docs/generate.py --check

format: $(DEVELOPER) ## Rewrite the sources in the common layout
	$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .
	$(PY) scripts/wrap_sql.py $$(find include -name '*.sql')

docs: $(DEVELOPER) ## Generate the generated pages of docs/
	$(PY) docs/generate.py

bench: $(DEVELOPER) ## Measure the claims about speed
	$(PY) -m bench

clean: $(RUNTIME) ## Stop, and delete this clone's data (MEND_HOME) and caches
	@$(PY) -m mend_airflow.local clean
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	@find include plugins dags tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

lock: ## Compile requirements*.in into pins (needs uv)
	uv pip compile requirements.in -o requirements.txt --python-version 3.11 --universal --no-emit-index-url
	uv pip compile requirements-dev.in -o requirements-dev.txt --python-version 3.11 --universal --no-emit-index-url

$(RUNTIME): requirements.txt pyproject.toml
	@sh scripts/install requirements.txt
	@touch $@

$(DEVELOPER): requirements-dev.txt pyproject.toml
	@sh scripts/install requirements-dev.txt
	@touch $@ $(RUNTIME)
