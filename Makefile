# make plan · make test · make lint · make docs · make bench · make golden
# Each sets up what it needs: Python 3.11 or later is all that must be there.

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
JOBS ?= 2

.PHONY: plan test lint format docs bench golden clean

plan: .venv/.installed
	$(BIN)/planboard plan

test: .venv/.installed-dev
	$(BIN)/python -m pytest -n $(JOBS)

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.installed-docs
	$(BIN)/python docs/generate_reference.py
	$(BIN)/python -m sphinx -q -W -b html docs docs/_build
	@echo "Written: docs/_build/index.html"

bench: .venv/.installed-dev
	$(BIN)/python benchmarks/world_plan.py
	$(BIN)/python benchmarks/large_program.py

golden: .venv/.installed-dev
	$(BIN)/python -m pytest tests/test_golden.py --rewrite-golden

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Planboard needs Python 3.11 or later; none was found."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	echo "$(PYTHON) cannot make a virtual environment: install its venv package (python3-venv)."; exit 1; }

.venv/.installed: pyproject.toml | .venv/bin/python
	@echo "Installing Planboard into .venv (once; a minute or two) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.installed-dev: pyproject.toml | .venv/bin/python
	@echo "Installing Planboard and its test tools into .venv (once; a minute or two) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/.installed

.venv/.installed-docs: pyproject.toml | .venv/bin/python
	@echo "Installing Planboard and its documentation tools into .venv (once; a minute or two) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,docs]'
	@touch $@ .venv/.installed-dev .venv/.installed

clean:
	rm -rf .venv results build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
