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

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup demo up stop test lint format types docs bench clean lock

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "  Settings: MEND_PORT (8080), MEND_HOME (.mend here), PYTHON (3.11 to 3.13), TESTS=path for make test"

setup: $(RUNTIME) ## Only make the virtual environment, .venv

demo: $(RUNTIME) ## Set up, simulate a telecom centre, run it through Airflow, show the result; again to go on
	@$(PY) -m mend_airflow.local demo

up: $(RUNTIME) ## Start PostgreSQL and Airflow in the background (MEND_SCHEDULE=on: with the nightly schedule)
	@$(PY) -m mend_airflow.local up

stop: $(RUNTIME) ## Stop what demo or up started; everything is kept
	@$(PY) -m mend_airflow.local stop

test: $(DEVELOPER) ## Run all tests
	$(PY) -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

lint: $(DEVELOPER) ## Check the style
	$(PY) -m ruff check .

format: $(DEVELOPER) ## Rewrite the sources in the house's layout
	$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

types: $(DEVELOPER) ## Check the types
	$(PY) -m mypy

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
